import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertCursorsAreChecked } from '../../../tests/support/cursors.ts';
import { until, untilAnswered } from '../../../tests/support/http.ts';
import { asthma, buildPatient, type Practice, penicillin, startPractice, told } from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

const stored = (patientId: string) => practice.documents.findOne({ _id: patientId });

describe('POST /api/records/{patientId}/{kind}', () => {
  const encounter = {
    status: 'in-progress',
    class: 'HH',
    period: { start: '2026-11-20T09:30:00+01:00' },
    reason: 'Fever',
  };
  it.each([
    ['allergies', 'allergy', penicillin()],
    ['conditions', 'condition', asthma()],
    ['encounters', 'encounter', encounter],
    ['notes', 'note', { text: 'Sleeps better.\nReturns in a month.' }],
  ])('records %s with author and time, and tells it without its content', async (segment, kind, body) => {
    const { path, doctor, patientId, practitionerId } = await buildPatient(practice);
    const answer = await doctor('POST', `${path}/${segment}`, body);

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      ...body,
      version: 1,
      author: { role: 'practitioner', practitionerId },
      at: '2026-11-20T10:00:00.000Z',
    });
    expect(answer.headers.get('etag')).toBe('"v1"');
    expect(answer.headers.get('location')).toBe(`${path}/${segment}/${answer.body.id}/versions`);
    const document = await stored(patientId);
    expect(document?.entries.map((entry) => [entry.id, entry.kind, entry.versions.length])).toEqual([
      [answer.body.id, kind, 1],
    ]);

    await until(() => told(practice, patientId).length === 2);
    const [, event] = told(practice, patientId);
    expect(event).toMatchObject({
      type: 'record.entry-added',
      source: 'record',
      data: { patientId, entryId: answer.body.id, kind, version: 1 },
    });
    expect(Object.keys(event?.data as object).sort()).toEqual(['entryId', 'kind', 'patientId', 'version']);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
  });

  it.each(['2010', '2010-05', '2010-05-31'])('takes a date as exact as it is known: %s', async (onset) => {
    const { path, doctor } = await buildPatient(practice);
    const reactions = [{ manifestation: ['Hives'], onset }];
    const allergy = await doctor('POST', `${path}/allergies`, penicillin({ onset, reactions }));
    expect([allergy.status, allergy.body.onset, allergy.body.reactions]).toEqual([201, onset, reactions]);
    const past = asthma({ clinicalStatus: 'resolved', onset, abatement: '2010' });
    const condition = await doctor('POST', `${path}/conditions`, past);
    expect([condition.status, condition.body.onset, condition.body.abatement]).toEqual([201, onset, '2010']);
  });

  it('takes encounters planned for later, and what ends by a clock that is a little ahead', async () => {
    const { path, doctor } = await buildPatient(practice);
    const now = practice.clock.now().getTime();
    const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    for (const [status, start, end] of [
      ['planned', at(600), at(630)],
      ['cancelled', at(600), undefined],
      ['in-progress', at(-10), at(20)],
      ['finished', at(-10), at(2)],
    ]) {
      const answer = await doctor('POST', `${path}/encounters`, { ...encounter, status, period: { start, end } });
      expect([status, answer.status]).toEqual([status, 201]);
    }
  });

  it('lets an allergy that says there is none be marked as entered in error', async () => {
    const { path, doctor, patientId } = await buildPatient(practice);
    const { body } = await doctor('POST', `${path}/allergies`, penicillin());
    // As it was taken before.
    const change = { $set: { 'entries.0.versions.0.content.code': noKnownAllergy } };
    await practice.documents.updateOne({ _id: patientId }, change);
    const amend = (verificationStatus: string) =>
      doctor(
        'PUT',
        `${path}/allergies/${body.id}`,
        penicillin({ code: noKnownAllergy, verificationStatus, amendmentReason: 'There is none' }),
        { 'if-match': '"v1"' },
      );
    expect((await amend('unconfirmed')).status).toBe(422);
    expect((await amend('entered-in-error')).status).toBe(200);
    expect((await doctor('GET', `${path}/allergies`)).body.state).toBe('unknown');
  });

  it('keeps every one of many entries written at once', async () => {
    const { path, doctor, patientId } = await buildPatient(practice);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => doctor('POST', `${path}/notes`, { text: `Note ${i}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
    const document = await stored(patientId);
    expect(document?.entries).toHaveLength(12);
    expect(document?.version).toBe(13);
    await until(() => told(practice, patientId).length === 13);
    expect(new Set(told(practice, patientId).map(({ id }) => id)).size).toBe(13);
  });

  it('keeps every one of many entries written at once through two processes', async () => {
    const { path, doctor, patientId, practitionerId } = await buildPatient(practice);
    const elsewhere = await practice.as({ roles: ['practitioner'], practitionerId }, await practice.replica());
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? doctor : elsewhere)('POST', `${path}/notes`, { text: `Note ${i}` }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    const written = (await stored(patientId))?.entries.map(({ id }) => id);
    expect(written?.toSorted()).toEqual(answers.map(({ body }) => body.id).toSorted());
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    const entries = told(practice, patientId).map(({ data }) => (data as { entryId?: string }).entryId);
    expect(entries).toEqual([undefined, ...(written ?? [])]);
  });

  it('gives the first answer again for the same Idempotency-Key', async () => {
    const { path, doctor, patientId } = await buildPatient(practice);
    const key = { 'idempotency-key': randomUUID() };
    const first = await doctor('POST', `${path}/notes`, { text: 'Once' }, key);
    const again = await doctor('POST', `${path}/notes`, { text: 'Once' }, key);
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect(again.headers.get('etag')).toBe('"v1"');
    const other = await doctor('POST', `${path}/notes`, { text: 'Twice' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'REQUEST.IDEMPOTENCY_KEY_REUSED']);
    expect((await stored(patientId))?.entries).toHaveLength(1);
  });

  it('stores one note, however soon the caller hangs up and repeats with the same Idempotency-Key', async () => {
    const { path, doctor, patientId } = await buildPatient(practice);
    for (let ms = 1; ms <= 14; ms += 1) {
      const key = { 'idempotency-key': randomUUID() };
      const note = { text: `After ${ms} ms` };
      await doctor('POST', `${path}/notes`, note, key, AbortSignal.timeout(ms)).catch(() => {});
      const answer = await untilAnswered(() => doctor('POST', `${path}/notes`, note, key));
      expect(answer).toMatchObject({ status: 201, body: note });
      expect((await stored(patientId))?.entries).toHaveLength(ms);
    }
  });

  it('stores one entry when the process dies between storing and answering, and another repeats', async () => {
    const { path, doctor, patientId } = await buildPatient(practice);
    for (const [kind, body] of Object.entries({ notes: { text: 'Once' }, allergies: penicillin() })) {
      const key = { 'idempotency-key': randomUUID() };
      const first = await doctor('POST', `${path}/${kind}`, body, key);
      await practice.loseAnswer(key['idempotency-key']);
      practice.clock.advanceBy(61_000);
      const again = await doctor('POST', `${path}/${kind}`, body, key);
      expect([again.status, again.body]).toEqual([201, first.body]);
    }
    expect((await stored(patientId))?.entries).toHaveLength(2);
  });

  const many = 'x'.repeat(10_000);
  const noKnownAllergy = { text: 'NKA', coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] };
  it.each([
    ['blank text', 'notes', { text: ' \u00a0\u200b' }, 'text'],
    ['a blank allergy', 'allergies', penicillin({ code: { text: '\u3000' } }), 'code.text'],
    ['an unknown field', 'allergies', penicillin({ colour: 'blue' }), 'colour'],
    ['a nested unknown field', 'allergies', penicillin({ code: { text: 'P', colour: 1 } }), 'code.colour'],
    ['a missing field', 'allergies', { code: { text: 'Penicillin' } }, 'clinicalStatus'],
    ['a word that FHIR has not', 'allergies', penicillin({ criticality: 'very high' }), 'criticality'],
    ['a long name', 'allergies', penicillin({ code: { text: many } }), 'code.text'],
    ['a day that does not exist', 'allergies', penicillin({ onset: '2026-02-30' }), 'onset'],
    ['a day to come', 'conditions', asthma({ onset: '2027-01-01' }), 'onset'],
    [
      'an end before the start',
      'conditions',
      asthma({ clinicalStatus: 'resolved', abatement: '2019-05-30' }),
      'abatement',
    ],
    ['the end of what goes on', 'conditions', asthma({ abatement: '2020-01-01' }), 'abatement'],
    [
      'a reaction on no day',
      'allergies',
      penicillin({ reactions: [{ manifestation: ['Hives'], onset: '2026-13-01' }] }),
      'reactions[0].onset',
    ],
    ['a control character', 'notes', { text: 'Bell\u0007' }, 'text'],
    ['an empty text', 'notes', { text: '' }, 'text'],
    ['a time without offset', 'encounters', { ...encounter, period: { start: '2026-11-20T09:30:00' } }, 'period.start'],
    [
      'a time that does not exist',
      'encounters',
      { ...encounter, period: { start: '2026-11-31T09:30:00Z' } },
      'period.start',
    ],
    [
      'an encounter that ends before it starts',
      'encounters',
      { ...encounter, period: { start: '2026-11-20T09:30:00+01:00', end: '2026-11-20T09:30:00+02:00' } },
      'period.end',
    ],
    [
      'a finished encounter of years to come',
      'encounters',
      { ...encounter, status: 'finished', period: { start: '2099-01-01T09:00:00Z', end: '2099-01-01T09:30:00Z' } },
      'period.start',
    ],
    [
      'a finished encounter that goes on',
      'encounters',
      { ...encounter, status: 'finished', period: { start: '2026-11-20T09:30:00Z', end: '2026-11-20T10:30:00Z' } },
      'period.end',
    ],
    [
      'an arrival to come',
      'encounters',
      { ...encounter, status: 'arrived', period: { start: '2026-11-20T10:30:00Z' } },
      'period.start',
    ],
    ['no known allergy as an allergy', 'allergies', penicillin({ code: noKnownAllergy }), 'code.coding[0].code'],
    ['no known allergy in words', 'allergies', penicillin({ code: { text: 'No known allergies' } }), 'code.text'],
    ['a year to come', 'conditions', asthma({ onset: '2027' }), 'onset'],
    ['a month that does not exist', 'conditions', asthma({ onset: '2010-13' }), 'onset'],
    ['a finished encounter without end', 'encounters', { ...encounter, status: 'finished' }, 'period.end'],
    ['an appointment of the own making', 'encounters', { ...encounter, appointmentId: randomUUID() }, 'appointmentId'],
  ])('refuses %s, names the field, and stores nothing', async (_what, segment, body, field) => {
    const { path, doctor, patientId } = await buildPatient(practice);
    const answer = await doctor('POST', `${path}/${segment}`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map((each: { path: string }) => each.path)).toContain(field);
    const document = await stored(patientId);
    expect([document?.version, document?.entries]).toEqual([1, []]);
  });

  it.each([
    ['malformed JSON', '{"text":', {}, 400, 'REQUEST.MALFORMED_JSON'],
    ['an oversized body', JSON.stringify({ text: 'x'.repeat(300_000) }), {}, 413, 'REQUEST.TOO_LARGE'],
    ['another content type', 'text=a', { 'content-type': 'text/plain' }, 415, 'REQUEST.NOT_JSON'],
  ])('refuses %s', async (_what, body, headers, status, code) => {
    const { path, doctor } = await buildPatient(practice);
    const answer = await doctor('POST', `${path}/notes`, body, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('PUT /api/records/{patientId}/{kind}/{entryId}', () => {
  async function withAsthma() {
    const patient = await buildPatient(practice);
    const { body } = await patient.doctor('POST', `${patient.path}/conditions`, asthma());
    return { ...patient, entry: `${patient.path}/conditions/${body.id}`, entryId: body.id as string };
  }
  const better = asthma({ clinicalStatus: 'remission', amendmentReason: 'No attack for a year' });

  it('adds a version with author and reason; what was said before stays', async () => {
    const { entry, path, patientId, entryId } = await withAsthma();
    const otherPractitionerId = randomUUID();
    practice.neighbours.relations.add(`${patientId} ${otherPractitionerId}`);
    const colleague = await practice.as({ roles: ['practitioner'], practitionerId: otherPractitionerId });

    const answer = await colleague('PUT', entry, better, { 'if-match': '"v1"' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(answer.body).toMatchObject({
      id: entryId,
      version: 2,
      clinicalStatus: 'remission',
      amendmentReason: 'No attack for a year',
      author: { practitionerId: otherPractitionerId },
    });
    const { body: versions, headers } = await colleague('GET', `${entry}/versions`);
    expect(headers.get('etag')).toBe('"v2"');
    expect(
      versions.items.map((v: { version: number; clinicalStatus: string }) => [v.version, v.clinicalStatus]),
    ).toEqual([
      [2, 'remission'],
      [1, 'active'],
    ]);
    expect(versions.items[1]).not.toHaveProperty('amendmentReason');
    expect((await colleague('GET', `${path}/conditions`)).body.items).toHaveLength(1);
    await until(() => told(practice, patientId).some(({ type }) => type === 'record.entry-amended'));
    expect(told(practice, patientId).at(-1)?.data).toEqual({ patientId, entryId, kind: 'condition', version: 2 });
  });

  it('refuses a version that is not the newest, none, and a missing reason', async () => {
    const { entry, doctor, patientId } = await withAsthma();
    await doctor('PUT', entry, better, { 'if-match': '"v1"' });
    const stale = await doctor('PUT', entry, better, { 'if-match': '"v1"' });
    const missing = await doctor('PUT', entry, better);
    const silent = await doctor('PUT', entry, asthma(), { 'if-match': '"v2"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'REQUEST.STALE_VERSION']);
    expect([missing.status, missing.body.code]).toEqual([428, 'REQUEST.IF_MATCH_REQUIRED']);
    expect([silent.status, silent.body.fields[0].path]).toEqual([422, 'amendmentReason']);
    expect((await stored(patientId))?.entries[0]?.versions).toHaveLength(2);
  });

  it('lets one of two amendments at once win', async () => {
    const { entry, doctor } = await withAsthma();
    const answers = await Promise.all([1, 2, 3].map(() => doctor('PUT', entry, better, { 'if-match': '"v1"' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it('marks as entered in error by a version: out of the list, in the history, and final', async () => {
    const { entry, path, doctor, patientId } = await withAsthma();
    const mistake = asthma({ verificationStatus: 'entered-in-error', amendmentReason: 'Wrong patient' });
    expect((await doctor('PUT', entry, mistake, { 'if-match': '"v1"' })).status).toBe(200);
    expect((await doctor('GET', `${path}/conditions`)).body.items).toEqual([]);
    expect((await doctor('GET', `${path}/conditions?enteredInError=true`)).body.items).toHaveLength(1);
    expect((await doctor('GET', `${entry}/versions`)).body.items).toHaveLength(2);
    const again = await doctor('PUT', entry, better, { 'if-match': '"v2"' });
    expect([again.status, again.body.code]).toEqual([409, 'RECORD.ENTERED_IN_ERROR']);
    expect((await stored(patientId))?.entries).toHaveLength(1);
  });

  it('keeps whose encounter it is and which appointment it came of', async () => {
    const { path, doctor, practitionerId, patientId } = await buildPatient(practice);
    const encounter = { status: 'in-progress', class: 'AMB', period: { start: '2026-11-20T08:30:00Z' } };
    const { body } = await doctor('POST', `${path}/encounters`, encounter);
    const otherId = randomUUID();
    practice.neighbours.relations.add(`${patientId} ${otherId}`);
    const colleague = await practice.as({ roles: ['practitioner'], practitionerId: otherId });
    const amended = await colleague(
      'PUT',
      `${path}/encounters/${body.id}`,
      { ...encounter, class: 'VR', amendmentReason: 'It was a video call' },
      { 'if-match': '"v1"' },
    );
    expect(amended.body).toMatchObject({ class: 'VR', practitionerId, author: { practitionerId: otherId } });
  });

  it('answers 404 for an entry of another record, of another kind, or none', async () => {
    const { entryId, path, doctor } = await withAsthma();
    const other = await buildPatient(practice);
    const headers = { 'if-match': '"v1"' };
    const note = { text: 'x', amendmentReason: 'because' };
    const answers = [
      await other.doctor('PUT', `${other.path}/conditions/${entryId}`, better, headers),
      await doctor('PUT', `${path}/notes/${entryId}`, note, headers),
      await doctor('PUT', `${path}/conditions/${randomUUID()}`, better, headers),
      await doctor('GET', `${path}/conditions/${randomUUID()}/versions`),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array(4).fill([404, 'RECORD.NO_SUCH_ENTRY']),
    );
  });
});

describe('GET /api/records/{patientId}/{kind}', () => {
  it('lists the newest first, every entry once, in pages', async () => {
    const { path, doctor } = await buildPatient(practice);
    for (let i = 0; i < 5; i += 1) await doctor('POST', `${path}/notes`, { text: `Note ${i}` });
    const seen: string[] = [];
    let next: string | undefined = `${path}/notes?limit=2`;
    while (next) {
      const answer = await doctor('GET', next);
      expect(answer.status).toBe(200);
      seen.push(...answer.body.items.map(({ text }: { text: string }) => text));
      next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(['Note 4', 'Note 3', 'Note 2', 'Note 1', 'Note 0']);
  });

  it('lists visits by when they were, whenever they were written down, in pages and in the whole record', async () => {
    const { path, doctor } = await buildPatient(practice);
    const visitOn = (day: string) => {
      const period = { start: `${day}T09:00:00Z`, end: `${day}T09:30:00Z` };
      return { status: 'finished', class: 'AMB', period };
    };
    const dayOf = ({ period }: { period: { start: string } }) => period.start.slice(0, 10);
    const written: { id: string }[] = [];
    for (const day of ['2026-03-02', '2026-05-04', '2026-01-05', '2026-03-02'])
      written.push((await doctor('POST', `${path}/encounters`, visitOn(day))).body);
    const inOrder = ['2026-05-04', '2026-03-02', '2026-03-02', '2026-01-05'];
    expect((await doctor('GET', path)).body.encounters.map(dayOf)).toEqual(inOrder);
    const first = (await doctor('GET', `${path}/encounters?limit=2`)).body;
    const rest = (await doctor('GET', `${path}/encounters?limit=2&cursor=${first.nextCursor}`)).body;
    const items = [...first.items, ...rest.items];
    expect(items.map(dayOf)).toEqual(inOrder);
    // Of two on one day, the one that was written last; each once.
    expect(items.map(({ id }) => id)).toEqual([1, 3, 0, 2].map((nth) => written[nth]?.id));
    expect(rest.nextCursor).toBeUndefined();
  });

  it('takes no cursor but its own', async () => {
    const { path, doctor } = await buildPatient(practice);
    for (const text of ['One', 'Two']) await doctor('POST', `${path}/notes`, { text });
    const list = (query: string) => doctor('GET', `${path}/notes?limit=1${query}`);
    const { nextCursor } = (await list('')).body;
    await assertCursorsAreChecked((cursor) => list(`&cursor=${encodeURIComponent(cursor)}`), nextCursor);
    expect((await doctor('GET', `${path}/conditions?cursor=${nextCursor}`)).status).toBe(422);
  });

  it.each(['limit=0', 'limit=201', 'cursor=nonsense'])('refuses %s', async (query) => {
    const { path, doctor } = await buildPatient(practice);
    expect((await doctor('GET', `${path}/notes?${query}`)).status).toBe(422);
  });
});
