import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import {
  buildEvent,
  buildPatient,
  completed,
  erased,
  merged,
  type Patient,
  type Practice,
  penicillin,
  registered,
  startPractice,
  told,
} from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

const stored = (patientId: string) => practice.documents.findOne({ _id: patientId });

async function hear(topic: string, event: CloudEvent) {
  const answer = await practice.hear(topic, event);
  expect(answer.status).toBe(200);
}

describe('patient.registered', () => {
  it('opens one record, however often it is delivered', async () => {
    const patientId = randomUUID();
    const event = registered(patientId);
    await Promise.all([hear('patient', event), hear('patient', event), hear('patient', registered(patientId))]);
    await hear('patient', event);
    expect(await practice.documents.countDocuments({ _id: patientId })).toBe(1);
    await until(() => told(practice, patientId).length > 0);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    expect(told(practice, patientId).map(({ type, data }) => [type, data])).toEqual([
      ['record.opened', { patientId, version: 1 }],
    ]);
  });

  it('is taken in by the hundred at once', async () => {
    const ids = Array.from({ length: 300 }, () => randomUUID());
    await Promise.all(ids.map((id) => hear('patient', registered(id))));
    expect(await practice.documents.countDocuments({ _id: { $in: ids } })).toBe(300);
    await until(() => ids.every((id) => told(practice, id).length === 1));
  });
});

describe('appointment.completed', () => {
  it('opens one encounter for each appointment, however often it is delivered', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const event = completed(patientId, practitionerId);
    await Promise.all([hear('appointment', event), hear('appointment', event)]);
    await hear('appointment', event);
    await hear('appointment', { ...event, id: randomUUID() });
    const { items } = (await doctor('GET', `${path}/encounters`)).body;
    expect(items).toEqual([
      {
        id: expect.any(String),
        version: 1,
        status: 'finished',
        class: 'AMB',
        period: { start: '2026-11-20T08:00:00.000Z', end: '2026-11-20T08:30:00.000Z' },
        practitionerId,
        appointmentId: (event.data as { appointmentId: string }).appointmentId,
        author: { id: 'appointment', role: 'service' },
        at: '2026-11-20T10:00:00.000Z',
      },
    ]);
    await until(() => told(practice, patientId).length === 2);
    expect(told(practice, patientId)[1]?.type).toBe('record.entry-added');
  });

  it('ends the encounter when it is told, if that is before the time that was planned', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const now = practice.clock.now().getTime();
    const [start, end] = [now - 600_000, now + 600_000].map((at) => new Date(at).toISOString());
    const visit = completed(patientId, practitionerId);
    await hear('appointment', { ...visit, data: { ...(visit.data as object), start, end } });
    const { items } = (await doctor('GET', `${path}/encounters`)).body;
    expect(items[0].period).toEqual({ start, end: new Date(now).toISOString() });
  });

  it('is taken back by appointment.reopened, and may come again, in one encounter that keeps what it said', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const first = completed(patientId, practitionerId);
    const data = first.data as { appointmentId: string; version: number };
    const as = (type: string, version: number) => buildEvent(type, { ...data, status: 'booked', version });
    const [reopened, again] = [as('appointment.reopened', 4), as('appointment.completed', 5)];
    const all = async () => (await doctor('GET', `${path}/encounters?enteredInError=true`)).body.items;
    for (const event of [first, reopened, reopened, first]) await hear('appointment', event);
    expect(await all()).toMatchObject([
      {
        version: 2,
        status: 'entered-in-error',
        appointmentId: data.appointmentId,
        author: { id: 'appointment', role: 'service' },
        amendmentReason: expect.any(String),
      },
    ]);
    expect((await doctor('GET', `${path}/encounters`)).body.items).toEqual([]);
    for (const event of [again, first, reopened, again]) await hear('appointment', event);
    const [encounter] = await all();
    expect(encounter).toMatchObject({ version: 3, status: 'finished' });
    expect(encounter).not.toHaveProperty('heard');
    await until(() => told(practice, patientId).length === 4);
    expect(told(practice, patientId).map(({ type }) => type)).toEqual([
      'record.opened',
      'record.entry-added',
      'record.entry-amended',
      'record.entry-amended',
    ]);
  });

  it('says nothing for a visit that no encounter was opened for', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const { data } = completed(patientId, practitionerId);
    await hear(
      'appointment',
      buildEvent('appointment.reopened', { ...(data as object), status: 'booked', version: 4 }),
    );
    expect((await doctor('GET', `${path}/encounters?enteredInError=true`)).body.items).toEqual([]);
  });

  it('waits for nobody: an encounter may be heard of before the registration', async () => {
    const patientId = randomUUID();
    await hear('appointment', completed(patientId, randomUUID()));
    await hear('patient', registered(patientId));
    expect((await stored(patientId))?.entries).toHaveLength(1);
  });

  it('leaves other news of appointments alone', async () => {
    const { patientId, practitionerId } = await buildPatient(practice);
    await hear('appointment', { ...completed(patientId, practitionerId), type: 'appointment.booked' });
    expect((await stored(patientId))?.entries).toEqual([]);
  });
});

