import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'], sub: randomUUID() });
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

async function register(birthDate: string, overrides: object = {}): Promise<string> {
  const { status, body } = await secretary('POST', '/api/patients', buildPatient({ birthDate, ...overrides }));
  if (status !== 201) throw new Error(`not registered: ${JSON.stringify(body)}`);
  return body.id;
}
const child = (overrides?: object) => register('2016-03-02', overrides);
const adult = (overrides?: object) => register('1985-03-02', overrides);

const give = (id: string, body: object, by = secretary, headers = {}) =>
  by('POST', `/api/patients/${id}/related-persons`, body, headers);
const guardian = (relatedPatientId: string, more: object = {}) => ({
  relatedPatientId,
  relationship: 'guardian',
  proof: 'birth-certificate',
  ...more,
});
const carer = (relatedPatientId: string, more: object = {}) => ({
  relatedPatientId,
  relationship: 'carer',
  sections: ['details'],
  ...more,
});
async function given(id: string, body: object) {
  const answer = await give(id, body);
  if (answer.status !== 201) throw new Error(`not given: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const listed = async (id: string) => (await secretary('GET', `/api/patients/${id}/related-persons`)).body.items;
const end = (id: string, relatedPersonId: string, by = secretary) =>
  by('DELETE', `/api/patients/${id}/related-persons/${relatedPersonId}`);

/** What was last told of a relation. */
const lastTold = async (relatedPersonId: string, count: number) => {
  await service.told(relatedPersonId, count);
  return service.published.filter(
    ({ data }) => (data as { relatedPersonId?: string }).relatedPersonId === relatedPersonId,
  );
};

/** Somebody who signs in as a patient and acts for another. */
const acting = (patientId: string, patient: string, as: 'guardian' | 'carer', sections: string[]) =>
  service.as({
    roles: ['patient'],
    sub: randomUUID(),
    patientId,
    acts_for: [{ patient, as, sections: sections as 'details'[] }],
  });

describe('a guardian', () => {
  it('is entered by a secretary with what proves it, and acts in all until the child is of age', async () => {
    const [kid, mother] = [await child(), await adult({ familyName: 'Mere', givenNames: ['Anne'] })];
    const answer = await give(kid, guardian(mother));
    expect([answer.status, answer.headers.get('etag')]).toEqual([201, '"v1"']);
    const said = {
      patientId: kid,
      relatedPatientId: mother,
      familyName: 'Mere',
      relationship: 'guardian',
      sections: ['details', 'appointments', 'record', 'accesses'],
      givenBy: 'practice',
      proof: { document: 'birth-certificate', seenAt: '2026-11-20T10:00:00.000Z' },
      until: '2034-03-01T23:00:00.000Z',
    };
    expect(answer.body).toMatchObject(said);
    expect(await listed(kid)).toMatchObject([said]);
    const ends = ['record', 'accesses'].map((section) => ({ section, at: '2031-03-01T23:00:00.000Z' }));
    expect(answer.body).toMatchObject({ ends, opened: [] });
    const mine = await service.as({ roles: ['patient'], patientId: mother });
    const { body } = await mine('GET', `/api/patients/${mother}/acts-for`);
    expect(body.items).toMatchObject([{ patientId: kid, relationship: 'guardian' }]);
    expect(body.items[0]).not.toHaveProperty('proof');
    const [told] = await lastTold(answer.body.id, 1);
    expect(told).toMatchObject({
      type: 'related-person.given',
      data: {
        relatedPersonId: answer.body.id,
        version: 1,
        patientId: kid,
        relatedPatientId: mother,
        relationship: 'guardian',
        sections: said.sections,
        until: said.until,
        ends,
      },
    });
    expect(Object.keys(told?.data as object)).toHaveLength(8);
  });

  it.each([
    [
      'without proof',
      async (kid: string) => [kid, { ...guardian(await adult()), proof: undefined }],
      'proof',
      'REQUIRED',
    ],
    ['of an adult', async () => [await adult(), guardian(await adult())], 'relationship', 'NOT_A_MINOR'],
    ['of themself', async (kid: string) => [kid, guardian(kid)], 'relatedPatientId', 'SAME_PATIENT'],
    [
      'who is younger',
      async (kid: string) => [kid, guardian(await register('2018-01-01'))],
      'relatedPatientId',
      'NOT_BORN_BEFORE',
    ],
    ['whom nobody knows', async (kid: string) => [kid, guardian(randomUUID())], 'relatedPatientId', 'NO_SUCH_PATIENT'],
    [
      'in some sections',
      async (kid: string) => [kid, guardian(await adult(), { sections: ['details'] })],
      'sections',
      'NOT_TAKEN',
    ],
    [
      'for longer than that',
      async (kid: string) => [kid, guardian(await adult(), { until: '2034-03-01T23:00:01Z' })],
      'until',
      'AFTER_MAJORITY',
    ],
    [
      'until yesterday',
      async (kid: string) => [kid, guardian(await adult(), { until: '2026-11-19T10:00:00Z' })],
      'until',
      'IN_THE_PAST',
    ],
  ] as const)('is nobody %s', async (_how, of, path, code) => {
    const [id, body] = (await of(await child())) as [string, object];
    const answer = await give(id, body);
    expect([answer.status, answer.body.fields?.[0]]).toEqual([422, expect.objectContaining({ path, code })]);
    expect(await listed(id)).toEqual([]);
  });

  it('is entered neither by the child, nor by themself, nor twice', async () => {
    const [kid, mother] = [await child(), await adult()];
    const self = await service.as({ roles: ['patient'], patientId: kid });
    expect((await give(kid, guardian(mother), self)).body.code).toBe('ACCESS.NOT_YOUR_FIELD');
    const both = await service.as({ roles: ['secretary', 'patient'], patientId: mother });
    expect((await give(kid, guardian(mother), both)).body.code).toBe('PATIENT.RELATED_TO_YOURSELF');
    const stranger = await service.as({ roles: ['patient'], patientId: mother });
    expect((await give(kid, guardian(mother), stranger)).body.code).toBe('ACCESS.NOT_YOUR_DATA');
    const relation = await given(kid, guardian(mother));
    expect((await give(kid, guardian(mother))).body.code).toBe('PATIENT.RELATED_ALREADY');
    expect((await end(kid, relation.id, self)).body.code).toBe('ACCESS.NOT_YOUR_FIELD');
    const change = { 'if-match': '"v1"' };
    const path = `/api/patients/${kid}/related-persons/${relation.id}`;
    expect((await self('PATCH', path, { until: '2026-12-20T10:00:00Z' }, change)).body.code).toBe(
      'ACCESS.NOT_YOUR_FIELD',
    );
    expect(await listed(kid)).toMatchObject([{ version: 1 }]);
  });

  it('acts until another day when the birth date is corrected, and no more when the child is of age', async () => {
    const [kid, mother] = [await child(), await adult()];
    const relation = await given(kid, guardian(mother));
    const correct = (birthDate: string, version: number) =>
      secretary('PATCH', `/api/patients/${kid}`, { birthDate }, { 'if-match': `"v${version}"` });
    expect((await correct('2017-03-02', 1)).status).toBe(200);
    const at = '2032-03-01T23:00:00.000Z';
    expect(await listed(kid)).toMatchObject([
      { until: '2035-03-01T23:00:00.000Z', version: 2, ends: [{ section: 'record', at }, { at }] },
    ]);
    expect((await correct('2007-03-02', 2)).status).toBe(200);
    expect(await listed(kid)).toEqual([]);
    const told = await lastTold(relation.id, 3);
    expect(told.map(({ type }) => type)).toEqual([
      'related-person.given',
      'related-person.changed',
      'related-person.ended',
    ]);
  });

  it('acts no longer once one of the two has died', async () => {
    const [kid, mother, father] = [await child(), await adult(), await adult()];
    await given(kid, guardian(mother));
    await given(kid, guardian(father));
    const gone = (id: string, reason: string) =>
      secretary('DELETE', `/api/patients/${id}?reason=${reason}`, undefined, { 'if-match': '"v1"' });
    await gone(father, 'left-practice');
    expect(await listed(kid)).toHaveLength(2);
    await gone(mother, 'deceased');
    expect(await listed(kid)).toMatchObject([{ relatedPatientId: father }]);
    await gone(kid, 'deceased');
    expect(await listed(kid)).toEqual([]);
  });

  it('reads and changes how the child is reached, and sees neither when they come nor what is proof', async () => {
    const [kid, mother] = [await child(), await adult()];
    await given(kid, guardian(mother));
    await service.deliver({
      type: 'appointment.booked',
      data: {
        appointmentId: randomUUID(),
        version: 1,
        patientId: kid,
        practitionerId: randomUUID(),
        appointmentTypeId: randomUUID(),
        status: 'booked',
        start: '2026-11-23T08:30:00Z',
        end: '2026-11-23T09:00:00Z',
      },
    });
    const mum = await acting(mother, kid, 'guardian', ['details']);
    const read = await mum('GET', `/api/patients/${kid}`);
    expect(read.status).toBe(200);
    expect(read.body).not.toHaveProperty('nextVisit');
    const version = { 'if-match': read.headers.get('etag') as string };
    const telecom = [{ system: 'phone', value: '+33639981234' }];
    expect((await mum('PATCH', `/api/patients/${kid}`, { telecom }, version)).status).toBe(200);
    expect((await mum('PATCH', `/api/patients/${kid}`, { birthName: 'X' }, { 'if-match': '"v2"' })).body.code).toBe(
      'ACCESS.NOT_YOUR_FIELD',
    );
    expect((await mum('PUT', `/api/patients/${kid}`, buildPatient(), { 'if-match': '"v2"' })).status).toBe(403);
    const others = (await mum('GET', `/api/patients/${kid}/related-persons`)).body.items;
    expect(others).toMatchObject([{ relatedPatientId: mother }]);
    expect(others[0]).not.toHaveProperty('proof');
    const stranger = await acting(mother, await child(), 'guardian', ['details']);
    expect((await stranger('GET', `/api/patients/${kid}`)).body.code).toBe('ACCESS.NOT_YOUR_DATA');
    const elsewhere = await acting(mother, kid, 'guardian', ['appointments', 'record', 'accesses']);
    expect((await elsewhere('GET', `/api/patients/${kid}`)).body.code).toBe('ACCESS.NOT_YOUR_DATA');
  });
});

describe('what is a minor’s own', () => {
  /** Of fifteen, with their mother as guardian. */
  async function teenager(birthDate = '2011-11-20') {
    const [kid, mother] = [await register(birthDate), await adult()];
    const relation = await given(kid, guardian(mother));
    const self = await service.as({ roles: ['patient'], patientId: kid });
    const path = `/api/patients/${kid}/related-persons/${relation.id}`;
    const change = (by: Caller, body: object, version = 1) => by('PATCH', path, body, { 'if-match': `"v${version}"` });
    return { kid, mother, relation, self, change };
  }
  const all = ['details', 'appointments', 'record', 'accesses'] as const;
  const left = ['details', 'appointments'];

  it('is theirs from the first instant of the birthday on, and said long before', async () => {
    const [before, on] = [await teenager('2011-11-21'), await teenager('2011-11-20')];
    expect([before.relation.sections.length, on.relation.sections]).toEqual([4, left]);
    const at = '2026-11-20T23:00:00.000Z';
    expect(before.relation.ends).toMatchObject([
      { section: 'record', at },
      { section: 'accesses', at },
    ]);
    expect(await listed(on.kid)).toMatchObject([{ sections: left }]);
    const mum = await service.as({ roles: ['patient'], patientId: on.mother });
    const { items } = (await mum('GET', `/api/patients/${on.mother}/acts-for`)).body;
    expect(items).toMatchObject([{ sections: left, ends: on.relation.ends }]);
    expect(items[0]).not.toHaveProperty('opened');
    const copy = await on.self('GET', `/system/patient-data/${on.kid}`);
    expect(copy.body.sections.relatedPersons).toMatchObject([{ sections: left, opened: [] }]);
  });

  it('is shut at the very instant by a token of before: who saw the data is, how the child is reached is not', async () => {
    const { kid, mother } = await teenager('2011-11-21');
    const at = Date.parse('2026-11-20T23:00:00Z') / 1_000;
    const mum = await service.as({
      roles: ['patient'],
      sub: randomUUID(),
      patientId: mother,
      acts_for: [{ patient: kid, as: 'guardian', sections: [...all], ends: { record: at, accesses: at } }],
    });
    const statuses = async () => [
      (await mum('GET', `/system/accesses/${kid}`)).status,
      (await mum('GET', `/api/patients/${kid}`)).status,
    ];
    const before = service.clock.now();
    service.clock.set(new Date(at * 1_000 - 1));
    expect(await statuses()).toEqual([200, 200]);
    service.clock.set(new Date(at * 1_000));
    expect(await statuses()).toEqual([403, 200]);
    expect((await mum('GET', `/system/accesses/${kid}`)).body.detail).toContain('the minor’s own');
    service.clock.set(before);
  });

  it('they open to a guardian and shut again, themself or by the practice at their word, and it is told', async () => {
    const { kid, relation, self, change } = await teenager();
    const opened = await change(self, { opened: ['record'] });
    expect([opened.status, opened.body.sections, opened.body.opened]).toEqual([200, [...left, 'record'], ['record']]);
    expect(opened.body.ends).toMatchObject([{ section: 'accesses' }]);
    const both = await change(secretary, { opened: ['accesses', 'record'] }, 2);
    expect([both.body.sections, both.body.ends]).toEqual([[...left, 'record', 'accesses'], []]);
    expect((await change(self, { opened: [] }, 3)).body.sections).toEqual(left);
    expect(await listed(kid)).toMatchObject([{ version: 4, until: relation.until, sections: left }]);
    const told = await lastTold(relation.id, 4);
    const ends = (told as { data: { ends?: { section: string }[] } }[]).map(({ data }) =>
      data.ends?.map(({ section }) => section),
    );
    expect(ends).toEqual([['record', 'accesses'], ['accesses'], undefined, ['record', 'accesses']]);
  });

  it.each([
    ['too early', '2011-11-21', { opened: ['record'] }, 'opened', 'NOT_YET_OWN', 'until 2026-11-21'],
    ['what never is', '2011-11-20', { opened: ['details'] }, 'opened', 'NEVER_OWN', 'until majority'],
  ] as const)('they do not open %s', async (_how, birthDate, body, path, code, message) => {
    const { self, change, kid } = await teenager(birthDate);
    for (const by of [self, secretary]) {
      const answer = await change(by, body);
      expect([answer.status, answer.body.fields[0]]).toEqual([
        422,
        { path, code, message: expect.stringContaining(message) },
      ]);
    }
    expect(await listed(kid)).toMatchObject([{ version: 1 }]);
  });

  it('nobody opens for themself, for a carer, or in place of what a guardian has', async () => {
    const { kid, mother, relation, self, change } = await teenager();
    const mum = await acting(mother, kid, 'guardian', left);
    expect((await change(mum, { opened: ['record'] })).body.code).toBe('ACCESS.NOT_YOUR_DATA');
    const atTheDesk = await service.as({ roles: ['secretary', 'patient'], patientId: mother });
    expect((await change(atTheDesk, { opened: ['record'] })).body.code).toBe('PATIENT.RELATED_TO_YOURSELF');
    const until = '2027-01-01T00:00:00Z';
    expect((await change(self, { opened: ['record'], until })).body.code).toBe('ACCESS.NOT_YOUR_FIELD');
    const named = await change(secretary, { sections: ['record'] });
    expect(named.body.fields).toMatchObject([{ path: 'sections', code: 'NOT_TAKEN' }]);
    expect(await listed(kid)).toMatchObject([{ id: relation.id, version: 1 }]);
    const old = await adult();
    const care = await given(old, carer(await adult()));
    const careAt = `/api/patients/${old}/related-persons/${care.id}`;
    const refused = await secretary('PATCH', careAt, { opened: [] }, { 'if-match': '"v1"' });
    expect(refused.body.fields).toMatchObject([{ path: 'opened', code: 'NOT_TAKEN' }]);
  });
});

describe.each(['secretary', 'practitioner'] as const)('a guardian who is a %s', (role) => {
  it('sees in no answer when the child comes, and of others as before', async () => {
    const birthDate = role === 'secretary' ? '2011-05-07' : '2011-05-08';
    const [kid, mother] = [await register(birthDate), await adult()];
    const { body: details } = await secretary('GET', `/api/patients/${kid}`);
    const { familyName, givenNames } = details;
    const [practitionerId, appointmentTypeId] = [randomUUID(), randomUUID()];
    const twin = async () =>
      (
        await secretary(
          'POST',
          '/api/patients?acceptDuplicate=true',
          buildPatient({ birthDate, familyName, givenNames }),
        )
      ).body.id;
    const [another, old] = [await twin(), await twin()];
    await secretary('POST', `/api/patients/${old}/merge`, { intoPatientId: kid });
    for (const patientId of [kid, another]) {
      const visit = { patientId, practitionerId, appointmentTypeId, version: 1 };
      for (const [start, status] of [
        ['2026-11-18T08:30:00Z', 'fulfilled'],
        ['2026-11-23T08:30:00Z', 'booked'],
      ]) {
        const appointment = { ...visit, appointmentId: randomUUID(), start, end: start, status };
        expect(await service.deliver({ type: 'appointment.booked', data: appointment })).toBe(200);
      }
    }
    const her = await service.as({
      roles: [role, 'patient'],
      sub: randomUUID(),
      patientId: mother,
      // What is kept is so of a guardian in whichever section.
      acts_for: [{ patient: kid, as: 'guardian', sections: ['details'] }],
    });
    const at = { 'if-match': `"v${details.version}"` };
    const answers = [
      await her('GET', `/api/patients/${kid}`),
      await her('GET', `/api/patients/${old}`),
      await her('GET', `/api/patients?q=${familyName}`),
      await her('POST', '/api/patients/search', { birthDate }),
      await her('GET', `/api/patients/${another}/duplicates`),
      await her('PATCH', `/api/patients/${kid}`, { gender: 'other' }, at),
    ];
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const shown = answers.flatMap(({ body }) => body.items ?? [body]);
    const visitsOf = (ids: string[]) =>
      shown
        .filter(({ id }) => ids.includes(id))
        .map(({ lastVisit, nextVisit }) => [lastVisit?.start, nextVisit?.start]);
    expect(visitsOf([kid, old])).toEqual(Array(6).fill([undefined, undefined]));
    expect(visitsOf([another])).toEqual(Array(2).fill(['2026-11-18T08:30:00.000Z', '2026-11-23T08:30:00.000Z']));
  });
});

describe('a carer', () => {
  it('is chosen by somebody of age, by section, changed and ended by them', async () => {
    const [old, son] = [await adult(), await adult()];
    const self = await service.as({ roles: ['patient'], patientId: old });
    const until = '2027-01-01T00:00:00Z';
    const answer = await give(old, carer(son, { sections: ['record', 'details'], until }), self);
    expect(answer.body).toMatchObject({
      sections: ['details', 'record'],
      givenBy: 'patient',
      until: '2027-01-01T00:00:00.000Z',
    });
    const path = `/api/patients/${old}/related-persons/${answer.body.id}`;
    const changed = await self('PATCH', path, { sections: ['appointments'], until: null }, { 'if-match': '"v1"' });
    expect([changed.status, changed.body.sections, changed.body.until]).toEqual([200, ['appointments'], undefined]);
    expect((await self('PATCH', path, { sections: ['details'] }, { 'if-match': '"v1"' })).status).toBe(412);
    expect((await self('PATCH', path, { sections: [] }, { 'if-match': '"v2"' })).status).toBe(422);
    expect([(await end(old, answer.body.id, self)).status, (await end(old, answer.body.id, self)).status]).toEqual([
      204, 204,
    ]);
    expect(await listed(old)).toEqual([]);
    const told = await lastTold(answer.body.id, 3);
    expect(told.map(({ type, data }) => [type, (data as { version: number }).version])).toEqual([
      ['related-person.given', 1],
      ['related-person.changed', 2],
      ['related-person.ended', 3],
    ]);
    expect((await self('PATCH', path, { sections: ['details'] }, { 'if-match': '"v3"' })).body.code).toBe(
      'PATIENT.NO_SUCH_RELATED_PERSON',
    );
  });

  it('is entered by a secretary at their word, never as themself, and may end it themself', async () => {
    const [old, son] = [await adult(), await adult()];
    const relation = await given(old, carer(son));
    expect(relation).toMatchObject({ givenBy: 'practice' });
    const other = await service.as({ roles: ['patient'], patientId: await adult() });
    expect((await end(old, relation.id, other)).body.code).toBe('ACCESS.NOT_YOUR_DATA');
    const him = await service.as({ roles: ['patient'], patientId: son });
    expect((await end(old, relation.id, him)).status).toBe(204);
    expect((await end(old, randomUUID())).status).toBe(404);
    expect((await end(son, relation.id)).status).toBe(404);
    const both = await service.as({ roles: ['secretary', 'patient'], patientId: son });
    expect((await give(old, carer(son), both)).body.code).toBe('PATIENT.RELATED_TO_YOURSELF');
  });

  it('of the practice may give up what they do as one, and neither widens nor prolongs it themself', async () => {
    const [old, son] = [await adult(), await adult()];
    const terms = { sections: ['appointments'], until: '2027-06-01T00:00:00.000Z' };
    const relation = await given(old, carer(son, terms));
    const path = `/api/patients/${old}/related-persons/${relation.id}`;
    const both = await service.as({ roles: ['secretary', 'patient'], sub: randomUUID(), patientId: son });
    for (const wish of [{ sections: ['appointments', 'record'] }, { until: null }, { sections: ['details'] }]) {
      const { status, body } = await both('PATCH', path, wish, { 'if-match': '"v1"' });
      expect([status, body.code]).toEqual([403, 'PATIENT.RELATED_TO_YOURSELF']);
    }
    expect(await listed(old)).toMatchObject([{ ...terms, version: 1 }]);
    const colleague = await service.as({
      roles: ['secretary', 'patient'],
      sub: randomUUID(),
      patientId: await adult(),
    });
    expect((await colleague('PATCH', path, { until: null }, { 'if-match': '"v1"' })).status).toBe(200);
    expect((await end(old, relation.id, both)).status).toBe(204);
  });

  it('is nobody for a minor, and a patient learns nothing of others by naming them', async () => {
    const [old, teenager] = [await adult(), await register('2010-03-02')];
    expect((await give(teenager, carer(old))).body.fields[0]).toMatchObject({ path: 'relationship', code: 'MINOR' });
    expect((await give(old, carer(teenager))).body.fields[0]).toMatchObject({ code: 'CARER_IS_MINOR' });
    const self = await service.as({ roles: ['patient'], patientId: old });
    const answers = [await give(old, carer(teenager), self), await give(old, carer(randomUUID()), self)];
    expect(answers.map(({ body }) => body.fields[0].code)).toEqual(['NO_SUCH_PATIENT', 'NO_SUCH_PATIENT']);
    expect((await give(old, carer(await adult(), { sections: [] }))).body.fields[0]).toMatchObject({
      path: 'sections',
    });
    expect((await give(old, carer(await adult(), { proof: 'other' }))).body.fields[0]).toMatchObject({ path: 'proof' });
  });

  it('acts for twenty at most, and can be of one another', async () => {
    const [busy, other] = [await adult(), await adult()];
    for (let nth = 0; nth < 20; nth += 1) await given(await adult(), carer(busy));
    expect((await give(other, carer(busy))).body.code).toBe('PATIENT.TOO_MANY_RELATED');
    expect((await give(busy, carer(other))).status).toBe(201);
  });
});

describe('what happens to either', () => {
  const merge = (id: string, intoPatientId: string, by = secretary) =>
    by('POST', `/api/patients/${id}/merge`, { intoPatientId });

  it('goes over to the registration that stays, and is told', async () => {
    const [kid, wrong, mother, twice] = [await child(), await child(), await adult(), await adult()];
    const [relation, same] = [await given(wrong, guardian(mother)), await given(kid, guardian(twice))];
    const double = await given(wrong, guardian(twice));
    expect((await merge(wrong, kid)).status).toBe(200);
    expect((await listed(kid)).map(({ id }: { id: string }) => id).sort()).toEqual([relation.id, same.id].sort());
    expect(await listed(wrong)).toHaveLength(2);
    expect((await lastTold(relation.id, 2)).at(-1)).toMatchObject({
      type: 'related-person.changed',
      data: { patientId: kid, version: 2 },
    });
    expect((await lastTold(double.id, 2)).at(-1)?.type).toBe('related-person.ended');

    const stays = await adult();
    expect((await merge(mother, stays)).status).toBe(200);
    expect((await lastTold(relation.id, 3)).at(-1)?.data).toMatchObject({ relatedPatientId: stays, version: 3 });
  });

  it('ends where the two turn out to be one person, or too many would come together', async () => {
    const [one, other] = [await adult(), await adult()];
    const relation = await given(one, carer(other));
    expect((await merge(one, other)).status).toBe(200);
    expect(await listed(other)).toEqual([]);
    expect((await lastTold(relation.id, 2)).at(-1)?.type).toBe('related-person.ended');
    const [a, b] = [await adult(), await adult()];
    for (let nth = 0; nth < 11; nth += 1) for (const acts of [a, b]) await given(await adult(), carer(acts));
    const refused = await merge(a, b);
    expect([refused.status, refused.body.code]).toEqual([409, 'PATIENT.MERGE_TOO_MUCH']);
  });

  it('is not decided by who acts for the patient, in whichever role they come', async () => {
    const [kid, another, mother] = [await child(), await child(), await adult()];
    await given(kid, guardian(mother));
    for (const role of ['secretary', 'admin'] as const) {
      const her = await service.as({ roles: [role, 'patient'], sub: randomUUID(), patientId: mother });
      for (const merged of [await merge(kid, another, her), await merge(another, kid, her)]) {
        expect([merged.status, merged.body.code]).toEqual([403, 'ACCESS.NOT_YOUR_FIELD']);
      }
      const { body: details } = await her('GET', `/api/patients/${kid}`);
      const at = { 'if-match': `"v${details.version}"` };
      const { familyName, givenNames, gender } = details;
      const replacement = { familyName, givenNames, gender, birthDate: '2018-03-02' };
      for (const changed of [
        await her('PATCH', `/api/patients/${kid}`, { birthDate: '2018-03-02' }, at),
        await her('PUT', `/api/patients/${kid}`, replacement, at),
      ]) {
        expect([changed.status, changed.body.code]).toEqual([403, 'ACCESS.NOT_YOUR_FIELD']);
        expect(changed.body.fields).toMatchObject([{ path: 'birthDate' }]);
      }
      expect((await her('PUT', `/api/patients/${kid}`, { ...replacement, birthDate: '2016-03-02' }, at)).status).toBe(
        200,
      );
    }
    expect(await listed(kid)).toMatchObject([
      { relatedPatientId: mother, until: '2034-03-01T23:00:00.000Z', version: 1 },
    ]);
    expect(await listed(another)).toEqual([]);
    expect((await merge(kid, another)).status).toBe(200);
  });

  it('is forgotten with who is erased, and told as ended', async () => {
    const [kid, mother] = [await child(), await adult()];
    const relation = await given(kid, guardian(mother));
    expect((await admin('POST', `/api/patients/${mother}/erase`)).status).toBe(204);
    expect(await listed(kid)).toEqual([]);
    expect((await lastTold(relation.id, 2)).at(-1)?.type).toBe('related-person.ended');
    const { rowCount } = await service.sql.query('select from related_person where id = $1', [relation.id]);
    expect(rowCount).toBe(0);
    expect((await give(kid, guardian(mother))).body.fields[0]).toMatchObject({ code: 'NO_SUCH_PATIENT' });
  });

  it('is given once, however often a request comes', async () => {
    const [kid, mother] = [await child(), await adult()];
    const headers = { 'idempotency-key': randomUUID() };
    const first = await give(kid, guardian(mother), secretary, headers);
    await service.sql.query(
      `update idempotency_key set answer = null, claimed_at = claimed_at - interval '61 seconds' where key = $1`,
      [headers['idempotency-key']],
    );
    const again = await give(kid, guardian(mother), secretary, headers);
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect(await service.told(first.body.id, 1)).toEqual(['related-person.given']);
  });
});

it('how a teenager is reached is questioned where it is how a guardian is reached', async () => {
  const telecom = [{ system: 'email', value: 'Anne@example.org' }];
  const mother = await adult({ telecom });
  const [teenager, kid] = [await register('2012-03-02', { telecom }), await child({ telecom })];
  await given(teenager, guardian(mother));
  await given(kid, guardian(mother));
  const warnings = async (id: string) => (await secretary('GET', `/api/patients/${id}`)).body.warnings;
  expect(await warnings(teenager)).toMatchObject([{ path: 'telecom[0].value', code: 'GUARDIANS_CONTACT' }]);
  expect(await warnings(kid)).toEqual([]);
  const found = await secretary('POST', '/api/patients/search', { email: 'anne@example.org' });
  const byId = new Map(
    found.body.items.map((item: { id: string; warnings: object[] }) => [item.id, item.warnings.length]),
  );
  expect([byId.get(teenager), byId.get(kid), byId.get(mother)]).toEqual([1, 0, 0]);
});
