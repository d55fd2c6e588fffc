import { randomUUID } from 'node:crypto';
import { auditCollection } from '@cabinet/mongo/audit';
import { type JournalNote, noteId } from '@cabinet/mongo/journal-notes';
import type { SealedEvent } from '@cabinet/service/audit/chain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import {
  buildPatient,
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

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const found = { finding: 'justified', words: 'The patient was unconscious' };

let practice: Practice;
let patient: Patient;
let path: string;
let practitionerId: string;
let doctorId: string;
/** A practitioner who does not treat the patient. */
let doctor: Caller;
let reviewer: Caller;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());
beforeEach(async () => {
  practice.neighbours.unreachable.clear();
  patient = await buildPatient(practice);
  path = patient.path;
  [practitionerId, doctorId] = [randomUUID(), randomUUID()];
  doctor = await practice.as({ roles: ['practitioner'], practitionerId, sub: doctorId });
  reviewer = await practice.as({ roles: ['admin'], sub: randomUUID() });
});

const open = (by = doctor, at = path, said: object = unconscious(), key?: string) =>
  by('POST', `${at}/emergency-access`, said, key ? { 'idempotency-key': key } : {});

/** The note of a change of a record that a process began and does not end. */
async function underWay(patientId: string): Promise<JournalNote> {
  const version = ((await stored(practice, patientId))?.version ?? 0) + 1;
  const note = {
    _id: noteId(patientId, version),
    subject: patientId,
    version,
    events: [],
    token: 'another',
    at: new Date(),
  };
  await practice.journal.insertOne(note);
  return note;
}

/** All that waits for a verdict, of all pages. */
async function waiting(by = reviewer): Promise<{ id: string; patientId: string; escalated: boolean }[]> {
  const items = [];
  let cursor: string | undefined;
  do {
    const more = cursor ? `&cursor=${cursor}` : '';
    const { status, body } = await by('GET', `/api/records/emergency-accesses?unreviewed=true&limit=3${more}`);
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor);
  return items;
}

const judge = (accessId: string, by = reviewer, said: object = found, at = path) =>
  by('POST', `${at}/emergency-accesses/${accessId}/verdict`, said);

const linesOf = async (patientId: string) =>
  ((await practice.kept(auditCollection)) as SealedEvent[])
    .filter(({ subjects }) => subjects.includes(patientId))
    .toSorted((a, b) => a.sequence - b.sequence);