describe('patient.merged', () => {
  async function twoOfOne() {
    const left = await buildPatient(practice);
    const kept = await buildPatient(practice);
    await left.doctor('POST', `${left.path}/allergies`, penicillin());
    await kept.doctor('POST', `${kept.path}/notes`, { text: 'Already here' });
    return { left, kept };
  }

  it('moves every entry to the record that stays, once, and leaves a pointer', async () => {
    const { left, kept } = await twoOfOne();
    const before = (await stored(left.patientId))?.entries;
    const event = merged(left.patientId, kept.patientId);
    await hear('patient', event);
    await Promise.all([hear('patient', event), hear('patient', { ...event, id: randomUUID() })]);

    const [pointer, survivor] = [await stored(left.patientId), await stored(kept.patientId)];
    expect(pointer).toMatchObject({ status: 'merged', mergedInto: kept.patientId, entries: [] });
    expect(survivor?.entries).toHaveLength(2);
    expect(survivor?.entries).toEqual(expect.arrayContaining<unknown>(before ?? ['nothing was there']));
    expect(survivor?.mergedFrom).toEqual([left.patientId]);
  });

  it('lets doctors and patient of the old id read and write the record that stays', async () => {
    const { left, kept } = await twoOfOne();
    await hear('patient', merged(left.patientId, kept.patientId));
    const byOldId = await left.doctor('GET', left.path);
    expect(byOldId.body).toMatchObject({ patientId: kept.patientId, mergedFrom: [left.patientId] });
    expect(byOldId.body.allergies.state).toBe('listed');
    expect((await left.doctor('GET', kept.path)).status).toBe(200);
    expect((await left.self('GET', kept.path)).status).toBe(200);
    expect((await kept.self('GET', `${kept.path}/allergies`)).body.items).toHaveLength(1);
    expect((await left.doctor('POST', `${left.path}/notes`, { text: 'By the old id' })).status).toBe(201);
    expect((await stored(kept.patientId))?.entries).toHaveLength(3);
    expect((await stored(left.patientId))?.entries).toEqual([]);
    const stranger = await buildPatient(practice);
    expect((await stranger.doctor('GET', kept.path)).status).toBe(403);
  });

  it('takes up what comes under the old id later', async () => {
    const { left, kept } = await twoOfOne();
    await hear('patient', merged(left.patientId, kept.patientId));
    await hear('appointment', completed(left.patientId, left.practitionerId));
    await hear('patient', registered(left.patientId));
    expect((await stored(left.patientId))?.entries).toEqual([]);
    expect((await stored(kept.patientId))?.entries).toHaveLength(3);
  });

  it('follows a patient who is merged again', async () => {
    const { left, kept } = await twoOfOne();
    const last = await buildPatient(practice);
    await hear('patient', merged(left.patientId, kept.patientId));
    // As the patient service tells it: both point to the last one now, in either order.
    await hear('patient', merged(left.patientId, last.patientId));
    await hear('patient', merged(kept.patientId, last.patientId));
    expect((await stored(last.patientId))?.entries).toHaveLength(2);
    expect((await stored(last.patientId))?.mergedFrom.sort()).toEqual([left.patientId, kept.patientId].sort());
    expect((await left.doctor('GET', left.path)).body.patientId).toBe(last.patientId);
  });

  it('goes on where an earlier attempt broke off; what there was is read meanwhile, and not written', async () => {
    const { left, kept } = await twoOfOne();
    const entries = (await stored(left.patientId))?.entries ?? [];
    // Broken off after the closing, and after the copying.
    for (const isCopied of [false, true]) {
      await practice.documents.updateOne(
        { _id: left.patientId },
        { $set: { status: 'merging', mergedInto: kept.patientId, entries } },
      );
      if (isCopied) expect((await stored(kept.patientId))?.entries).toHaveLength(2);
      const whole = await left.doctor('GET', left.path);
      expect([whole.status, whole.body.patientId]).toEqual([200, left.patientId]);
      const read = [
        ...whole.body.allergies.items,
        ...whole.body.conditions,
        ...whole.body.encounters,
        ...whole.body.notes,
      ];
      expect(read.map(({ id }) => id).sort()).toEqual(entries.map(({ id }) => id).sort());
      expect((await left.doctor('GET', `${left.path}/allergies`)).status).toBe(200);
      const answer = await left.doctor('POST', `${left.path}/notes`, { text: 'x' });
      expect([answer.status, answer.body.code]).toEqual([503, 'RECORD.BUSY']);
      await hear('patient', merged(left.patientId, kept.patientId));
      expect((await stored(kept.patientId))?.entries).toHaveLength(2);
      expect(await stored(left.patientId)).toMatchObject({ status: 'merged', entries: [] });
    }
  });

  it('loses no entry that is written while it happens', async () => {
    const { left, kept } = await twoOfOne();
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 10 }, (_, i) => left.doctor('POST', `${left.path}/notes`, { text: `${i}` }))),
      hear('patient', merged(left.patientId, kept.patientId)),
    ]);
    const written = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(answers.every(({ status }) => status === 201 || status === 503)).toBe(true);
    const ids = (await stored(kept.patientId))?.entries.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(written));
    expect(ids).toHaveLength(2 + written.length);
  });

  it('opens the record that stays when it is not there yet', async () => {
    const left = await buildPatient(practice);
    await left.doctor('POST', `${left.path}/allergies`, penicillin());
    const intoId = randomUUID();
    await hear('patient', merged(left.patientId, intoId));
    await hear('patient', registered(intoId));
    expect((await stored(intoId))?.entries).toHaveLength(1);
  });

  it('refuses to let two records point to each other, and closes neither', async () => {
    const { left, kept } = await twoOfOne();
    await hear('patient', merged(left.patientId, kept.patientId));
    await hear('patient', merged(kept.patientId, left.patientId));
    expect((await stored(kept.patientId))?.status).toBe('open');
  });
});

