import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import type { MedicalRecord } from '../src/domain/record.js';
import {
  addPractitioner,
  buildPatient,
  completed,
  erased,
  hear,
  merged,
  type Patient,
  type Practice,
  penicillin,
  registered,
  startPractice,
  stored,
  told,
} from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

describe('patient.merged', () => {
  async function twoOfOne() {
    const left = await buildPatient(practice);
    const kept = await buildPatient(practice);
    await left.doctor('POST', `${left.path}/allergies`, penicillin());
    await kept.doctor('POST', `${kept.path}/notes`, { text: 'Already here' });
    return { left, kept };
  }

  /** As a process leaves it that dies before the end. */
  const breakOff = (
    left: Patient,
    kept: Patient,
    entries: MedicalRecord['entries'],
    grants: MedicalRecord['grants'] | null = [],
  ) =>
    practice.documents.updateOne(
      { _id: left.patientId },
      { $set: { status: 'merging', mergedInto: kept.patientId, entries, grants } },
    );

  interface Read {
    allergies: { items: { id: string }[] };
    conditions: { id: string }[];
    encounters: { id: string }[];
    notes: { id: string }[];
  }
  const idsIn = ({ allergies, conditions, encounters, notes }: Read) =>
    [...allergies.items, ...conditions, ...encounters, ...notes].map(({ id }) => id).sort();

  it('moves every entry to the record that stays, once, and leaves a pointer', async () => {
    const { left, kept } = await twoOfOne();
    const before = (await stored(practice, left.patientId))?.entries;
    const event = merged(left.patientId, kept.patientId);
    await hear(practice, 'patient', event);
    await Promise.all([hear(practice, 'patient', event), hear(practice, 'patient', { ...event, id: randomUUID() })]);

    const [pointer, survivor] = [await stored(practice, left.patientId), await stored(practice, kept.patientId)];
    expect(pointer).toMatchObject({ status: 'merged', mergedInto: kept.patientId, entries: [] });
    expect(survivor?.entries).toHaveLength(2);
    expect(survivor?.entries).toEqual(expect.arrayContaining<unknown>(before ?? ['nothing was there']));
    expect(survivor?.mergedFrom).toEqual([left.patientId]);
  });

  it('lets doctors and patient of the old id read and write the record that stays', async () => {
    const { left, kept } = await twoOfOne();
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    const byOldId = await left.doctor('GET', left.path);
    expect(byOldId.body).toMatchObject({ patientId: kept.patientId, mergedFrom: [left.patientId] });
    expect(byOldId.body.allergies.state).toBe('listed');
    expect((await left.doctor('GET', kept.path)).status).toBe(200);
    expect((await left.self('GET', kept.path)).status).toBe(200);
    expect((await kept.self('GET', `${kept.path}/allergies`)).body.items).toHaveLength(1);
    expect((await left.doctor('POST', `${left.path}/notes`, { text: 'By the old id' })).status).toBe(201);
    expect((await stored(practice, kept.patientId))?.entries).toHaveLength(3);
    expect((await stored(practice, left.patientId))?.entries).toEqual([]);
    const stranger = await buildPatient(practice);
    expect((await stranger.doctor('GET', kept.path)).status).toBe(403);
  });

  it('has the one who stays see who saw either, by either id', async () => {
    const { left, kept } = await twoOfOne();
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    for (const { patientId } of [left, kept]) {
      const { status, body } = await kept.self('GET', `/system/accesses/${patientId}`);
      expect([status, body.items.map(({ action }: { action: string }) => action)]).toEqual([
        200,
        ['POST /api/records/:patientId/notes', 'POST /api/records/:patientId/allergies'],
      ]);
    }
  });

  it('takes up what comes under the old id later', async () => {
    const { left, kept } = await twoOfOne();
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    await hear(practice, 'appointment', completed(left.patientId, left.practitionerId));
    await hear(practice, 'patient', registered(left.patientId));
    expect((await stored(practice, left.patientId))?.entries).toEqual([]);
    expect((await stored(practice, kept.patientId))?.entries).toHaveLength(3);
  });

  it('follows a patient who is merged again', async () => {
    const { left, kept } = await twoOfOne();
    const last = await buildPatient(practice);
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    // As the patient service tells it: both point to the last one now, in either order.
    await hear(practice, 'patient', merged(left.patientId, last.patientId));
    await hear(practice, 'patient', merged(kept.patientId, last.patientId));
    expect((await stored(practice, last.patientId))?.entries).toHaveLength(2);
    expect((await stored(practice, last.patientId))?.mergedFrom.sort()).toEqual(
      [left.patientId, kept.patientId].sort(),
    );
    expect((await left.doctor('GET', left.path)).body.patientId).toBe(last.patientId);
  });

  it('goes on where an earlier attempt broke off before anything was taken up; what there was is read meanwhile, and not written', async () => {
    const { left, kept } = await twoOfOne();
    const entries = (await stored(practice, left.patientId))?.entries ?? [];
    await breakOff(left, kept, entries);
    const whole = await left.doctor('GET', left.path);
    expect([whole.status, whole.body.patientId]).toEqual([200, left.patientId]);
    expect(idsIn(whole.body)).toEqual(entries.map(({ id }) => id).sort());
    expect((await left.doctor('GET', `${left.path}/allergies`)).status).toBe(200);
    const answer = await left.doctor('POST', `${left.path}/notes`, { text: 'x' });
    expect([answer.status, answer.body.code]).toEqual([503, 'RECORD.BUSY']);
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    expect((await stored(practice, kept.patientId))?.entries).toHaveLength(2);
    expect(await stored(practice, left.patientId)).toMatchObject({ status: 'merged', entries: [] });
  });

  it('leads on where an earlier attempt broke off after all was taken up, so that rights end under either id', async () => {
    const { left, kept } = await twoOfOne();
    const practitionerId = addPractitioner(practice);
    const friend = await practice.as({ roles: ['practitioner'], practitionerId });
    const until = new Date(practice.clock.now().getTime() + 30 * 24 * 3_600_000).toISOString();
    const granted = await left.self('POST', `${left.path}/grants`, { practitionerId, until });
    expect(granted.status).toBe(201);
    const { entries = [], grants = [] } = (await stored(practice, left.patientId)) ?? {};
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    await breakOff(left, kept, entries, grants);
    const whole = await friend('GET', left.path);
    expect([whole.status, whole.body.patientId]).toEqual([200, kept.patientId]);
    expect(idsIn(whole.body)).toEqual(expect.arrayContaining(entries.map(({ id }) => id)));
    expect((await left.doctor('POST', `${left.path}/notes`, { text: 'x' })).status).toBe(201);
    const withdrawn = await kept.self('POST', `${kept.path}/grants/${granted.body.id}/withdraw`);
    expect(withdrawn.status).toBe(200);
    for (const each of [left, kept]) expect((await friend('GET', each.path)).status).toBe(403);
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    expect((await stored(practice, kept.patientId))?.entries).toHaveLength(3);
    expect(await stored(practice, left.patientId)).toMatchObject({ status: 'merged', entries: [] });
  });

  it('loses no entry that is written while it happens', async () => {
    const { left, kept } = await twoOfOne();
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 10 }, (_, i) => left.doctor('POST', `${left.path}/notes`, { text: `${i}` }))),
      hear(practice, 'patient', merged(left.patientId, kept.patientId)),
    ]);
    const written = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(answers.every(({ status }) => status === 201 || status === 503)).toBe(true);
    const ids = (await stored(practice, kept.patientId))?.entries.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(written));
    expect(ids).toHaveLength(2 + written.length);
  });

  it('opens the record that stays when it is not there yet', async () => {
    const left = await buildPatient(practice);
    await left.doctor('POST', `${left.path}/allergies`, penicillin());
    const intoId = randomUUID();
    await hear(practice, 'patient', merged(left.patientId, intoId));
    await hear(practice, 'patient', registered(intoId));
    expect((await stored(practice, intoId))?.entries).toHaveLength(1);
  });

  it('refuses to let two records point to each other, and closes neither', async () => {
    const { left, kept } = await twoOfOne();
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    await hear(practice, 'patient', merged(kept.patientId, left.patientId));
    expect((await stored(practice, kept.patientId))?.status).toBe('open');
  });
});

