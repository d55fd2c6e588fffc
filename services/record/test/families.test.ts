import { randomUUID } from 'node:crypto';
import type { Role } from '@cabinet/kit/access/principal';
import { auditCollection } from '@cabinet/mongo/audit';
import { keptFromGuardians, type SealedEvent } from '@cabinet/service/audit/chain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import {
  acting,
  addPractitioner,
  asthma,
  buildEvent,
  buildPatient,
  completed,
  hear,
  merged,
  type Patient,
  type Practice,
  penicillin,
  registered,
  startPractice,
  stored,
  told,
  unconscious,
} from './support.ts';

const dayMs = 86_400_000;

let practice: Practice;
let minor: Patient;
let path: string;
let guardian: Caller;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());
beforeEach(async () => {
  minor = await buildPatient(practice);
  path = minor.path;
  guardian = await acting(practice, 'guardian', minor.patientId);
});

const kept = { keptFromGuardians: true };
const lists = ['', '/allergies', '/conditions', '/encounters', '/notes'];
const inDays = (days: number) => new Date(practice.clock.now().getTime() + days * dayMs);
const keep = (by: Caller, entryId: string, keptFromGuardians = true) =>
  by('POST', `${path}/entries/${entryId}/keep-from-guardians`, { keptFromGuardians });
const notesOf = async (by: Caller) =>
  (await by('GET', `${path}/notes`)).body.items.map(({ text }: { text: string }) => text);
const grant = (by: Caller, practitionerId: string, more: object = {}) =>
  by('POST', `${path}/grants`, { practitionerId, until: inDays(30).toISOString(), ...more });
const grantsOf = async (by: Caller) => (await by('GET', `${path}/grants`)).body.items;

