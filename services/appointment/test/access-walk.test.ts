import { randomUUID } from 'node:crypto';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Role, Section } from '@cabinet/kit/access/principal';
import {
  type AskedOf,
  type Fixture,
  type Made,
  type Standing,
  walkAccess,
} from '../../../tests/support/access-walk.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;
let who: Awaited<ReturnType<typeof buildPractitioner>>;

async function start(): Promise<Practice> {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'], sub: randomUUID() });
  who = await buildPractitioner(practice);
  const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const hours = [{ placeId: who.placeId, daysOfWeek, startTime: '00:00', endTime: '24:00' }];
  await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours }, { 'if-match': '"v1"' });
  return practice;
}

const first = Date.parse('2026-12-01T00:00:00+01:00');
let slots = 0;
/** Each time another one, so that nothing is in the way of anything. */
function nextStart(): string {
  slots += 1;
  return new Date(first + slots * 30 * 60_000).toISOString();
}

async function made(path: string, body: object): Promise<Made & { id: string }> {
  const answer = await secretary('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const request = (more: object = {}) => ({
  patientId: randomUUID(),
  practitionerId: who.practitionerId,
  appointmentTypeId: who.typeId,
  start: nextStart(),
  reason: 'Chest pain',
  ...more,
});
/** What somebody books is not of somebody's own words, so that nobody reads it as their author. */
const toBook = ({ patientId, practitionerId }: Made) => ({
  ...request({ patientId, practitionerId }),
  reason: undefined,
});
const why = { reason: 'She is ill' };

const dateAfter = (days: number): string =>
  new Date(practice.clock.now().getTime() + days * 24 * 60 * 60_000).toISOString().slice(0, 10);
const waitingFor = (more: object = {}) => ({
  patientId: randomUUID(),
  wants: [{ practitionerId: who.practitionerId, appointmentTypeId: who.typeId }],
  fromDate: dateAfter(0),
  untilDate: dateAfter(1),
  times: [{ daysOfWeek: ['mon'], startTime: '03:00', endTime: '03:10' }],
  ...more,
});

const withParams = (thing: Made & { id: string }): Made => ({ ...thing, params: { id: thing.id } });
const unknown = async (): Promise<Made> => {
  const [id, practitionerId] = [randomUUID(), randomUUID()];
  return { id, practitionerId, patientId: randomUUID(), params: { id, practitionerId } };
};

/** As whom people meet an appointment. */
const standing = (name: string, claims: Standing['claims'], relations: [Role, ...Relation[]][]): Standing => ({
  name,
  claims,
  relations: (roles, state) =>
    relations
      .filter(([role]) => roles.includes(role))
      .slice(0, 1)
      .flatMap(([, ...all]) => all)
      .filter((relation) => !(state === 'kept' && ['guardian', 'reader'].includes(relation))),
});
const actingAs =
  (
    as: 'guardian' | 'carer',
    sections: Section[] = ['appointments', 'record'],
    ends?: { record: number },
  ): Standing['claims'] =>
  ({ patientId }) => ({ acts_for: [{ patient: patientId as string, as, sections, ends }] });
const worksFor =
  (as: 'secretary' | 'locum', whom = ({ practitionerId }: Made) => practitionerId): Standing['claims'] =>
  (made) => ({ delegated: [{ practitioner: whom(made) as string, as, scopes: ['agenda'] }] });