describe('what is known of allergies', () => {
  const merge = (left: Patient, kept: Patient) => hear(practice, 'patient', merged(left.patientId, kept.patientId));
  const stateOf = async ({ doctor, path }: Patient) => (await doctor('GET', `${path}/allergies`)).body.state;
  const inError = penicillin({ verificationStatus: 'entered-in-error', amendmentReason: 'Wrong patient' });

  it('is unknown once one statement of two that were united is withdrawn', async () => {
    const [left, kept] = [await buildPatient(practice), await buildPatient(practice)];
    for (const { doctor, path } of [left, kept]) await doctor('POST', `${path}/allergies/no-known`);
    await merge(left, kept);
    expect(await stateOf(kept)).toBe('none-known');
    const withdrawal = { amendmentReason: 'The patient was not asked' };
    const answer = await kept.doctor('POST', `${kept.path}/allergies/no-known/withdraw`, withdrawal);
    expect(answer.body).toEqual({ state: 'unknown', items: [] });
    expect((await kept.doctor('POST', `${kept.path}/allergies/no-known/withdraw`, withdrawal)).status).toBe(409);
    // Both are told of, as two entries were amended.
    await until(() => told(practice, kept.patientId).filter(({ type }) => type.endsWith('amended')).length === 2);
  });

  it.each(['before', 'after'])(
    'does not come back by the statement of the other record, when the allergy is entered in error %s the merge',
    async (when) => {
      const [left, kept] = [await buildPatient(practice), await buildPatient(practice)];
      await left.doctor('POST', `${left.path}/allergies/no-known`);
      practice.clock.advanceBy(60_000);
      const { body } = await kept.doctor('POST', `${kept.path}/allergies`, penicillin());
      practice.clock.advanceBy(60_000);
      const correct = () => kept.doctor('PUT', `${kept.path}/allergies/${body.id}`, inError, { 'if-match': '"v1"' });
      if (when === 'before') await correct();
      await merge(left, kept);
      if (when === 'after') {
        expect(await stateOf(kept)).toBe('listed');
        expect((await correct()).status).toBe(200);
      }
      expect(await stateOf(kept)).toBe('unknown');
      const again = await kept.doctor('POST', `${kept.path}/allergies/no-known`);
      expect([again.status, again.body.state]).toEqual([201, 'none-known']);
    },
  );
});

