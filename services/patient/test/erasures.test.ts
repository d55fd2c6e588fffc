import { randomUUID } from 'node:crypto';
import { receiptTopics } from '@cabinet/contracts';
import { newId } from '@cabinet/kit/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let admin: Caller;

const adminId = randomUUID();

beforeAll(async () => {
  service = await startService();
  admin = await service.as({ roles: ['admin'], sub: adminId });
});
afterAll(() => service?.stop());

const register = async (): Promise<string> =>
  (await admin('POST', '/api/patients?acceptDuplicate=true', buildPatient())).body.id;
const erase = (id: string) => admin('POST', `/api/patients/${id}/erase`);
const erasureOf = async (id: string) => (await admin('GET', `/api/patients/${id}/erasure`)).body;
const unfinished = async (query = '?limit=200') =>
  (await admin('GET', `/api/patients/erasures/unfinished${query}`)).body;
const hold = (id: string, body: object = { reason: 'legal-claim', until: '2030-01-01T00:00:00Z' }) =>
  admin('POST', `/api/patients/${id}/hold`, body);

const erased = { kind: 'things', count: 2, outcome: 'erased' };
const receiptOf = (patientId: string, service: string, what: object[] = [erased]) => ({
  id: newId(),
  type: `${service}.patient-data-erased`,
  source: service,
  data: { patientId, what },
});
const tell = (topic: string, ...events: ReturnType<typeof receiptOf>[]) => service.hear(topic, ...events);
const others = receiptTopics().sort();
const notAuth = others.filter((topic) => topic !== 'auth');