const secretaryOfAll: [Role, ...Relation[]] = ['secretary', 'delegate', 'other'];
const standings = [
  standing('their own visit', ({ patientId }) => ({ patientId: patientId as string }), [
    ['patient', 'self'],
    ['secretary', 'self'],
  ]),
  standing('in their agenda', ({ practitionerId }) => ({ practitionerId: practitionerId as string }), [
    ['practitioner', 'agenda'],
    secretaryOfAll,
  ]),
  standing('another’s', () => ({ patientId: randomUUID(), practitionerId: randomUUID() }), [secretaryOfAll]),
  standing('delegated to them', worksFor('secretary'), [['secretary', 'delegate']]),
  standing('in whose agenda they stand in', worksFor('locum'), [['practitioner', 'locum']]),
  standing(
    'delegated to them by somebody else',
    worksFor('secretary', () => randomUUID()),
    [],
  ),
];
const ofAgendas = standings.slice(1);
const withFamily = [
  ...standings,
  standing('of whom they are the guardian', actingAs('guardian'), [
    ['patient', 'guardian', 'reader'],
    ['secretary', 'guardian', 'reader'],
  ]),
  standing('of a minor whose own the record has become', actingAs('guardian', undefined, { record: 0 }), [
    ['patient', 'guardian'],
    ['secretary', 'guardian'],
  ]),
  standing('of who chose them as carer', actingAs('carer'), [
    ['patient', 'carer'],
    ['secretary', 'carer'],
  ]),
];
const secret = { keptFromGuardians: true };

const appointments: Fixture = {
  make: {
    there: async () => withParams(await made('/api/appointments', request({ overbook: why }))),
    kept: async () => withParams(await made('/api/appointments', request({ overbook: why, ...secret }))),
    unknown,
  },
  standings: withFamily,
};
async function aSeries(more: object = {}): Promise<Made> {
  const booked = await made('/api/appointments/series', request({ rule: 'FREQ=DAILY;COUNT=1', ...more }));
  const [one] = booked.appointments as { id: string; patientId: string; practitionerId: string }[];
  return { ...one, seriesId: booked.id, params: { id: booked.id } };
}
const series: Fixture = {
  make: { there: () => aSeries(), kept: () => aSeries(secret), unknown },
  standings: withFamily,
};
async function anEntry(more: object = {}): Promise<Made> {
  const entry = await made('/api/waiting-list', waitingFor({ reason: 'Chest pain', ...more }));
  return { ...withParams(entry), practitionerId: who.practitionerId };
}
const waiting: Fixture = {
  make: { there: () => anEntry(), kept: () => anEntry(secret), unknown },
  standings: withFamily,
};
/** What belongs to an agenda, and the ids that stand in its requests. */
const agendas: Fixture = {
  make: {
    there: async () => {
      const { practitionerId, typeId } = await buildPractitioner(practice);
      return { practitionerId, typeId, params: { practitionerId, id: randomUUID() }, version: 1 };
    },
  },
  standings: ofAgendas,
};
const ofNobody: Fixture = { make: { unknown }, standings: ofAgendas };
const rooms: Fixture = {
  make: { there: async () => withParams(await made('/api/resources', { kind: 'room', name: randomUUID() })), unknown },
  standings: ofAgendas,
};

/** Goes to when it takes place, to record what became of it; later things are later still. */
function timeHasCome({ start }: Made): undefined {
  if (start) practice.clock.set(new Date(start as string));
}
/** The request names one of the appointments, not the series. */
const ofSeries =
  (body: () => object) =>
  (thing: Made): AskedOf => {
    if (thing.seriesId) thing.params = { id: thing.id as string };
    return { body: body() };
  };
/** In the place of the appointment a hold of it. */
async function held(thing: Made): Promise<undefined> {
  const { patientId, keptFromGuardians } = thing;
  const asked = request({ patientId, keptFromGuardians });
  if (thing.start) Object.assign(thing, withParams(await made('/api/appointments/holds', asked)));
}
const absence = { startDate: '2028-06-01', endDate: '2028-06-01', action: 'cancel' };
const practitionerOf = ({ practitionerId }: Made) => ({ query: `practitionerId=${practitionerId}` });
const parties = ({ patientId, practitionerId }: Made) => ({
  query: `patientId=${patientId}&practitionerId=${practitionerId}`,
});
const feed = { kind: 'ics', name: 'Home', url: 'https://calendar.example/home.ics' };
const credentials = { url: 'https://calendar.example', username: 'u', password: 'p' };
const settings = { name: 'Home' };
/** Nobody has one. */
const noOffer = { served: [409], headers: { 'if-match': '*' } };