describe('an emergency access', () => {
  it('opens one record to one practitioner for two hours, and every answer says so', async () => {
    expect((await doctor('GET', path)).status).toBe(403);
    const { status, body } = await open();
    expect([status, body]).toMatchObject([201, { patientId: patient.patientId, practitionerId, ...unconscious() }]);
    expect(Date.parse(body.until) - Date.parse(body.since)).toBe(120 * minuteMs);

    const emergencyAccess = { since: body.since, until: body.until, reasonCode: 'unable-to-consent' };
    const note = await doctor('POST', `${path}/notes`, { text: 'Woke up at noon' });
    const answers = [
      note,
      await doctor('GET', path),
      await doctor('POST', `${path}/allergies`, penicillin()),
      await doctor('GET', `${path}/allergies`),
      await doctor('GET', `${path}/conditions`),
      await doctor('GET', `${path}/encounters`),
      await doctor('GET', `${path}/notes`),
      await doctor('GET', `${path}/notes/${note.body.id}/versions`),
    ];
    for (const answer of answers) expect(answer.body.emergencyAccess).toEqual(emergencyAccess);
    for (const by of [patient.doctor, patient.self]) {
      expect((await by('GET', path)).body).not.toHaveProperty('emergencyAccess');
    }
    const other = await buildPatient(practice);
    expect((await doctor('GET', other.path)).body.code).toBe('RECORD.NO_CARE_RELATION');
    const colleague = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID(), sub: randomUUID() });
    expect((await colleague('GET', path)).body.code).toBe('RECORD.NO_CARE_RELATION');
  });

  it('is over when two hours are, and can be opened again', async () => {
    await open();
    practice.clock.advanceBy(120 * minuteMs - 1);
    expect((await doctor('GET', `${path}/notes`)).status).toBe(200);
    practice.clock.advanceBy(1);
    expect((await doctor('GET', `${path}/notes`)).body.code).toBe('RECORD.NO_CARE_RELATION');
    expect((await doctor('POST', `${path}/notes`, { text: 'Too late' })).body.code).toBe('RECORD.NO_CARE_RELATION');
    expect((await open()).status).toBe(201);
    expect((await stored(practice, patient.patientId))?.emergencies).toHaveLength(2);
  });

  it('stands in the trail as an emergency, with its refusals, and without what was said', async () => {
    await open();
    await doctor('GET', path);
    await doctor('GET', `${path}/notes/${randomUUID()}/versions`);
    await patient.doctor('GET', path);
    const lines = await linesOf(patient.patientId);
    expect(lines.map(({ action, purpose, outcome }) => [action, purpose, outcome])).toEqual([
      ['POST /api/records/:patientId/emergency-access', 'ETREAT', 201],
      ['GET /api/records/:patientId', 'ETREAT', 200],
      ['GET /api/records/:patientId/notes/:entryId/versions', 'ETREAT', 404],
      ['GET /api/records/:patientId', 'TREAT', 200],
    ]);
    expect(JSON.stringify(lines)).not.toContain('unconscious');
  });

  it('is told once, by ids and the code alone', async () => {
    const { id } = (await open()).body;
    await until(() => told(practice, patient.patientId).length === 2);
    const { type, data } = told(practice, patient.patientId)[1] ?? {};
    const reasonCode = 'unable-to-consent';
    expect([type, data]).toEqual([
      'record.emergency-access-opened',
      { patientId: patient.patientId, version: 2, accessId: id, practitionerId, reasonCode },
    ]);
  });

  it('is one at a time, also of two requests at once, and the same for a repeat', async () => {
    const both = await Promise.all([open(), open()]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await open()).body.code).toBe('RECORD.EMERGENCY_OPEN');
    const other = await buildPatient(practice);
    const [first, again] = [
      await open(doctor, other.path, unconscious(), 'the-key'),
      await open(doctor, other.path, unconscious(), 'the-key'),
    ];
    expect([again.status, again.body]).toEqual([201, first.body]);
    await practice.loseAnswer('the-key');
    practice.clock.advanceBy(10 * minuteMs);
    expect((await open(doctor, other.path, unconscious(), 'the-key')).body).toEqual(first.body);
    expect((await stored(practice, other.patientId))?.emergencies).toHaveLength(1);
  });

  it('is not for those whom something else lets in, and waits for no neighbour', async () => {
    expect((await open(patient.doctor)).body.code).toBe('RECORD.OPEN_TO_YOU');
    const both = await practice.as({
      roles: ['patient', 'practitioner'],
      patientId: patient.patientId,
      practitionerId,
      sub: randomUUID(),
    });
    expect((await open(both)).body.code).toBe('RECORD.OPEN_TO_YOU');
    practice.neighbours.unreachable.add('appointment');
    expect((await open()).status).toBe(201);
    practice.clock.advanceBy(5_000);
    const answer = await doctor('GET', path);
    expect([answer.status, answer.body.emergencyAccess?.reasonCode]).toEqual([200, 'unable-to-consent']);
  });

  it('no longer marks answers once the practitioner treats the patient', async () => {
    await open();
    expect((await doctor('GET', path)).body).toHaveProperty('emergencyAccess');
    practice.neighbours.relations.add(`${patient.patientId} ${practitionerId}`);
    practice.clock.advanceBy(5_000);
    const answer = await doctor('GET', path);
    expect([answer.status, 'emergencyAccess' in answer.body]).toEqual([200, false]);
  });

  it.each([
    ['no reason', { words: 'Found unconscious in the waiting room' }, 'reasonCode'],
    ['a reason that is none of the list', unconscious({ reasonCode: 'other' }), 'reasonCode'],
    ['few words', unconscious({ words: 'urgent' }), 'words'],
    ['words of blanks', unconscious({ words: '     a     ' }), 'words'],
    ['too many words', unconscious({ words: 'a'.repeat(501) }), 'words'],
    ['a time of its own', unconscious({ until: '2027-01-01T00:00:00Z' }), 'until'],
  ])('is refused with %s', async (_what, said, field) => {
    const { status, body } = await open(doctor, path, said);
    expect([status, body.fields.map(({ path }: { path: string }) => path).join()]).toEqual([
      422,
      expect.stringContaining(field),
    ]);
    expect((await stored(practice, patient.patientId))?.emergencies).toEqual([]);
  });

  it('is not for patients, secretaries, admins and whoever is linked to no practitioner', async () => {
    const roles = ['patient', 'secretary', 'admin'] as const;
    for (const role of roles) {
      const call = await practice.as({ roles: [role], practitionerId, sub: randomUUID() });
      expect((await open(call)).body.code).toBe('ACCESS.ROLE_NOT_ALLOWED');
    }
    const unlinked = await practice.as({ roles: ['practitioner'], sub: randomUUID() });
    expect((await open(unlinked)).body.code).toBe('RECORD.NO_CARE_RELATION');
    expect((await open(doctor, `/api/records/${randomUUID()}`)).body.code).toBe('RECORD.NOT_FOUND');
    expect((await stored(practice, patient.patientId))?.emergencies).toEqual([]);
  });

  it('takes one place, however many requests at once are for it', async () => {
    await Promise.all(Array.from({ length: 4 }, () => open()));
    const patients = await Promise.all(Array.from({ length: 5 }, () => buildPatient(practice)));
    const statuses = [];
    for (const each of patients) statuses.push((await open(doctor, each.path)).status);
    expect(statuses).toEqual([201, 201, 201, 201, 429]);
  });

  it('takes no place when it could not be stored', async () => {
    const patients = await Promise.all(Array.from({ length: 6 }, () => buildPatient(practice)));
    // Somebody else changes these records, and never comes to an end.
    const notes = await Promise.all(patients.slice(0, 2).map((each) => underWay(each.patientId)));
    for (const each of patients.slice(0, 2)) expect((await open(doctor, each.path)).body.code).toBe('RECORD.BUSY');
    for (const { _id } of notes) await practice.journal.deleteOne({ _id });
    const statuses = [];
    for (const each of patients) statuses.push((await open(doctor, each.path)).status);
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
  });

  it('stays for its own reason on the trail when its answer is given again', async () => {
    expect((await open()).status).toBe(201);
    const write = () =>
      doctor('POST', `${path}/notes`, { text: 'Unconscious at arrival' }, { 'idempotency-key': 'one' });
    const [first, again] = [await write(), await write()];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    const action = 'POST /api/records/:patientId/notes';
    const lines = ((await practice.kept(auditCollection)) as SealedEvent[]).filter((line) => line.actor === doctorId);
    expect(lines.filter((line) => line.action === action).map(({ purpose }) => purpose)).toEqual(['ETREAT', 'ETREAT']);
  });

  it('is refused to whom five of their own are not found justified, also of many at once', async () => {
    const patients = await Promise.all(Array.from({ length: 8 }, () => buildPatient(practice)));
    const answers = await Promise.all(patients.map((each) => open(doctor, each.path)));
    const opened = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 429);
    expect([opened.length, refused.length]).toEqual([5, 3]);
    expect(refused[0]?.body).toMatchObject({
      code: 'RECORD.TOO_MANY_EMERGENCIES',
      detail: expect.stringContaining('administrator'),
    });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBe(dayMs / 1000);

    const judgeNext = async (said: object) => {
      const { id, patientId } = opened.pop()?.body ?? {};
      expect((await judge(id, reviewer, said, `/api/records/${patientId}`)).status).toBe(200);
    };
    const rest = patients.filter((_, nth) => answers[nth]?.status === 429);
    await judgeNext({ ...found, finding: 'not-justified' });
    expect((await open(doctor, rest[0]?.path)).status).toBe(429);
    await judgeNext(found);
    expect((await open(doctor, rest[0]?.path)).status).toBe(201);
    expect((await open(doctor, rest[1]?.path)).status).toBe(429);
    practice.clock.advanceBy(dayMs);
    expect((await open(doctor, rest[1]?.path)).status).toBe(201);
  });
});