describe('a guardian', () => {
  it('reads the record and its lists until the day on which the minor is of age, at the request of the family', async () => {
    const until = inDays(1);
    const parent = await acting(practice, 'guardian', minor.patientId, { until: until.getTime() / 1_000 });
    const { body: note } = await minor.doctor('POST', `${path}/notes`, { text: 'Slept well' });
    const reads = [...lists, `/notes/${note.id}/versions`];
    for (const list of reads) expect([list, (await parent('GET', path + list)).status]).toEqual([list, 200]);
    practice.clock.set(until);
    for (const list of reads) expect((await parent('GET', path + list)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    const lines = ((await practice.kept(auditCollection)) as SealedEvent[])
      .filter(({ subjects, outcome }) => subjects.includes(minor.patientId) && outcome === 200)
      .map(({ purpose, onBehalfOf }) => [purpose, onBehalfOf]);
    expect(lines).toEqual(reads.map(() => ['FAMRQT', minor.patientId]));
  });

  it('reads the record of nobody else, and only in a section that is theirs', async () => {
    const other = await buildPatient(practice);
    expect((await guardian('GET', other.path)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    const elsewhere = await acting(practice, 'guardian', minor.patientId, { sections: ['details', 'appointments'] });
    expect((await elsewhere('GET', path)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
  });

  it('never writes what is medical, nor says what is kept', async () => {
    const { body: note } = await minor.doctor('POST', `${path}/notes`, { text: 'Slept well' });
    const attempts = [
      await guardian('POST', `${path}/allergies`, penicillin()),
      await guardian('POST', `${path}/allergies/no-known`),
      await guardian(
        'PUT',
        `${path}/notes/${note.id}`,
        { text: 'x', amendmentReason: 'because' },
        { 'if-match': '"v1"' },
      ),
    ];
    for (const { status, body } of attempts) expect([status, body.code]).toEqual([403, 'ACCESS.ROLE_NOT_ALLOWED']);
    for (const is of [true, false])
      expect((await keep(guardian, note.id, is)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    expect((await stored(practice, minor.patientId))?.entries).toMatchObject([
      { id: note.id, versions: [{ number: 1 }] },
    ]);
  });

  it('lets practitioners in and takes that back, recorded as theirs, but not themself', async () => {
    const practitionerId = addPractitioner(practice);
    const doctor = await practice.as({ roles: ['practitioner'], practitionerId, sub: randomUUID() });
    const { status, body } = await grant(guardian, practitionerId);
    expect([status, body.givenBy.role]).toEqual([201, 'guardian']);
    expect((await doctor('GET', path)).status).toBe(200);
    expect(await grantsOf(minor.self)).toMatchObject([{ id: body.id, givenBy: { role: 'guardian' } }]);
    expect((await guardian('POST', `${path}/grants/${body.id}/withdraw`)).status).toBe(200);
    expect((await doctor('GET', path)).status).toBe(403);
    const roles = ['patient', 'practitioner', 'secretary'] as const;
    const both = await acting(practice, 'guardian', minor.patientId, { roles: [...roles], practitionerId });
    expect((await grant(both, practitionerId)).body.code).toBe('RECORD.GRANT_TO_YOURSELF');
  });

  it('sees who opened the record in an emergency, but nothing that was said in free words', async () => {
    const doctor = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID(), sub: randomUUID() });
    const { body: opened } = await doctor('POST', `${path}/emergency-access`, unconscious());
    const reviewer = await practice.as({ roles: ['admin'], sub: randomUUID() });
    const verdict = { finding: 'justified', words: 'The patient was unconscious' };
    await reviewer('POST', `${path}/emergency-accesses/${opened.id}/verdict`, verdict);
    const { items } = (await guardian('GET', `${path}/emergency-accesses`)).body;
    const { id, patientId, practitionerId, since, until, reasonCode } = opened;
    expect(items).toEqual([{ id, patientId, practitionerId, since, until, reasonCode }]);
    expect((await minor.self('GET', `${path}/emergency-accesses`)).body.items[0]).toMatchObject({
      verdict,
      ...unconscious(),
    });
  });

  it('who is a practitioner as well sees as little, and writes in a visit alone', async () => {
    const practitionerId = addPractitioner(practice);
    const themselves = { roles: ['patient', 'practitioner'] as ('patient' | 'practitioner')[], practitionerId };
    const parent = await acting(practice, 'guardian', minor.patientId, themselves);
    await minor.doctor('POST', `${path}/notes`, { text: 'For all' });
    const { body: secret } = await minor.doctor('POST', `${path}/notes`, { text: 'A secret', ...kept });
    const note = { text: 'Of a parent' };
    expect((await parent('POST', `${path}/notes`, note)).body.code).toBe('RECORD.NO_CARE_RELATION');
    practice.neighbours.relations.add(`${minor.patientId} ${practitionerId}`);
    practice.clock.advanceBy(5_000);
    const unregistered = await acting(practice, 'guardian', minor.patientId, {
      ...themselves,
      roles: ['practitioner'],
    });
    for (const by of [parent, unregistered]) {
      expect(await notesOf(by)).toEqual(['For all']);
      const amended = { text: 'Guessed', amendmentReason: 'because' };
      const answer = await by('PUT', `${path}/notes/${secret.id}`, amended, { 'if-match': '"v1"' });
      expect(answer.body.code).toBe('RECORD.NO_SUCH_ENTRY');
    }
    expect((await parent('POST', `${path}/notes`, note)).status).toBe(201);
    expect(await notesOf(minor.self)).toEqual(['Of a parent', 'A secret', 'For all']);
    // Alike whether an allergy is kept, stated as unknown, or neither: what is answered would tell.
    const state = () => parent('POST', `${path}/allergies/no-known`);
    const withdraw = () =>
      parent('POST', `${path}/allergies/no-known/withdraw`, { amendmentReason: 'It is not known' });
    const tried = [await state(), await withdraw()];
    await minor.doctor('POST', `${path}/allergies/no-known`);
    tried.push(await state(), await withdraw());
    await minor.doctor('POST', `${path}/allergies`, { ...penicillin(), ...kept });
    tried.push(await state(), await withdraw());
    expect(tried.map(({ status, body }) => [status, body.code, body.items])).toEqual(
      Array(6).fill([403, 'RECORD.NOT_FOR_GUARDIANS', undefined]),
    );
    expect((await parent('GET', `${path}/allergies`)).body).toMatchObject({ items: [] });
    expect((await parent('POST', `${path}/emergency-access`, unconscious())).body.code).toBe('RECORD.OPEN_TO_YOU');
  });
});

describe('a guardian of a minor whose own the record has become', () => {
  const themselves = () => ({ practitionerId: addPractitioner(practice), patientId: randomUUID() });
  /** Who acts in what is left. */
  const parentAs = (roles: Role[], more: object = {}) =>
    acting(practice, 'guardian', minor.patientId, {
      roles,
      sections: ['details', 'appointments', 'record', 'accesses'],
      ends: { record: 0, accesses: 0 },
      ...more,
    });

  it('reads it until the first instant of the day, by a token of before as well, and then nothing of it', async () => {
    const day = inDays(1);
    const ends = { record: day.getTime() / 1_000 };
    const parent = await acting(practice, 'guardian', minor.patientId, { sections: ['details', 'record'], ends });
    const reads = [...lists, '/grants', '/emergency-accesses'];
    practice.clock.set(new Date(day.getTime() - 1));
    for (const list of reads) expect([list, (await parent('GET', path + list)).status]).toEqual([list, 200]);
    practice.clock.set(day);
    const refused = { code: 'RECORD.NOT_YOUR_RECORD', detail: expect.stringContaining('the minor’s own') };
    for (const list of reads) expect((await parent('GET', path + list)).body).toMatchObject(refused);
    expect((await minor.self('GET', path)).status).toBe(200);
    expect((await grant(parent, addPractitioner(practice))).body.code).toBe('RECORD.NOT_YOUR_RECORD');
  });

  it('neither lets anybody in nor sees whom the minor lets in, at the desk either', async () => {
    const practitionerId = addPractitioner(practice);
    await grant(minor.self, practitionerId, kept);
    const atTheDesk = await parentAs(['patient', 'secretary']);
    for (const by of [atTheDesk, await parentAs(['secretary'])]) {
      expect((await by('GET', `${path}/grants`)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
      expect((await grant(by, practitionerId)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    }
    expect(await grantsOf(minor.self)).toMatchObject([{ practitionerId }]);
  });

  it.each([[['patient', 'practitioner']], [['practitioner']]] as Role[][][])(
    'who is a practitioner, as %j, comes in as one, and to nothing that is kept from guardians',
    async (roles) => {
      const me = themselves();
      const parent = await parentAs(roles, me);
      await minor.doctor('POST', `${path}/notes`, { text: 'For all' });
      const { body: secret } = await minor.doctor('POST', `${path}/notes`, { text: 'A secret', ...kept });
      expect((await parent('GET', path)).body.code).toBe('RECORD.NO_CARE_RELATION');
      expect((await parent('POST', `${path}/emergency-access`, unconscious())).status).toBe(201);
      expect(await notesOf(parent)).toEqual(['For all']);
      expect((await parent('POST', `${path}/notes`, { text: 'x' })).body.code).toBe('RECORD.NO_CARE_RELATION');
      await grant(minor.self, me.practitionerId);
      expect(await notesOf(parent)).toEqual(['For all']);
      expect((await parent('POST', `${path}/notes`, { text: 'x' })).body.code).toBe('RECORD.NO_CARE_RELATION');
      practice.neighbours.relations.add(`${minor.patientId} ${me.practitionerId}`);
      practice.clock.advanceBy(5_000);
      expect(await notesOf(parent)).toEqual(['For all']);
      for (const is of [true, false]) {
        expect((await keep(parent, secret.id, is)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
      }
      expect((await parent('POST', `${path}/notes`, { text: 'Of a parent' })).status).toBe(201);
    },
  );
});

describe('a carer', () => {
  it('reads the record, not that something is kept, nor whom the patient lets in, nor what was opened in an emergency', async () => {
    const carer = await acting(practice, 'carer', minor.patientId);
    const { body: note } = await minor.doctor('POST', `${path}/notes`, { text: 'As a minor', ...kept });
    await minor.doctor('POST', `${path}/allergies/no-known`);
    for (const list of [...lists, `/notes/${note.id}/versions`]) {
      const { status, body } = await carer('GET', path + list);
      expect([list, status, JSON.stringify(body).includes('keptFromGuardians')]).toEqual([list, 200, false]);
    }
    expect(await notesOf(carer)).toEqual(['As a minor']);
    expect((await carer('GET', `${path}/allergies`)).body.state).toBe('none-known');
    for (const list of ['/grants', '/emergency-accesses']) {
      expect((await carer('GET', path + list)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    }
    expect((await grant(carer, addPractitioner(practice))).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    expect((await keep(carer, note.id, false)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    const ofVisits = await acting(practice, 'carer', minor.patientId, { sections: ['appointments'] });
    expect((await ofVisits('GET', path)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
  });
});

describe('what a minor keeps from their guardians', () => {
  it.each([
    ['allergies', penicillin()],
    ['conditions', asthma()],
    ['encounters', { status: 'in-progress', class: 'AMB', period: { start: '2026-11-20T09:00:00Z' } }],
    ['notes', { text: 'A secret' }],
  ])('is not there for them: %s', async (kind, said) => {
    const { status, body } = await minor.doctor('POST', `${path}/${kind}`, { ...said, ...kept });
    expect([status, body.keptFromGuardians]).toEqual([201, true]);
    const at = `${path}/${kind}/${body.id}`;
    const again = { ...said, amendmentReason: 'Asked again' };
    const amended = await minor.doctor('PUT', at, again, { 'if-match': '"v1"' });
    expect(amended.body).toMatchObject({ version: 2, ...kept });
    for (const by of [minor.self, minor.doctor]) {
      expect((await by('GET', `${path}/${kind}`)).body.items).toMatchObject([{ id: body.id, ...kept }]);
      expect((await by('GET', path)).body.version).toBe(3);
    }
    expect((await guardian('GET', `${path}/${kind}`)).body.items).toEqual([]);
    expect((await guardian('GET', `${at}/versions`)).body.code).toBe('RECORD.NO_SUCH_ENTRY');
    const seen = await guardian('GET', path);
    expect(seen.body).toMatchObject({ version: 1, practitioners: { state: 'complete', items: [] } });
    expect([seen.headers.get('etag'), JSON.stringify(seen.body).includes(body.id)]).toEqual([null, false]);
    const isTold = { entryId: body.id, ...kept };
    await until(() => told(practice, minor.patientId).length === 3);
    expect(told(practice, minor.patientId).slice(1)).toMatchObject([{ data: isTold }, { data: isTold }]);
  });

  it('is said later as well, by the minor or whoever treats them, and taken back', async () => {
    const { body: note } = await minor.doctor('POST', `${path}/notes`, { text: 'Of the minor' });
    expect(note).not.toHaveProperty('keptFromGuardians');
    for (const by of [minor.self, minor.doctor]) {
      expect(await notesOf(guardian)).toEqual(['Of the minor']);
      for (let i = 0; i < 2; i += 1) {
        expect((await keep(by, note.id)).body).toEqual({ entryId: note.id, ...kept });
      }
      expect(await notesOf(guardian)).toEqual([]);
      expect((await keep(by, note.id, false)).body).toEqual({ entryId: note.id, keptFromGuardians: false });
    }
    const amended = { text: 'Of the minor', amendmentReason: 'At their wish', ...kept };
    await minor.doctor('PUT', `${path}/notes/${note.id}`, amended, { 'if-match': '"v1"' });
    expect(await notesOf(guardian)).toEqual([]);
    expect((await keep(minor.self, randomUUID())).body.code).toBe('RECORD.NO_SUCH_ENTRY');
    const stranger = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID(), sub: randomUUID() });
    expect((await keep(stranger, note.id, false)).body.code).toBe('RECORD.NO_CARE_RELATION');
  });

  it('is marked on the trail whenever somebody sees or changes it, or tries or repeats that', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const secret = { text: 'A secret', ...kept };
    const { body: note } = await minor.doctor('POST', `${path}/notes`, secret, key);
    const at = `${path}/notes/${note.id}`;
    const practitionerId = addPractitioner(practice);
    const letIn = await practice.as({ roles: ['practitioner'], practitionerId, sub: randomUUID() });
    const statuses = [
      await minor.doctor('POST', `${path}/notes`, secret, key),
      await minor.doctor('GET', path),
      await minor.self('GET', `${at}/versions`),
      await minor.doctor('PUT', at, { ...secret, amendmentReason: 'because' }, { 'if-match': '"v9"' }),
      await keep(minor.self, note.id),
      await grant(minor.self, practitionerId, kept),
      await letIn('GET', `${path}/allergies`),
      await minor.doctor('GET', `${path}/allergies`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([201, 200, 200, 412, 200, 201, 200, 200]);
    const lines = ((await practice.kept(auditCollection)) as SealedEvent[])
      .filter(({ subjects }) => subjects.includes(minor.patientId))
      .toSorted((a, b) => a.sequence - b.sequence);
    expect(lines.map(({ outcome, subjects }) => [outcome, subjects.includes(keptFromGuardians)])).toEqual([
      [201, true],
      ...statuses.map((status, index) => [status, index < 7]),
    ]);
  });

  it('is the reason why no guardian is told that no allergy is known', async () => {
    const states = async () =>
      Promise.all([minor.self, guardian].map(async (by) => (await by('GET', `${path}/allergies`)).body));
    await minor.doctor('POST', `${path}/allergies/no-known`);
    const [own, before] = await states();
    expect([own.state, before]).toEqual(['none-known', { state: 'unknown', items: [] }]);
    await minor.doctor('POST', `${path}/allergies`, penicillin(kept));
    expect(await states()).toMatchObject([{ state: 'listed' }, before]);
    await minor.doctor('POST', `${path}/allergies`, penicillin({ code: { text: 'Latex' } }));
    expect(await states()).toMatchObject([
      { items: [{}, {}] },
      { state: 'listed', items: [{ code: { text: 'Latex' } }] },
    ]);
  });

  it('is a visit of which that is told, at first or later, whatever becomes of it', async () => {
    const appointmentId = randomUUID();
    const visit = (type: string, version: number, more: object = {}) => {
      const { data } = completed(minor.patientId, minor.practitionerId, appointmentId, { version, ...more });
      return hear(practice, 'appointment', buildEvent(`appointment.${type}`, data as object));
    };
    const visitsOf = async (by: Caller) =>
      (await by('GET', `${path}/encounters?enteredInError=true`)).body.items.map(
        ({ status }: { status: string }) => status,
      );
    await visit('completed', 3);
    expect(await visitsOf(guardian)).toEqual(['finished']);
    await visit('privacy-changed', 4, kept);
    expect([await visitsOf(guardian), await visitsOf(minor.self)]).toEqual([[], ['finished']]);
    // That it is one no longer is said of the encounter by itself.
    await visit('privacy-changed', 5);
    await visit('reopened', 6, { status: 'booked' });
    await visit('privacy-changed', 7, { status: 'booked' });
    expect([await visitsOf(guardian), await visitsOf(minor.self)]).toEqual([[], ['entered-in-error']]);
    await hear(practice, 'appointment', completed(minor.patientId, minor.practitionerId, randomUUID(), kept));
    expect(await visitsOf(guardian)).toEqual([]);
    expect((await minor.self('GET', `${path}/encounters`)).body.items).toMatchObject([kept]);
  });

  it('does not show by when the record was opened', async () => {
    const patientId = randomUUID();
    const parent = await acting(practice, 'guardian', patientId);
    const self = await practice.as({ roles: ['patient'], patientId, sub: randomUUID() });
    await hear(practice, 'appointment', completed(patientId, randomUUID(), randomUUID(), kept));
    const at = `/api/records/${patientId}`;
    expect([(await self('GET', at)).status, (await parent('GET', at)).body.code]).toEqual([200, 'RECORD.NOT_FOUND']);
    practice.clock.advanceBy(60_000);
    const openedAt = practice.clock.now().toISOString();
    for (let i = 0; i < 2; i += 1) {
      await hear(practice, 'patient', registered(patientId));
      expect((await parent('GET', at)).body).toMatchObject({ openedAt, version: 1, encounters: [] });
      practice.clock.advanceBy(60_000);
    }
  });

  it('stays so when two records of them become one', async () => {
    const other = await buildPatient(practice);
    const appointmentId = randomUUID();
    await other.doctor('POST', `${other.path}/notes`, { text: 'Of the other', ...kept });
    await other.doctor('POST', `${other.path}/notes`, { text: 'For all' });
    await hear(practice, 'appointment', completed(other.patientId, other.practitionerId, appointmentId, kept));
    await hear(practice, 'appointment', completed(minor.patientId, minor.practitionerId, appointmentId));
    await hear(practice, 'patient', merged(other.patientId, minor.patientId));
    expect(await notesOf(guardian)).toEqual(['For all']);
    expect(await notesOf(minor.self)).toHaveLength(2);
    expect((await guardian('GET', `${path}/encounters?enteredInError=true`)).body.items).toEqual([]);
    const ofOld = await acting(practice, 'guardian', other.patientId);
    expect((await ofOld('GET', path)).body.notes).toMatchObject([{ text: 'For all' }]);
  });
});

describe('a grant that a minor keeps from their guardians', () => {
  it('lets in beside those that guardians see, and neither ends the other', async () => {
    const practitionerId = addPractitioner(practice);
    const doctor = await practice.as({ roles: ['practitioner'], practitionerId, sub: randomUUID() });
    const secretary = await practice.as({ roles: ['secretary'], sub: randomUUID() });
    const { body: seen } = await grant(guardian, practitionerId);
    const { body: secret } = await grant(minor.self, practitionerId, kept);
    expect([secret.keptFromGuardians, await grantsOf(guardian)]).toEqual([true, [seen]]);
    for (const by of [minor.self, secretary]) {
      expect(await grantsOf(by)).toMatchObject([{ id: secret.id, ...kept }, { id: seen.id }]);
      expect((await grantsOf(by))[1]).not.toHaveProperty('withdrawnAt');
    }
    expect((await guardian('POST', `${path}/grants/${secret.id}/withdraw`)).body.code).toBe('RECORD.NO_SUCH_GRANT');
    await guardian('POST', `${path}/grants/${seen.id}/withdraw`);
    expect((await doctor('GET', path)).status).toBe(200);
    await minor.self('POST', `${path}/grants/${secret.id}/withdraw`);
    expect((await doctor('GET', path)).status).toBe(403);
    expect((await grant(guardian, practitionerId, kept)).body.code).toBe('RECORD.NOT_FOR_GUARDIANS');
  });

  it('takes none of the places that guardians have', async () => {
    const others = Array.from({ length: 20 }, () => addPractitioner(practice));
    for (const practitionerId of others) expect((await grant(minor.self, practitionerId, kept)).status).toBe(201);
    expect((await grant(minor.self, addPractitioner(practice), kept)).body.code).toBe('RECORD.TOO_MANY_GRANTS');
    expect((await grant(guardian, addPractitioner(practice))).status).toBe(201);
  });
});

describe('a practitioner who treats a minor by visits alone that are kept from guardians', () => {
  it('is seen at the record by the minor, and not by guardians', async () => {
    const practitionerId = addPractitioner(practice);
    const pair = `${minor.patientId} ${practitionerId}`;
    practice.neighbours.relations.add(pair);
    practice.neighbours.keptRelations.add(pair);
    const doctor = await practice.as({ roles: ['practitioner'], practitionerId, sub: randomUUID() });
    for (const list of lists) expect((await doctor('GET', path + list)).status).toBe(200);
    const parent = await acting(practice, 'guardian', minor.patientId, { sections: ['record', 'accesses'] });
    const seenBy = async (by: Caller) => {
      const { status, body } = await by('GET', `/system/accesses/${minor.patientId}`);
      expect(status).toBe(200);
      return body.items.filter((line: { practitionerId?: string }) => line.practitionerId === practitionerId).length;
    };
    expect([await seenBy(minor.self), await seenBy(parent)]).toEqual([lists.length, 0]);
  });
});