describe('patient.erased', () => {
  it('removes all content and kept answers, and leaves a tombstone that nothing brings back', async () => {
    const { patientId, practitionerId, path, doctor, self } = await buildPatient(practice);
    const other = await buildPatient(practice);
    const key = { 'idempotency-key': randomUUID() };
    await doctor('POST', `${path}/allergies`, penicillin(), key);
    await other.doctor('POST', `${other.path}/notes`, { text: 'Stays' }, key);
    await doctor('POST', `/api/records/${patientId.toUpperCase()}/notes`, { text: 'In capitals' }, key);
    for (let i = 0; i < 2; i += 1) await hear(practice, 'patient', erased(patientId));
    await hear(practice, 'patient', registered(patientId));
    await hear(practice, 'appointment', completed(patientId, practitionerId));

    expect(await stored(practice, patientId)).toMatchObject({ status: 'erased', entries: [] });
    const kept = JSON.stringify(await practice.kept('idempotency_key'));
    expect([kept.includes(patientId), kept.includes('In capitals')]).toEqual([false, false]);
    expect(kept).toContain(other.patientId);
    for (const call of [doctor, self]) {
      const answer = await call('GET', path);
      expect([answer.status, answer.body.code]).toEqual([410, 'RECORD.ERASED']);
    }
    expect((await doctor('POST', `${path}/notes`, { text: 'x' })).status).toBe(410);
    const stranger = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    expect((await stranger('GET', path)).status).toBe(403);
  });

  it('erases what was merged into the patient as well', async () => {
    const left = await buildPatient(practice);
    const kept = await buildPatient(practice);
    await left.doctor('POST', `${left.path}/allergies`, penicillin());
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    // As the patient service tells it, one event for each id.
    await hear(practice, 'patient', erased(kept.patientId));
    await hear(practice, 'patient', erased(left.patientId));
    for (const id of [left.patientId, kept.patientId]) {
      expect(await stored(practice, id)).toMatchObject({ status: 'erased', entries: [] });
    }
    expect((await left.doctor('GET', left.path)).status).toBe(410);
  });

  it('does not keep alive what is merged into an erased patient', async () => {
    const left = await buildPatient(practice);
    const gone = await buildPatient(practice);
    await left.doctor('POST', `${left.path}/allergies`, penicillin());
    await hear(practice, 'patient', erased(gone.patientId));
    await hear(practice, 'patient', merged(left.patientId, gone.patientId));
    expect(await stored(practice, left.patientId)).toMatchObject({ status: 'erased', entries: [] });
  });
});