describe('what is known of allergies', () => {
  const merge = (left: Patient, kept: Patient) => hear('patient', merged(left.patientId, kept.patientId));
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
    for (let i = 0; i < 2; i += 1) await hear('patient', erased(patientId));
    await hear('patient', registered(patientId));
    await hear('appointment', completed(patientId, practitionerId));

    expect(await stored(patientId)).toMatchObject({ status: 'erased', entries: [] });
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
    await hear('patient', merged(left.patientId, kept.patientId));
    // As the patient service tells it, one event for each id.
    await hear('patient', erased(kept.patientId));
    await hear('patient', erased(left.patientId));
    for (const id of [left.patientId, kept.patientId]) {
      expect(await stored(id)).toMatchObject({ status: 'erased', entries: [] });
    }
    expect((await left.doctor('GET', left.path)).status).toBe(410);
  });

  it('does not keep alive what is merged into an erased patient', async () => {
    const left = await buildPatient(practice);
    const gone = await buildPatient(practice);
    await left.doctor('POST', `${left.path}/allergies`, penicillin());
    await hear('patient', erased(gone.patientId));
    await hear('patient', merged(left.patientId, gone.patientId));
    expect(await stored(left.patientId)).toMatchObject({ status: 'erased', entries: [] });
  });
});

describe('event routes', () => {
  it('are for the own sidecar only', async () => {
    const patientId = randomUUID();
    for (const token of [undefined, 'a guess']) {
      const answer = await fetch(`${practice.base}/events/patient`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { 'dapr-api-token': token }) },
        body: JSON.stringify(registered(patientId)),
      });
      expect(answer.status).toBe(401);
    }
    expect(await stored(patientId)).toBeNull();
  });

  it('take what does not fit its schema to look at it later, and pass over kinds of a later age', async () => {
    const misfit = buildEvent('patient.registered', { patientId: 'x' });
    expect((await practice.hear('patient', misfit)).status).toBe(200);
    expect((await practice.hear('patient', buildEvent('patient.of-a-later-age', { any: 'thing' }))).status).toBe(200);
    const admin = await practice.as({ roles: ['admin'] });
    const letters = async () => (await admin('GET', `/system/dead-letters?eventId=${misfit.id}`)).body.items;
    await until(async () => (await letters()).length === 1);
    expect(await letters()).toMatchObject([{ topic: 'patient', code: 'EVENT.NOT_OF_ITS_FORM', tries: 4 }]);
    expect((await admin('POST', '/system/dead-letters/drop', { eventId: misfit.id })).body).toEqual({ count: 1 });
  });
});