describe('what comes of an emergency access', () => {
  it('is read by the patient, with the verdict', async () => {
    const { id } = (await open()).body;
    expect((await patient.self('GET', `${path}/emergency-accesses`)).body.items).toMatchObject([
      { id, practitionerId, ...unconscious(), escalated: false },
    ]);
    await judge(id);
    const { items } = (await patient.self('GET', `${path}/emergency-accesses`)).body;
    expect(items).toMatchObject([{ id, verdict: found, escalated: false }]);
    const other = await buildPatient(practice);
    expect((await other.self('GET', `${path}/emergency-accesses`)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
  });

  it('is judged once, by a reviewer who did not open it and is not the guardian of the patient', async () => {
    const { id } = (await open()).body;
    const self = await practice.as({ roles: ['admin', 'practitioner'], practitionerId, sub: randomUUID() });
    const sameLogin = await practice.as({ roles: ['admin'], sub: doctorId });
    const acts_for = [{ patient: patient.patientId, as: 'guardian' as const, sections: ['details' as const] }];
    const guardian = await practice.as({ roles: ['admin', 'patient'], sub: randomUUID(), acts_for });
    for (const by of [self, sameLogin, guardian]) {
      expect((await waiting(by)).map((each) => each.id)).not.toContain(id);
      expect((await judge(id, by)).body.code).toBe('RECORD.OWN_EMERGENCY');
    }
    expect((await judge(id, doctor)).body.code).toBe('ACCESS.ROLE_NOT_ALLOWED');
    expect((await waiting()).map((each) => each.id)).toContain(id);
    const [first, again] = [await judge(id), await judge(id)];
    expect([first.status, again.body]).toEqual([200, first.body]);
    const otherWay = { ...found, finding: 'not-justified' };
    expect((await judge(id, reviewer, otherWay)).body.code).toBe('RECORD.ALREADY_JUDGED');
    expect((await waiting()).map((each) => each.id)).not.toContain(id);
    expect((await judge(randomUUID())).body.code).toBe('RECORD.NO_SUCH_EMERGENCY');
    expect((await judge(id, reviewer, { ...found, words: 'short' })).status).toBe(422);
  });

  it('ends at once when it is found to be without ground', async () => {
    const { id } = (await open()).body;
    await judge(id, reviewer, { finding: 'not-justified', words: 'The patient was never here' });
    expect((await doctor('GET', path)).body.code).toBe('RECORD.NO_CARE_RELATION');
  });

  it('is escalated when nobody has judged it for seven days, and counted for an alert', async () => {
    const { id } = (await open()).body;
    const isEscalated = async () => (await waiting()).find((each) => each.id === id)?.escalated;
    const counted = async () => {
      const text = await (await fetch(`${practice.base}/metrics`)).text();
      return Number(/emergency_accesses_unreviewed\{[^}]*escalated="true"[^}]*\} (\d+)/.exec(text)?.[1]);
    };
    practice.clock.advanceBy(7 * dayMs - 1);
    expect(await isEscalated()).toBe(false);
    practice.clock.advanceBy(1);
    expect(await isEscalated()).toBe(true);
    const overdue = (await waiting()).filter(({ escalated }) => escalated).length;
    await until(async () => (await counted()) === overdue);
    await judge(id);
    await until(async () => (await counted()) === overdue - 1);
  });

  it('is listed to reviewers page by page, each once, and only what waits', async () => {
    const patients = await Promise.all(Array.from({ length: 7 }, () => buildPatient(practice)));
    const ids = [];
    for (const each of patients) {
      const by = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID(), sub: randomUUID() });
      ids.push((await open(by, each.path)).body.id);
    }
    const listed = (await waiting()).map(({ id }) => id);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(ids));
    const all = await reviewer('GET', '/api/records/emergency-accesses?unreviewed=false');
    expect([all.status, all.body.fields[0].path]).toEqual([422, 'unreviewed']);
  });

  it('goes with the record when the patient is merged', async () => {
    const kept = await buildPatient(practice);
    const { id } = (await open()).body;
    await hear(practice, 'patient', merged(patient.patientId, kept.patientId));
    await hear(practice, 'patient', merged(patient.patientId, kept.patientId));
    expect((await doctor('GET', kept.path)).body).toHaveProperty('emergencyAccess');
    expect((await kept.self('GET', `${kept.path}/emergency-accesses`)).body.items).toMatchObject([{ id }]);
    expect((await waiting()).filter((each) => each.id === id)).toMatchObject([{ patientId: kept.patientId }]);
    expect((await judge(id)).body).toMatchObject({ id, patientId: kept.patientId, verdict: found });
    expect((await open(doctor, path)).body.code).toBe('RECORD.EMERGENCY_OPEN');
  });

  it('stays to be judged, without its words, when the patient is erased', async () => {
    const { id } = (await open()).body;
    await hear(practice, 'patient', erased(patient.patientId));
    expect((await doctor('GET', path)).status).toBe(410);
    expect((await open()).body.code).toBe('RECORD.ERASED');
    expect(JSON.stringify(await stored(practice, patient.patientId))).not.toContain('unconscious');
    expect((await waiting()).filter((each) => each.id === id)).toMatchObject([{ id, words: '' }]);
    const [first, again] = [await judge(id), await judge(id)];
    expect([first.status, first.body.verdict, again.body]).toMatchObject([200, { ...found, words: '' }, first.body]);
    expect(JSON.stringify(await stored(practice, patient.patientId))).not.toContain('unconscious');
  });
});
