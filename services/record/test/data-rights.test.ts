import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import {
  asthma,
  buildPatient,
  completed,
  erased,
  hear,
  merged,
  type Patient,
  type Practice,
  penicillin,
  startPractice,
  stored,
  told,
  unconscious,
} from './support.ts';

const receiptsOf = async (practice: Practice, patientId: string, count = 1) => {
  const receipts = () => told(practice, patientId).filter(({ type }) => type === 'record.patient-data-erased');
  await until(() => receipts().length >= count);
  return receipts().map(({ data }) => data);
};

const entriesIn = async (practice: Practice, patientId: string) =>
  (await receiptsOf(practice, patientId)).map((data) => (data as { what: object[] }).what[0]);

async function written(practice: Practice): Promise<Patient> {
  const patient = await buildPatient(practice);
  await patient.doctor('POST', `${patient.path}/allergies`, penicillin());
  await patient.doctor('POST', `${patient.path}/notes`, { text: 'Words of the doctor' });
  return patient;
}

describe('a patient who is erased', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await startPractice();
  });
  afterAll(() => practice?.stop());

  it('is told of once, however often it is heard: how many of what, and what became of it', async () => {
    const { patientId, self } = await written(practice);
    const stranger = { roles: ['practitioner' as const], practitionerId: randomUUID() };
    await (await practice.as(stranger))('POST', `/api/records/${patientId}/emergency-access`, unconscious());
    const event = erased(patientId);
    for (let times = 0; times < 3; times += 1) await hear(practice, 'patient', event);
    expect(await receiptsOf(practice, patientId)).toEqual([
      {
        patientId,
        what: [
          { kind: 'entries', count: 2, outcome: 'erased' },
          { kind: 'grants', count: 0, outcome: 'erased' },
          { kind: 'emergencyAccesses', count: 1, outcome: 'anonymised' },
          { kind: 'keptAnswers', outcome: 'erased' },
          { kind: 'auditTrail', outcome: 'kept', reason: 'access-trail' },
        ],
      },
    ]);
    expect(await receiptsOf(practice, patientId)).toHaveLength(1);
    expect((await self('GET', `/system/patient-data/${patientId}`)).body.code).toBe('PATIENT.ERASED');
  });

  it('is told of again to who asks again, with what there is by then', async () => {
    const { patientId } = await written(practice);
    const event = erased(patientId);
    await hear(practice, 'patient', event);
    await hear(practice, 'patient', { ...erased(patientId), data: { ...(event.data as object), again: true } });
    await receiptsOf(practice, patientId, 2);
    expect((await entriesIn(practice, patientId)).map((each) => (each as { count: number }).count)).toEqual([2, 0]);
    expect(await stored(practice, patientId)).toMatchObject({ status: 'erased', entries: [] });
  });

  it('gives a receipt for each registration, and for one whose record was never opened', async () => {
    const left = await written(practice);
    const kept = await written(practice);
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    for (const { patientId } of [kept, left]) await hear(practice, 'patient', erased(patientId));
    const erasedEntries = (count: number) => [{ kind: 'entries', count, outcome: 'erased' }];
    expect(await entriesIn(practice, kept.patientId)).toEqual(erasedEntries(4));
    expect(await entriesIn(practice, left.patientId)).toEqual(erasedEntries(0));
    const nobody = randomUUID();
    await hear(practice, 'patient', erased(nobody));
    expect(await entriesIn(practice, nobody)).toEqual(erasedEntries(0));
  });

  it('has a copy of all that is written, in every version, also by an earlier id', async () => {
    const { patientId, self, doctor, path } = await written(practice);
    const { body: note } = await doctor('POST', `${path}/notes`, { text: 'First' });
    const amended = { text: 'Then', amendmentReason: 'Said better', status: 'current' };
    await doctor('PUT', `${path}/notes/${note.id}`, amended, { 'if-match': '"v1"' });
    const earlier = await written(practice);
    await hear(practice, 'patient', merged(earlier.patientId, patientId));
    for (const asked of [patientId, earlier.patientId]) {
      const { status, body } = await self('GET', `/system/patient-data/${asked}`);
      expect([status, body.patientId]).toEqual([200, patientId]);
      expect(body.sections.allergies).toHaveLength(2);
      const texts = body.sections.notes.map(({ text }: { text: string }) => text);
      expect(texts.sort()).toEqual(['First', 'Then', 'Words of the doctor', 'Words of the doctor']);
    }
  });

  it('is copied for no practitioner: neither by care, nor in an emergency', async () => {
    const { patientId, doctor } = await written(practice);
    const stranger = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const opened = await stranger('POST', `/api/records/${patientId}/emergency-access`, unconscious());
    expect(opened.status).toBe(201);
    expect((await stranger('GET', `/api/records/${patientId}`)).status).toBe(200);
    for (const call of [doctor, stranger, practice.sidecar]) {
      expect((await call('GET', `/system/patient-data/${patientId}`)).status).toBe(403);
    }
  });

  it('whose record is on its way to another gives nothing rather than a part', async () => {
    const { patientId, self } = await written(practice);
    await practice.documents.updateOne({ _id: patientId }, { $set: { status: 'merging', mergedInto: randomUUID() } });
    expect((await self('GET', `/system/patient-data/${patientId}`)).status).toBe(503);
  });
});