walkAccess({
  service: 'appointment',
  start,
  fixtures: {
    appointment: appointments,
    series,
    waiting,
    careRelation: appointments,
    visitAnswer: appointments,
    appointmentImport: ofNobody,
    slot: agendas,
    slotExplanation: agendas,
    schedule: agendas,
    scheduleVersion: agendas,
    agendaChange: agendas,
    absence: agendas,
    resource: rooms,
    calendar: ofNobody,
    calendarSignIn: ofNobody,
    foundCalendar: ofNobody,
    calendarConflict: agendas,
    calendarFeed: agendas,
  },
  requests: {
    'appointments.list': parties,
    'appointments.careRelation': parties,
    'agendaChanges.changes': ({ practitionerId }) => ({ query: `practitionerIds=${practitionerId}&seconds=0` }),
    'appointments.book': (thing) => ({ body: toBook(thing) }),
    'appointments.hold': (thing) => ({ body: toBook(thing) }),
    'appointments.move': () => ({ body: { start: nextStart() } }),
    'appointments.cancel': () => ({ body: why }),
    'appointments.confirm': held,
    'appointments.keepFromGuardians': () => ({ body: secret }),
    'appointments.arrive': timeHasCome,
    'appointments.complete': timeHasCome,
    'appointments.miss': timeHasCome,
    'appointments.reopen': async (thing) => {
      timeHasCome(thing);
      if (thing.start) thing.version = (await secretary('POST', `/api/appointments/${thing.id}/miss`)).body.version;
      return { body: why };
    },
    'visitAnswers.answer': ({ patientId }) => ({ body: { by: patientId, as: 'patient', says: 'accept' } }),
    'series.book': (thing) => ({ body: { ...toBook(thing), rule: 'FREQ=DAILY;COUNT=1' } }),
    'series.moveFollowing': ofSeries(() => ({ start: nextStart() })),
    'series.cancelFollowing': ofSeries(() => why),
    'series.keepFromGuardians': () => ({ body: secret }),
    'imports.import': () => ({ body: 'patientId\n', headers: { 'content-type': 'text/csv' } }),
    'waitingList.all': parties,
    'waitingList.join': async ({ id, status, patientId, practitionerId }) => {
      if (status) await secretary('POST', `/api/waiting-list/${id}/withdraw`);
      return { body: waitingFor({ patientId, wants: [{ practitionerId, appointmentTypeId: who.typeId }] }) };
    },
    'waitingList.keepFromGuardians': () => ({ body: secret }),
    'waitingList.accept': () => noOffer,
    'waitingList.refuse': () => noOffer,
    'slots.search': ({ practitionerId, typeId }) => ({
      query: `practitionerId=${practitionerId}&appointmentTypeId=${typeId}&from=${dateAfter(1)}&to=${dateAfter(8)}`,
    }),
    'slots.explain': ({ practitionerId, typeId }) => ({
      query: `practitionerId=${practitionerId}&appointmentTypeId=${typeId}&at=${nextStart()}`,
    }),
    'schedules.set': () => ({ body: { hours: [] } }),
    'absences.preview': () => ({ body: absence }),
    'absences.make': async ({ practitionerId }) => {
      const { body } = await secretary('POST', `/api/schedules/${practitionerId}/absences/preview`, absence);
      return { body: { ...absence, ...why, token: body.token } };
    },
    'resources.add': () => ({ body: { kind: 'room', name: randomUUID() } }),
    'resources.replace': () => ({ body: { kind: 'room', name: randomUUID(), active: true } }),
    'calendars.list': practitionerOf,
    'calendars.conflicts': practitionerOf,
    'calendars.connect': ({ practitionerId }) => ({ body: { ...feed, practitionerId } }),
    'calendars.discover': ({ practitionerId }) => ({ body: { ...credentials, practitionerId } }),
    'calendars.change': () => ({ body: settings }),
    'calendars.reconnect': () => ({ body: credentials }),
    'googleCalendars.begin': ({ practitionerId }) => ({
      body: { practitionerId, calendarId: 'primary', name: 'Home' },
    }),
    // Whose calendar it is to be is known once Google says so, and this practice is not registered there.
    'googleCalendars.finish': () => ({ body: { state: 'x', code: 'y' }, before: [409] }),
  },
});