describe('an erasure', () => {
  it('says what this service did, and for whom it waits, until each has given its receipt', async () => {
    const id = await register();
    expect(await erasureOf(id)).toEqual({ patientId: id, state: 'none' });
    await erase(id);
    const begun = await erasureOf(id);
    expect(begun).toMatchObject({ patientId: id, state: 'waiting', erasedBy: adminId, patientIds: [id], ageHours: 0 });
    expect([...begun.waitsFor].sort()).toEqual(others);
    expect(begun.receipts).toEqual([
      expect.objectContaining({
        service: 'patient',
        patientId: id,
        what: expect.arrayContaining([
          { kind: 'details', count: 1, outcome: 'erased' },
          { kind: 'auditTrail', outcome: 'kept', reason: 'access-trail', rule: expect.stringContaining('GDPR') },
        ]),
      }),
    ]);
    for (const [nth, topic] of others.entries()) {
      expect((await tell(topic, receiptOf(id, topic))).status).toBe(200);
      const { state, waitsFor } = await erasureOf(id);
      expect([state, [...waitsFor].sort()]).toEqual([
        nth === others.length - 1 ? 'done' : 'waiting',
        others.slice(nth + 1),
      ]);
    }
    const given = (await erasureOf(id)).receipts.map((each: { service: string }) => each.service);
    expect(given.sort()).toEqual([...others, 'patient'].sort());
  });

  it('is not done twice by receipts that come again, and is done by those that come at once', async () => {
    const id = await register();
    await erase(id);
    const receipts = others.map((topic) => receiptOf(id, topic));
    await Promise.all([...receipts, ...receipts].map((each) => tell(each.source, each)));
    const { state, receipts: kept } = await erasureOf(id);
    expect([state, kept.length]).toEqual(['done', 1 + others.length]);
    const { rows } = await service.sql.query('select done_at is not null as done from erasure where patient_id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ done: true }]);
  });

  it('keeps the latest receipt of a service: what was kept for years is erased one day', async () => {
    const id = await register();
    await erase(id);
    const kept = {
      kind: 'entries',
      count: 3,
      outcome: 'kept',
      reason: 'medical-record',
      until: '2046-01-01T00:00:00Z',
    };
    await tell('record', receiptOf(id, 'record', [kept]));
    const first = (await erasureOf(id)).receipts.find((each: { service: string }) => each.service === 'record');
    expect(first.what).toEqual([{ ...kept, rule: expect.stringContaining('R. 1112-7') }]);
    await tell('record', receiptOf(id, 'record'));
    const then = (await erasureOf(id)).receipts.filter((each: { service: string }) => each.service === 'record');
    expect(then).toMatchObject([{ what: [erased] }]);
  });

  it('believes no service but the one whose data it is', async () => {
    const id = await register();
    await erase(id);
    // Auth says that the record is erased, on its own topic and under its own key.
    await service.hear('auth', { ...receiptOf(id, 'record'), source: 'auth' });
    expect((await erasureOf(id)).waitsFor).toContain('record');
  });

  it('is of all registrations that were merged, and waits for a receipt of each', async () => {
    const [id, earlier] = [await register(), await register()];
    await admin('POST', `/api/patients/${earlier}/merge`, { intoPatientId: id });
    await erase(id);
    for (const topic of others) await tell(topic, receiptOf(id, topic));
    for (const asked of [id, earlier]) {
      const { patientId, state, patientIds } = await erasureOf(asked);
      expect([patientId, state, [...patientIds].sort()]).toEqual([id, 'waiting', [id, earlier].sort()]);
    }
    await tell('auth', receiptOf(earlier, 'auth'));
    expect((await erasureOf(id)).waitsFor.sort()).toEqual(notAuth);
    for (const topic of notAuth) await tell(topic, receiptOf(earlier, topic));
    expect((await erasureOf(earlier)).state).toBe('done');
  });

  it('goes on where it was when its service died in between', async () => {
    const id = await register();
    await erase(id);
    await tell('auth', receiptOf(id, 'auth'));
    await service.restart();
    expect((await erasureOf(id)).waitsFor.sort()).toEqual(notAuth);
    for (const topic of notAuth) await tell(topic, receiptOf(id, topic));
    expect((await erasureOf(id)).state).toBe('done');
  });

  it('is told again on demand, to those whose receipt was lost, and changes none that is there', async () => {
    const id = await register();
    await erase(id);
    const kept = { ...erased, count: 7 };
    await tell('auth', receiptOf(id, 'auth', [kept]));
    const again = await admin('POST', `/api/patients/${id}/erasure/ask-again`);
    expect([again.status, again.body.waitsFor.sort()]).toEqual([200, notAuth]);
    expect(await service.told(id, 3)).toEqual(['patient.registered', 'patient.erased', 'patient.erased']);
    expect(service.published.at(-1)?.data).toEqual({ patientId: id, version: 2, again: true });
    for (const topic of others) await tell(topic, receiptOf(id, topic));
    const { state, receipts } = await erasureOf(id);
    expect(state).toBe('done');
    expect(receipts.find((each: { service: string }) => each.service === 'auth').what).toEqual([kept]);
    // Once it is done nobody is asked.
    expect((await admin('POST', `/api/patients/${id}/erasure/ask-again`)).body.state).toBe('done');
    expect(await service.told(id, 3)).toHaveLength(3);
    expect((await admin('POST', `/api/patients/${randomUUID()}/erasure/ask-again`)).status).toBe(404);
  });

  it('that nobody finishes is listed, the oldest first, page by page, and shown to operators with its age', async () => {
    await service.sql.query('delete from erasure_receipt');
    await service.sql.query('delete from erasure');
    const ids = [await register(), await register(), await register()];
    for (const id of ids) {
      await erase(id);
      service.clock.set(new Date(service.clock.now().getTime() + 3_600_000));
    }
    const first = await unfinished('?limit=2');
    expect(first.items.map(({ patientId, ageHours }: Record<string, unknown>) => [patientId, ageHours])).toEqual([
      [ids[0], 3],
      [ids[1], 2],
    ]);
    const next = await unfinished(`?limit=2&cursor=${first.nextCursor}`);
    expect(next.items.map(({ patientId }: { patientId: string }) => patientId)).toEqual([ids[2]]);
    const metrics = async () =>
      /^patient_erasure_oldest_unfinished_seconds.* (\d+)$/m.exec(
        await (await fetch(`${service.base}/metrics`)).text(),
      )?.[1];
    expect(await metrics()).toBe(String(3 * 3_600));
    for (const id of ids) for (const topic of others) await tell(topic, receiptOf(id, topic));
    expect([(await unfinished()).items, await metrics()]).toEqual([[], '0']);
  });

  it('is unknown of an id that nobody has, and of one who was erased before receipts were kept', async () => {
    expect((await admin('GET', `/api/patients/${randomUUID()}/erasure`)).status).toBe(404);
    const id = await register();
    await erase(id);
    await service.sql.query('delete from erasure where patient_id = $1', [id]);
    expect((await admin('GET', `/api/patients/${id}/erasure`)).status).toBe(410);
  });

  it('says nothing personal anywhere', async () => {
    const details = buildPatient();
    const { body } = await admin('POST', '/api/patients', details);
    await erase(body.id);
    const { rows } = await service.sql.query(
      'select (select json_agg(e) from erasure e)::text || (select json_agg(r) from erasure_receipt r)::text as said',
    );
    expect(rows[0].said).not.toContain(details.familyName);
  });
});

describe('a legal hold', () => {
  it('keeps a patient from being erased, and cites the rule, until it is over', async () => {
    const id = await register();
    const until = new Date(service.clock.now().getTime() + 86_400_000).toISOString();
    const set = await hold(id, { reason: 'authority-order', until });
    expect(set.body).toMatchObject({ patientId: id, reason: 'authority-order', until, setBy: adminId });
    const refused = await erase(id);
    expect([refused.status, refused.body.code, refused.body.reason, refused.body.until]).toEqual([
      409,
      'PATIENT.HELD',
      'authority-order',
      until,
    ]);
    expect(refused.body.detail).toContain('GDPR, article 17(3)(b)');
    expect(await erasureOf(id)).toMatchObject({ state: 'held', hold: { reason: 'authority-order' } });
    expect((await admin('GET', `/api/patients/${id}`)).status).toBe(200);
    service.clock.set(new Date(service.clock.now().getTime() + 86_400_001));
    expect((await erase(id)).status).toBe(204);
  });

  it('is ended by an admin, once, and takes the place of the one before', async () => {
    const id = await register();
    expect((await admin('POST', `/api/patients/${id}/release`)).body.code).toBe('PATIENT.NOT_HELD');
    await hold(id);
    await hold(id, { reason: 'public-health', until: '2031-01-01T00:00:00Z' });
    expect(await erasureOf(id)).toMatchObject({ state: 'held', hold: { reason: 'public-health' } });
    expect((await admin('POST', `/api/patients/${id}/release`)).status).toBe(204);
    expect((await admin('POST', `/api/patients/${id}/release`)).status).toBe(404);
    expect((await erase(id)).status).toBe(204);
  });

  it('of one who was merged holds whom they turned out to be', async () => {
    const [id, earlier] = [await register(), await register()];
    await hold(earlier);
    await admin('POST', `/api/patients/${earlier}/merge`, { intoPatientId: id });
    expect((await erase(id)).body.code).toBe('PATIENT.HELD');
    expect((await erasureOf(id)).state).toBe('held');
    expect((await hold(earlier)).body.code).toBe('PATIENT.MERGED');
    await admin('POST', `/api/patients/${id}/release`);
    expect((await erase(id)).status).toBe(204);
    expect((await hold(id)).status).toBe(410);
  });

  it('ends within thirty years, for a reason on the list, and is not for one’s own data', async () => {
    const id = await register();
    for (const [body, field] of [
      [{ reason: 'legal-claim', until: '2020-01-01T00:00:00Z' }, 'until'],
      [{ reason: 'legal-claim', until: '2090-01-01T00:00:00Z' }, 'until'],
      [{ reason: 'legal-claim', until: 'for ever' }, 'until'],
      [{ reason: 'because', until: '2030-01-01T00:00:00Z' }, 'reason'],
    ] as const) {
      const { status, body: problem } = await hold(id, body);
      expect([status, problem.fields[0].path]).toEqual([422, expect.stringContaining(field)]);
    }
    const own = await service.as({ roles: ['patient', 'admin'], patientId: id });
    const body = { reason: 'legal-claim', until: '2030-01-01T00:00:00Z' };
    expect((await own('POST', `/api/patients/${id}/hold`, body)).status).toBe(403);
    expect((await hold(randomUUID())).status).toBe(404);
  });

  it('and an erasure at the same moment leave a patient who is held, or erased, and not both', async () => {
    for (let times = 0; times < 8; times += 1) {
      const id = await register();
      const [held, gone] = await Promise.all([hold(id), erase(id)]);
      expect([[200, 409].join(), [410, 204].join()]).toContain([held?.status, gone?.status].join());
    }
  });
});

describe('GET /system/patient-data/{id}', () => {
  const dataOf = (call: Caller, id: string) => call('GET', `/system/patient-data/${id}`);

  it('gives patients what is kept of them, also by an earlier id, and notes it on the trail', async () => {
    const [id, earlier] = [await register(), await register()];
    await admin('POST', `/api/patients/${earlier}/merge`, { intoPatientId: id });
    const self = await service.as({ roles: ['patient'], patientId: id });
    for (const asked of [id, earlier, id.toUpperCase()]) {
      const { status, body } = await dataOf(self, asked);
      expect([status, body.patientId, body.sections.details[0].id]).toEqual([200, id, id]);
    }
    const { body } = await self('GET', `/system/accesses/${id}`);
    expect(body.items[0]).toMatchObject({ action: 'GET /system/patient-data/:patientId', purpose: 'PATRQT' });
  });

  it('gives it to nobody else, and of nobody who is unknown or erased', async () => {
    const id = await register();
    const callers = [
      { roles: ['admin'] },
      { roles: ['patient'], patientId: randomUUID() },
      { roles: ['practitioner'], practitionerId: randomUUID() },
      { roles: ['secretary'] },
    ];
    for (const claims of callers) {
      expect((await dataOf(await service.as(claims as never), id)).status).toBe(403);
    }
    expect((await dataOf(service.sidecar, id)).status).toBe(403);
    expect((await fetch(`${service.base}/system/patient-data/${id}`)).status).toBe(401);
    const unknown = randomUUID();
    const self = (patientId: string) => service.as({ roles: ['patient'], patientId });
    expect((await dataOf(await self(unknown), unknown)).status).toBe(404);
    expect((await dataOf(await self(id), 'nobody')).status).toBe(404);
    await erase(id);
    expect((await dataOf(await self(id), id)).body.code).toBe('PATIENT.ERASED');
  });
});