describe('where records are kept for some years after the last visit', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await startPractice({ keptYears: 20 });
  });
  afterAll(() => practice?.stop());

  it('one of an erased patient is kept until then, for nobody, and is erased after', async () => {
    const { patientId, practitionerId, self, doctor, path } = await written(practice);
    await hear(practice, 'appointment', completed(patientId, practitionerId));
    await hear(practice, 'patient', erased(patientId));
    const [kept] = await receiptsOf(practice, patientId);
    expect(kept).toMatchObject({
      what: [
        { kind: 'entries', count: 3, outcome: 'kept', reason: 'medical-record', until: '2046-11-20T08:30:00.000Z' },
        { kind: 'grants', outcome: 'erased' },
        { kind: 'emergencyAccesses', outcome: 'anonymised' },
        { kind: 'keptAnswers', outcome: 'erased' },
        { kind: 'auditTrail', outcome: 'kept' },
      ],
    });
    expect(await stored(practice, patientId)).toMatchObject({ status: 'erased', entries: [{}, {}, {}] });
    for (const call of [self, doctor]) expect((await call('GET', path)).status).toBe(410);
    const stranger = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    expect((await stranger('POST', `${path}/emergency-access`, unconscious())).status).toBe(410);
    expect((await doctor('POST', `${path}/notes`, { text: 'More' })).status).toBe(410);

    practice.clock.set(new Date('2046-11-20T08:29:00Z'));
    await practice.restart();
    expect((await stored(practice, patientId))?.entries).toHaveLength(3);
    practice.clock.set(new Date('2046-11-20T08:31:00Z'));
    await practice.restart();
    const receipts = await receiptsOf(practice, patientId, 2);
    expect(receipts[1]).toMatchObject({ what: [{ kind: 'entries', count: 3, outcome: 'erased' }, {}, {}, {}, {}] });
    expect(await stored(practice, patientId)).toMatchObject({ status: 'erased', entries: [], keptUntil: null });
  });

  it('one with nothing in it is not kept, nor one whose last visit is long past', async () => {
    const { patientId } = await buildPatient(practice);
    await hear(practice, 'patient', erased(patientId));
    expect(await entriesIn(practice, patientId)).toEqual([{ kind: 'entries', count: 0, outcome: 'erased' }]);
    const old = await buildPatient(practice);
    await old.doctor('POST', `${old.path}/conditions`, asthma());
    const long = { ...completed(old.patientId, old.practitionerId) };
    const visit = { ...(long.data as object), start: '1999-05-03T08:00:00.000Z', end: '1999-05-03T08:30:00.000Z' };
    await hear(practice, 'appointment', { ...long, data: visit });
    await hear(practice, 'patient', erased(old.patientId));
    expect(await entriesIn(practice, old.patientId)).toEqual([{ kind: 'entries', count: 2, outcome: 'erased' }]);
  });
});
