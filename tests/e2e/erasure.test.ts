import { randomInt, randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../support/authenticator.ts';
import { type Answer, type Caller, caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import {
  addPractitioner,
  freeSlots,
  minutesAhead,
  query,
  type Receiving,
  signedInAs,
  signedInAsNew,
} from '../support/practice.ts';
import { Texts } from '../support/texts.ts';
import { logs, topics } from '../support/written.ts';

/** Letters, so that names may hold it, and few enough for a postal code; found whatever becomes of its case. */
const mark = `zz${Array.from({ length: 10 }, () => 'abcdefghijklmnop'[randomInt(16)]).join('')}`;
const texts = new Texts(mark);

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('');
// Of those kept for films; the seed has others.
const phone = `3319900${digits(4)}`;
const email = `mail.${mark}@practice.example`;
const birthDate = `191${digits(1)}-0${1 + randomInt(9)}-${10 + randomInt(19)}`;
const insNumber = `2${birthDate.slice(2, 4)}${birthDate.slice(5, 7)}75${digits(6)}`;
const ins = insNumber + String(97n - (BigInt(insNumber) % 97n)).padStart(2, '0');
const insSystem = 'urn:oid:1.2.250.1.213.1.4.10';
const password = `an old grey mare likes ${mark}`;

/** Whatever tells who they are or were, in whatever words. */
const personal = { mark, phone, birthDate, ins };

/** Texts that say nothing of a patient, and so may stay when one is erased. */
const ofNobody = [
  // What the practice and its practitioners are called, when they are away, and how their calendars are got at.
  /^\w+ \/api\/(practitioners|calendars|resources|schedules|slots)\b/,
  // What the practice says to everybody, and when.
  /^\w+ \/api\/notification-(policies|templates)\b/,
  // Codes and units of what is measured, and by which clock it is shown.
  /^POST \/api\/readings: readings\[\]\.(code|unit)$/,
  /^GET \/api\/readings: \?(code|zone)$/,
  // A code of what is measured.
  /^POST \/api\/records\/\{patientId\}\/observations: code$/,
  // When, and by which clock, a rule watches, and how the whole practice is watched.
  /^\w+ \/api\/alert-rules(\/\S+)?: document\.schedule\./,
  /^PUT \/api\/alert-watch: /,
  // Reckoned with, and kept nowhere.
  /^POST \/api\/alert-rules\/try-out: /,
  // What providers say of what was sent, by their own ids.
  /^POST \/api\/notifications\/(receipts\/\w+|(unsubscribe|links)\/\{token\}): /,
  // Looked for by an admin, and kept nowhere.
  /^POST \/api\/auth\/users\/search: email$/,
  // Of a browser's own making.
  /^POST \/api\/push-subscriptions: /,
  // What an admin calls another program, and where it is.
  /^POST \/api\/webhooks: /,
  // Kept as what a person sends, and of a file's own making.
  /^POST \/api\/readings\/(from-device|import|imports): /,
  // Whoever signs in or shows a code; what becomes of a patient's login is seen below.
  /^POST \/api\/auth\/(login|password|invitations\/accept|second-factors\/totp\/confirm)(\/\w+)?: /,
  // What another issuer has said, and who that is; sent by nobody but a page of sign-in.
  /^POST \/api\/auth\/login\/issuers\/\{issuerId\}(\/(answers|callback))?: /,
  // Who registers themself is no patient until it is decided; it is sealed, and gone then.
  /^POST \/api\/auth\/registrations(\/shown)?: /,
  // Asked for, and kept nowhere.
  /^GET \/api\/appointments\/agendas\/changes: \?practitionerIds$/,
  /^POST \/api\/patients\/matches: phone$/,
  // A time, or nothing.
  /^PATCH \/api\/patients\/\{id\}\/related-persons\/\{relatedPersonId\}: until$/,
  // Of a device's own making.
  /^POST \/api\/auth\/passkeys: created\b/,
  // Of a form of its own, which the mark has not got; sent all the same.
  /: address\.country$/,
  /^POST \/api\/patients\/search: phone$/,
  /^POST \/api\/appointments\/series: rule$/,
  // What a list gave for its next page.
  /: \??cursor$/,
  // Asked by services alone.
  /^POST \/api\/patients\/resolve: /,
  /^POST \/api\/appointments\/answers\/\{id\}: /,
  /^POST \/api\/auth\/audit-heads: /,
  /^POST \/api\/patients\/accesses: /,
];

let secretary: Caller;
let admin: Caller;
let doctor: Caller;
let receiving: Receiving;

const gateway = () => platform().url('gateway');

beforeAll(async () => {
  [secretary, admin] = (await Promise.all(['secretary', 'admin'].map(signedInAs))) as [Caller, Caller];
  receiving = await addPractitioner(admin);
  // Whom a rule may tell.
  const telecom = [{ system: 'email', value: 'receiving@practice.example' }];
  await ok(admin('PATCH', `/api/practitioners/${receiving.practitionerId}`, { telecom }, { 'if-match': '"v1"' }));
  doctor = await signedInAsNew(admin, { roles: ['practitioner'], practitionerId: receiving.practitionerId });
});

async function ok(asked: Promise<Answer>, what = ''): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${what} ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

interface To {
  /** For the names in the operation's path. */
  at?: Record<string, string>;
  query?: string;
  /** The answer that showed what is changed now. */
  seen?: Answer;
}

/** Sends a request in which every text says the mark, but for what is given. */
function say(as: Caller, operation: string, given: object = {}, { at = {}, query = '', seen }: To = {}) {
  const [method = '', pattern = ''] = operation.split(' ');
  const path = pattern.replace(/\{(\w+)\}/g, (_, name) => at[name] ?? '') + query;
  const etag = seen?.headers.get('etag');
  // So that answers are kept.
  const headers = { 'idempotency-key': randomUUID(), ...(etag && { 'if-match': etag }) };
  return ok(as(method, path, texts.bodyOf(operation, given), headers), operation);
}

/** Sends a file, or a question in an address. */
function sayPlainly(as: Caller, text: string, path: string, file?: string) {
  texts.note(text);
  const headers = file && { 'content-type': 'text/csv', 'idempotency-key': randomUUID() };
  return ok(as(text.split(' ')[0] as string, path, file, headers || {}), text);
}

const person = {
  birthDate,
  gender: 'female',
  address: { country: 'GB' },
  identifiers: [{ system: `urn:example:${mark}` }, { system: insSystem, value: ins }],
  telecom: [
    { system: 'email', value: email },
    { system: 'phone', value: `+${phone}` },
  ],
  contacts: [{ relationship: 'other', telecom: [{ system: 'email', value: `partner.${email}` }] }],
};

/** Everything that can be said about a patient anywhere. @returns their ids, that of a second registration among them */
async function sayEverything(): Promise<string[]> {
  const accepted = { query: '?acceptDuplicate=true' };
  const left: string = (await say(secretary, 'POST /api/patients', { ...person, identifiers: null }, accepted)).body.id;
  let seen = await say(secretary, 'POST /api/patients', person, accepted);
  const kept: string = seen.body.id;
  seen = await say(secretary, 'PUT /api/patients/{id}', person, { at: { id: kept }, seen });
  await say(secretary, 'PATCH /api/patients/{id}', { ...person, birthName: `${mark} Née` }, { at: { id: kept }, seen });
  await say(secretary, 'POST /api/patients/search', {
    email,
    phone: `+${phone}`,
    identifier: { system: `urn:example:${mark}` },
    cursor: null,
  });
  const columns = 'familyName;givenNames;birthName;birthDate;phone;email;addressLine;postalCode;city;country';
  const line = (day: string) => `${mark};${mark};${mark};${day};+${phone};${email};${mark};${mark};${mark};GB`;
  // One who is taken, and one who is handed back as refused, and so is nobody.
  for (const day of ['1931-08-24', 'nobody knows']) {
    const file = `${columns}\n${line(day)}\n`;
    await sayPlainly(admin, 'POST /api/patients/import: text/csv', '/api/patients/import', file);
  }
  const asked = { birthDate, email, phone: `+${phone}` };
  await say(secretary, 'POST /api/patients/matches', asked);
  await say(admin, 'POST /api/auth/users', { email, password, roles: ['patient'], patientId: left });
  await sayAtHome(await sayAtSignIn(), left);
  const invited = { channel: 'mail', email: `invited.${email}`, roles: ['patient'], patientId: kept };
  await say(admin, 'POST /api/auth/invitations', invited);
  await sayInAgenda(left, kept);
  await sayInRecord(kept);
  await sayOfReading(kept);
  await sayInRules(kept);
  await sayInEmergency(kept);
  await sayInReview(kept);
  await ok(
    secretary('POST', `/api/patients/${left}/merge`, { intoPatientId: kept }, { 'idempotency-key': randomUUID() }),
  );
  const found = await sayPlainly(secretary, 'GET /api/patients: ?q', `/api/patients?q=${mark}`);
  return found.body.items.map(({ id }: { id: string }) => id);
}

async function sayAtSignIn(): Promise<Caller> {
  const { accessToken } = (await ok(caller(gateway())('POST', '/api/auth/login', { email, password }))).body;
  const patient = caller(gateway(), `Bearer ${accessToken}`);
  const { options } = (await ok(patient('POST', '/api/auth/passkeys/challenge'))).body;
  const device = new Authenticator({ origin: platform().portalAddress, rpId: 'localhost' });
  const { response, ...created } = device.create(options);
  const notSent = { authenticatorData: null, publicKey: null };
  await say(patient, 'POST /api/auth/passkeys', { created: { ...created, response: { ...response, ...notSent } } });
  await caller(gateway())('POST', '/api/auth/login', { email, password: 'none of it' });
  return patient;
}

async function sayInAgenda(left: string, kept: string): Promise<void> {
  const { practitionerId, appointmentTypeId } = receiving;
  const slots = await freeSlots(secretary, receiving, 20);
  const slot = () => slots.splice(0, 3)[0] as string;
  // When nobody receives, so that it is booked over something.
  let days = 1;
  const atNight = () => `${new Date(Date.now() + ++days * 86_400_000).toISOString().slice(0, 10)}T22:30:00Z`;
  const of = (patientId: string) => ({ patientId, practitionerId, appointmentTypeId });
  const booked = async (patientId: string, start: string) =>
    (await say(secretary, 'POST /api/appointments', { ...of(patientId), start })).body.id as string;
  for (const patientId of [left, kept]) {
    const at = { id: await booked(patientId, slot()) };
    await say(secretary, 'POST /api/appointments/{id}/move', { start: atNight() }, { at });
    await say(secretary, 'POST /api/appointments/{id}/cancel', {}, { at });
    await booked(patientId, atNight());
  }
  const at = { id: await booked(kept, minutesAhead(5)[0] as string) };
  await ok(secretary('POST', `/api/appointments/${at.id}/arrive`));
  await say(secretary, 'POST /api/appointments/{id}/reopen', {}, { at });
  await say(secretary, 'POST /api/appointments/holds', { ...of(kept), start: atNight() });
  const rule = 'FREQ=WEEKLY;COUNT=2';
  const { appointments } = (await say(secretary, 'POST /api/appointments/series', { ...of(kept), start: slot(), rule }))
    .body;
  await say(secretary, 'POST /api/appointments/{id}/cancel-following', {}, { at: { id: appointments[1].id } });
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const wants = [{ practitionerId, appointmentTypeId }];
  await say(secretary, 'POST /api/waiting-list', { patientId: kept, wants, fromDate: day(40), untilDate: day(60) });
  const { rpps } = (await ok(admin('GET', `/api/practitioners/${practitionerId}`))).body;
  const line = (start: string) => `${ins};${rpps};Consultation;${start};${mark}`;
  const file = `patientIns;practitionerRpps;appointmentType;start;reason\n${line(slot())}\n${line('one day')}\n`;
  await sayPlainly(admin, 'POST /api/appointments/import: text/csv', '/api/appointments/import', file);
}

async function sayInRecord(patientId: string): Promise<void> {
  await until(async () => (await doctor('GET', `/api/records/${patientId}`)).status === 200);
  await ok(doctor('POST', `/api/records/${patientId}/allergies/no-known`));
  await say(doctor, 'POST /api/records/{patientId}/allergies/no-known/withdraw', {}, { at: { patientId } });
  const state = { clinicalStatus: 'active', verificationStatus: 'confirmed' };
  const encounter = { status: 'in-progress', class: 'AMB', period: { start: new Date().toISOString() } };
  for (const [kind, given] of Object.entries({
    allergies: state,
    conditions: state,
    encounters: encounter,
    notes: {},
  })) {
    const operation = `/api/records/{patientId}/${kind}`;
    // In capitals it is the same patient.
    const seen = await say(doctor, `POST ${operation}`, given, { at: { patientId: patientId.toUpperCase() } });
    await say(doctor, `PUT ${operation}/{entryId}`, given, { at: { patientId, entryId: seen.body.id }, seen });
  }
}

/** What was measured of them, and taken over into the record. */
async function sayOfReading(patientId: string): Promise<void> {
  const effectiveAt = new Date(Date.now() - 7_200_000).toISOString();
  const reading = { code: '8867-4', value: 74, unit: '/min', effectiveAt };
  const { body } = await ok(doctor('POST', '/api/readings', { patientId, readings: [reading] }));
  const { readingId } = body.outcomes[0];
  const operation = '/api/records/{patientId}/observations';
  const given = { readingId, code: reading.code, effectiveAt };
  const seen = await say(doctor, `POST ${operation}`, given, { at: { patientId } });
  const at = { patientId, entryId: seen.body.id };
  await say(doctor, `PUT ${operation}/{entryId}`, { status: 'final' }, { at, seen });
}

/** By a practitioner who does not treat the patient, and by who judges it. */
async function sayInEmergency(patientId: string): Promise<void> {
  const { practitionerId } = await addPractitioner(admin);
  const stranger = await signedInAsNew(admin, { roles: ['practitioner'], practitionerId });
  const at = { patientId };
  const reasonCode = 'urgent-symptoms';
  const { id } = (await say(stranger, 'POST /api/records/{patientId}/emergency-access', { reasonCode }, { at })).body;
  const judging = 'POST /api/records/{patientId}/emergency-accesses/{accessId}/verdict';
  await say(admin, judging, { finding: 'justified' }, { at: { ...at, accessId: id } });
}

/** What a device measures at home. */
async function sayAtHome(patient: Caller, patientId: string): Promise<void> {
  await say(patient, 'POST /api/devices', { patientId, certainty: 'sure' });
  const reading = {
    code: '8867-4',
    value: 72,
    unit: '/min',
    effectiveAt: new Date(Date.now() - 3_600_000).toISOString(),
  };
  await say(patient, 'POST /api/readings', { patientId, readings: [reading] });
}

/** What is watched of them alone, and why otherwise than of others. */
async function sayInRules(patientId: string): Promise<void> {
  const to = receiving.practitionerId;
  const pulse = { code: '8867-4', unit: '/min' };
  const rule = (condition: object) => ({
    ...{ condition, schedule: null, maxAgeMinutes: 30, priority: 'low', snoozeMinutesMax: 60 },
    ...{ steps: [{ afterMinutes: 0, to: [to] }], lastResort: { afterMinutes: 20, to } },
  });
  const high = { ...rule({ kind: 'level', ...pulse, above: 190 }), clear: { readings: 1 } };
  let seen = await say(doctor, 'POST /api/alert-rules', { patientId, replaces: null, document: high });
  const at = { id: seen.body.id as string };
  seen = await say(doctor, 'PUT /api/alert-rules/{id}', { document: high }, { at, seen });
  await say(doctor, 'POST /api/alert-rules/{id}/enable', {}, { at });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await say(doctor, 'POST /api/alert-silences', { patientId, ruleId: null, upTo: 'low', from: null, until });
  const gap = { ...rule({ kind: 'gap', code: pulse.code, minutes: 1_000 }), clear: null };
  const { id } = (await say(doctor, 'POST /api/alert-rules', { patientId, replaces: null, document: gap })).body;
  await say(doctor, 'PUT /api/alert-rules/{id}/gap-timings', { patientId, minutes: 900 }, { at: { id } });
}

/** Of a look at them that is unusual, by who judges it. */
async function sayInReview(patientId: string): Promise<void> {
  await ok(secretary('POST', `/api/patients/${patientId}/security-labels`, { code: 'VIP' }));
  const judging = 'POST /api/patients/unusual-accesses/{accessId}/verdict';
  // Services tell one after the other what was seen, and with each the version that was read may be stale.
  await until(async () => {
    const { body } = await ok(admin('GET', '/api/patients/unusual-accesses?unreviewed=true&limit=200'));
    const { id, version } = body.items.find((each: { patientId?: string }) => each.patientId === patientId);
    const seen = { headers: new Headers({ etag: `"v${version}"` }) } as Answer;
    await say(admin, judging, { finding: 'justified' }, { at: { accessId: id }, seen });
    return true;
  });
}

describe('a patient who is erased', () => {
  it('leaves nothing that was said about them in any store, topic, log or calendar', async () => {
    const feed = new URL((await ok(doctor('PUT', `/api/calendars/feeds/${receiving.practitionerId}`))).body.url)
      .pathname;
    const patients = await sayEverything();
    expect([...texts.all].filter((text) => !texts.filled.has(text) && !ofNobody.some((of) => of.test(text)))).toEqual(
      [],
    );
    expect(patients).toHaveLength(2);

    // What is looked for is found where it is to be expected, so that finding nothing says something.
    expect(await storesWith(personal.mark)).toEqual(
      expect.arrayContaining([
        'appointment appointment',
        'appointment idempotency_key',
        'alert alert_rule_version',
        'alert gap_timing',
        'alert idempotency_key',
        'alert silence',
        'appointment waiting',
        'auth idempotency_key',
        'auth one_time_code',
        'auth passkey',
        'auth user_account',
        'patient idempotency_key',
        'patient patient',
        'patient patient_identifier',
        'record idempotency_key',
        'record medical_record',
      ]),
    );
    for (const text of Object.values(personal)) expect(await storesWith(text)).not.toEqual([]);
    for (const id of patients) expect((await admin('POST', `/api/patients/${id}/erase`)).status).toBe(204);
    for (const [what, text] of Object.entries(personal)) {
      await expect.poll(() => storesWith(text), { timeout: 60_000, message: what }).toEqual([]);
    }
    const { body: calendar } = await ok(caller(gateway())('GET', feed));
    expect(calendar).toContain('BEGIN:VCALENDAR');
    for (const [where, said] of [['calendar', calendar], ...(await topics()), ...logs()]) {
      for (const [what, text] of Object.entries(personal)) {
        expect(said.toLowerCase().includes(text), `${what} in ${where}`).toBe(false);
      }
    }
  }, 300_000);
});

const holds = (stored: unknown, text: string): boolean => JSON.stringify(stored).toLowerCase().includes(text);

/** Tables and collections of all services that have the text in any column or field. */
async function storesWith(text: string): Promise<string[]> {
  const found = platform().services.map((service) =>
    platform().databaseUrl(service).startsWith('postgres') ? tablesWith(service, text) : collectionsWith(service, text),
  );
  return (await Promise.all(found)).flat().sort();
}

async function tablesWith(service: string, text: string): Promise<string[]> {
  const tables = await query<{ name: string }>(
    service,
    `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'm') and nspname !~ '^(pg_|information_schema)'`,
  );
  const having = tables.map(
    ({ name }) => `select '${name}' as name from ${name} t where t::text ilike $1 having count(*) > 0`,
  );
  const found = await query<{ name: string }>(service, having.join(' union all '), [`%${text}%`]);
  return found.map(({ name }) => `${service} ${name.replace('public.', '')}`);
}

async function collectionsWith(service: string, text: string): Promise<string[]> {
  const client = await MongoClient.connect(platform().databaseUrl(service));
  try {
    const collections = await client.db().collections();
    const found = await Promise.all(
      collections.map(async (each) =>
        holds(await each.find().toArray(), text) ? [`${service} ${each.collectionName}`] : [],
      ),
    );
    return found.flat();
  } finally {
    await client.close();
  }
}