describe('what is told', () => {
  it('arrives once and in order after the broker was away, and after a restart', async () => {
    practice.broker.failsWith = new Error('the broker is away');
    const { patientId, path, doctor } = await buildPatient(practice);
    for (const text of ['one', 'two']) await doctor('POST', `${path}/notes`, { text });
    expect(await practice.journalOf(patientId)).toHaveLength(3);
    expect(told(practice, patientId)).toEqual([]);
    practice.broker.failsWith = undefined;
    await practice.restart();
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    const events = told(practice, patientId);
    expect(events.map(({ type }) => type)).toEqual(['record.opened', 'record.entry-added', 'record.entry-added']);
    const notes = (await stored(patientId))?.entries.map(({ id }) => id);
    expect(events.slice(1).map(({ data }) => (data as { entryId: string }).entryId)).toEqual(notes);
  });

  it('arrives without a restart once the broker is back', async () => {
    practice.broker.failsWith = new Error('the broker is away');
    const { patientId } = await buildPatient(practice);
    practice.broker.failsWith = undefined;
    await until(() => told(practice, patientId).length === 1);
  });

  // What a process leaves behind that is killed between two steps.
  const note = (patientId: string, version: number, ageMs: number) => {
    const event = buildEvent('record.entry-added', { patientId }, { id: randomUUID(), source: 'record' });
    return {
      _id: `${patientId}:${version}`,
      subject: patientId,
      version,
      events: [{ topic: 'record', event }],
      token: 'of a process that died',
      at: new Date(Date.now() - ageMs),
    };
  };

  it('arrives after a kill between the change and its telling', async () => {
    const { patientId } = await buildPatient(practice);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    await practice.documents.updateOne({ _id: patientId }, { $set: { version: 2 } });
    await practice.journal.insertOne(note(patientId, 2, 0));
    await practice.restart();
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    expect(told(practice, patientId).map(({ type }) => type)).toEqual(['record.opened', 'record.entry-added']);
  });

  it('does not arrive when the change was never made, and the record can be written again', async () => {
    const { patientId, path, doctor } = await buildPatient(practice);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    await practice.journal.insertOne(note(patientId, 2, 11_000));
    expect((await doctor('POST', `${path}/notes`, { text: 'Goes on' })).status).toBe(201);
    await until(() => told(practice, patientId).length === 2);
    expect(told(practice, patientId)[1]?.data).not.toEqual({ patientId });
  });

  it('keeps writers out while another process makes its change', async () => {
    const { patientId, path, doctor } = await buildPatient(practice);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    await practice.journal.insertOne(note(patientId, 2, 0));
    const answer = await doctor('POST', `${path}/notes`, { text: 'Too early' });
    expect([answer.status, answer.body.code]).toEqual([503, 'RECORD.BUSY']);
    expect((await stored(patientId))?.entries).toEqual([]);
  });
});
