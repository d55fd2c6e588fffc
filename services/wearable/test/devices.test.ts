import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import {
  newPatient,
  type Patient,
  pairedDevice,
  pulse,
  sendAs,
  startService,
  type WearableService,
} from './support.ts';

let service: WearableService;
let secretary: Caller;
const path = '/api/devices';

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

const outcomes = ({ body }: { body: { outcomes: { outcome: string; fields?: { path: string; code: string }[] }[] } }) =>
  body.outcomes.map(({ outcome, fields = [] }) =>
    [outcome, ...fields.map(({ path, code }) => `${path} ${code}`)].join(' '),
  );

describe('POST /api/devices', () => {
  it('pairs a device, shows its token once, keeps the digest alone, and tells it', async () => {
    const patient = await newPatient(service);
    const { id, token, body } = await pairedDevice(patient, { manufacturer: ' Omron ', certainty: 'likely' });
    expect(body).toMatchObject({
      patientId: patient.patientId,
      name: 'Montre',
      manufacturer: 'Omron',
      certainty: 'likely',
    });
    expect(token).toMatch(/^[\w-]{43}$/);
    const { body: listed } = await patient.self('GET', `${path}?patientId=${patient.patientId}`);
    expect(listed.items).toEqual([{ ...body, token: undefined }].map(({ token: _, ...rest }) => rest));
    const { rows } = await service.sql.query('select * from device where id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await service.told(id, 1)).toEqual(['device.paired']);
    expect(await service.actionsOn(patient.patientId)).toEqual(['POST /api/devices 201', 'GET /api/devices 200']);
  });

  it.each<[string, object, string]>([
    ['a name that nobody can read', { name: ' \u200b ' }, 'name REQUIRED'],
    ['a time to come', { since: '2026-11-20T11:00:00Z' }, 'since IN_THE_FUTURE'],
    ['a time that is none', { since: 'yesterday' }, 'since INVALID_TIME'],
  ])('refuses %s, and stores nothing', async (_, overrides, problem) => {
    const { patientId, self } = await newPatient(service);
    const { status, body } = await self('POST', path, { patientId, name: 'Montre', ...overrides });
    expect([status, ...body.fields.map((field: Record<string, string>) => `${field.path} ${field.code}`)]).toEqual([
      422,
      problem,
    ]);
    expect(await service.count('pairing', 'patient_id = $1', [patientId])).toBe(0);
  });

  it('is for the patient, their guardian, who treats them and the desk, and for nobody else', async () => {
    const { patientId } = await newPatient(service);
    const [treating, stranger] = [randomUUID(), randomUUID()];
    service.relations.there.add(`${patientId} ${treating}`);
    const order = { patientId, name: 'Balance' };
    const guardian = await service.as({
      roles: ['patient'],
      patientId: randomUUID(),
      acts_for: [{ patient: patientId, as: 'guardian', sections: ['record'] }],
    });
    const doctor = await service.as({ roles: ['practitioner'], practitionerId: treating });
    for (const call of [guardian, doctor, secretary]) expect((await call('POST', path, order)).status).toBe(201);
    const others = [
      await service.as({ roles: ['patient'], patientId: randomUUID() }),
      await service.as({ roles: ['practitioner'], practitionerId: stranger }),
    ];
    for (const call of others) {
      const { status, body } = await call('POST', path, order);
      expect([status, body.code]).toEqual([403, 'DEVICE.NOT_YOURS']);
    }
    expect(await service.count('pairing', 'patient_id = $1', [patientId])).toBe(3);
  });

  it('lets nobody in on trust while it cannot be asked who treats whom', async () => {
    const { patientId } = await newPatient(service);
    const doctor = await service.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    service.relations.isAway = true;
    try {
      expect((await doctor('POST', path, { patientId, name: 'Balance' })).status).toBe(503);
    } finally {
      service.relations.isAway = false;
    }
  });
});

describe('a device', () => {
  const families = async () => {
    const parent = await newPatient(service);
    const child = randomUUID();
    const self = await service.as({
      roles: ['patient'],
      patientId: parent.patientId,
      acts_for: [{ patient: child, as: 'guardian', sections: ['record'] }],
    });
    return { parent: { ...parent, self } as Patient, child, self };
  };
  const curveOf = async (call: Caller, patientId: string) =>
    (
      await call(
        'GET',
        `/api/readings?patientId=${patientId}&code=8867-4&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&resolution=raw`,
      )
    ).body.items;

  it('of two people in turn gives each what was measured in their time, late or not', async () => {
    const { parent, child, self } = await families();
    const device = await pairedDevice(parent, { since: '2026-11-20T06:00:00Z' });
    service.clock.advanceBy(60 * 60_000);
    const handed = await self('POST', `${path}/${device.id}/pair`, { patientId: child, certainty: 'doubtful' });
    expect([handed.status, handed.body.patientId, handed.body.certainty]).toEqual([200, child, 'doubtful']);
    expect((await sendAs(service, device.token, [pulse()])).status).toBe(403);
    service.clock.advanceBy(60 * 60_000);
    const sent = await sendAs(service, handed.body.token, [
      pulse({ effectiveAt: '2026-11-20T11:30:00Z', value: 99 }),
      pulse({ effectiveAt: '2026-11-20T07:30:00Z', value: 61 }),
      pulse({ effectiveAt: '2026-11-20T05:59:00Z' }),
    ]);
    expect([sent.status, ...outcomes(sent)]).toEqual([202, 'stored', 'stored', 'refused effectiveAt NOT_PAIRED']);
    expect(await curveOf(self, child)).toMatchObject([{ value: 99, certainty: 'doubtful', deviceId: device.id }]);
    expect(await curveOf(self, parent.patientId)).toMatchObject([{ value: 61, certainty: 'doubtful' }]);
    expect(await service.told(device.id, 3)).toEqual(['device.paired', 'device.unpaired', 'device.paired']);
  });

  it('that went on to somebody else is seen by who had it without a word of them', async () => {
    const patient = await newPatient(service);
    const { id } = await pairedDevice(patient);
    const next = randomUUID();
    expect((await secretary('POST', `${path}/${id}/pair`, { patientId: next })).status).toBe(200);
    const { body } = await patient.self('GET', `${path}?patientId=${patient.patientId}`);
    expect(body.items).toMatchObject([{ id, patientId: patient.patientId, unpairedAt: expect.any(String) }]);
    expect(JSON.stringify(body)).not.toContain(next);
    const unpaired = await patient.self('POST', `${path}/${id}/unpair`);
    expect([unpaired.status, unpaired.body.code]).toEqual([404, 'DEVICE.NOT_FOUND']);
  });

  it('that is unpaired sends nothing more, and unpairing it again changes nothing', async () => {
    const patient = await newPatient(service);
    const { id, token } = await pairedDevice(patient);
    expect((await sendAs(service, token, [pulse({ effectiveAt: '2026-11-20T10:00:00Z' })])).status).toBe(202);
    const first = await patient.self('POST', `${path}/${id}/unpair`);
    service.clock.advanceBy(60_000);
    const again = await patient.self('POST', `${path}/${id}/unpair`);
    expect([first.status, again.body.unpairedAt]).toEqual([200, first.body.unpairedAt]);
    expect((await sendAs(service, token, [pulse()])).body.code).toBe('DEVICE.TOKEN_INVALID');
    expect(await service.told(id, 2)).toEqual(['device.paired', 'device.unpaired']);
  });

  it('is not there for who does not act for whom it is with', async () => {
    const { id } = await pairedDevice(await newPatient(service));
    const stranger = await newPatient(service);
    const order = { patientId: stranger.patientId };
    const answers = [
      await stranger.self('POST', `${path}/${id}/pair`, order),
      await stranger.self('POST', `${path}/${randomUUID()}/pair`, order),
    ];
    expect(answers.map(({ status, body }) => [status, body.title])).toEqual([
      [404, answers[1]?.body.title],
      [404, answers[1]?.body.title],
    ]);
  });

  it('that was handed on changes nothing of whom it was with, tells nothing of them, and adds nothing after two days', async () => {
    const { parent, child, self } = await families();
    const { id, token: first } = await pairedDevice(parent, { since: '2026-11-20T06:00:00Z' });
    const named = pulse({ effectiveAt: '2026-11-20T07:30:00Z', value: 61, sourceId: 'a' });
    const unnamed = pulse({ effectiveAt: '2026-11-20T07:40:00Z', value: 62 });
    expect((await sendAs(service, first, [named, unnamed])).body).toMatchObject({ stored: 2 });
    const before = await curveOf(self, parent.patientId);
    const { token } = (await self('POST', `${path}/${id}/pair`, { patientId: child })).body;
    const added = pulse({ effectiveAt: '2026-11-20T07:50:00Z', value: 63 });
    const sent = await sendAs(service, token, [{ ...named, value: 190 }, named, unnamed, added]);
    expect(sent.body).toMatchObject({ stored: 4, known: 0, corrected: 0, refused: 0 });
    expect(sent.body.outcomes).toEqual(Array.from({ length: 4 }, () => ({ outcome: 'stored' })));
    const after = await curveOf(self, parent.patientId);
    expect(after).toEqual([...before, expect.objectContaining({ value: 63, certainty: 'doubtful' })]);
    service.clock.advanceBy(49 * 60 * 60_000);
    const late = await sendAs(service, token, [pulse({ effectiveAt: '2026-11-20T07:55:00Z', value: 190 })]);
    expect(outcomes(late)).toEqual(['refused effectiveAt NOT_PAIRED']);
    expect(await curveOf(self, parent.patientId)).toEqual(after);
  });

  it('that is with the same patient once more brings what it kept of before, however late', async () => {
    const patient = await newPatient(service);
    const { id } = await pairedDevice(patient, { since: '2026-11-20T06:00:00Z' });
    const order = { patientId: patient.patientId, certainty: 'likely' };
    const { token } = (await patient.self('POST', `${path}/${id}/pair`, order)).body;
    service.clock.advanceBy(49 * 60 * 60_000);
    const sent = await sendAs(service, token, [pulse({ effectiveAt: '2026-11-20T07:30:00Z', value: 61 })]);
    expect(sent.body).toMatchObject({ stored: 1, outcomes: [{ readingId: expect.any(String) }] });
    expect(await curveOf(patient.self, patient.patientId)).toMatchObject([{ value: 61, certainty: 'sure' }]);
  });

  it.each([
    ['none', undefined],
    ['a forged one', 'A'.repeat(43)],
    ['what is none', "' or true --"],
  ])('with a token that opens nothing is refused: %s', async (_, token) => {
    const { status, body } = await sendAs(service, token, [pulse()]);
    expect([status, body.code]).toEqual([403, 'DEVICE.TOKEN_INVALID']);
  });
});
