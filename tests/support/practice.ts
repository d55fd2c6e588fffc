import { randomUUID } from 'node:crypto';
import type { Role } from '@cabinet/kit/access/principal';
import pg from 'pg';
import { seededPassword } from '../../dev/src/seed/index.ts';
import { type Caller, caller, until } from './http.ts';
import { platform } from './platform.ts';

/** A caller at the platform's gateway who is signed in as one of the seeded people. */
export const signedInAs = (login: string): Promise<Caller> => signedInAt(platform().url('gateway'), login);

/** Whole minutes to come, so many from now, with some seconds left to book them. */
export const minutesAhead = (...minutes: number[]): string[] =>
  minutes.map((ahead) => new Date((Math.floor((Date.now() + 5_000) / 60_000) + ahead) * 60_000).toISOString());

/** The same at any gateway. */
export async function signedInAt(gateway: string, login: string): Promise<Caller> {
  const answer = await caller(gateway)('POST', '/api/auth/login', {
    email: `${login}@cabinet.test`,
    password: seededPassword,
  });
  if (answer.status !== 200)
    throw new Error(`${login} could not sign in: ${answer.status} ${JSON.stringify(answer.body)}`);
  return caller(gateway, `Bearer ${answer.body.accessToken}`);
}

interface NewLogin {
  roles: Role[];
  patientId?: string;
  practitionerId?: string;
}

/** By what somebody new signs in, whom an admin lets sign in as what they are. */
export async function newLogin(admin: Caller, who: NewLogin): Promise<{ email: string; password: string }> {
  const login = { email: `${randomUUID()}@practice.example`, password: 'an old grey mare likes oats' };
  const added = await admin('POST', '/api/auth/users', { ...login, ...who });
  if (added.status !== 201) throw new Error(`no login: ${added.status} ${JSON.stringify(added.body)}`);
  return login;
}

/** Somebody new, signed in. */
export async function signedInAsNew(admin: Caller, who: NewLogin): Promise<Caller> {
  return signedInWith(await newLogin(admin, who));
}

/** Signed in as who was let in before. */
export async function signedInWith(login: { email: string; password: string }): Promise<Caller> {
  const gateway = platform().url('gateway');
  const { body } = await caller(gateway)('POST', '/api/auth/login', login);
  return caller(gateway, `Bearer ${body.accessToken}`);
}

/** A service's own database, for looking at what is stored. */
export async function query<T extends pg.QueryResultRow>(
  service: string,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: platform().databaseUrl(service) });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const word = () => Array.from({ length: 10 }, () => letters[Math.floor(Math.random() * 26)]).join('');
const capitalised = (text: string) => text[0]?.toUpperCase() + text.slice(1);

/** A name that nobody has. */
export const newName = (): string => capitalised(word());

/** Registers a patient whom no other test knows. */
export async function registerPatient(
  secretary: Caller,
  overrides: object = {},
): Promise<{ id: string; familyName: string }> {
  const patient = {
    familyName: newName(),
    givenNames: [newName()],
    birthDate: '1980-05-17',
    gender: 'female',
    ...overrides,
  };
  const answer = await secretary('POST', '/api/patients', patient);
  if (answer.status !== 201) throw new Error(`not registered: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export interface Receiving {
  practitionerId: string;
  appointmentTypeId: string;
  placeId: string;
}

/** Adds a practitioner whom no other test knows, who receives every day from 8 to 20 o'clock, for 30 minutes. */
export async function addPractitioner(admin: Caller, zone = 'Europe/Paris'): Promise<Receiving> {
  const answer = await admin('POST', '/api/practitioners', {
    familyName: newName(),
    givenNames: ['Camille'],
    rpps: `997${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
    specialities: [{ display: 'Médecine générale' }],
    places: [
      {
        name: 'Cabinet',
        zone,
        address: { line: ['1 rue du Moulin'], postalCode: '75011', city: 'Paris', country: 'FR' },
      },
    ],
    appointmentTypes: [{ name: 'Consultation', minutes: 30 }],
  });
  if (answer.status !== 201) throw new Error(`not added: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { id, places, appointmentTypes } = answer.body;
  const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const hours = [{ placeId: places[0].id, daysOfWeek, startTime: '08:00', endTime: '20:00' }];
  const set = await admin('PUT', `/api/schedules/${id}`, { hours }, { 'if-match': '"v0"' });
  if (set.status !== 200) throw new Error(`hours not set: ${set.status} ${JSON.stringify(set.body)}`);
  return { practitionerId: id, appointmentTypeId: appointmentTypes[0].id, placeId: places[0].id };
}

/** Where it is about noon, whatever the hour here: somebody receives there, and the day is far from over. */
export function zoneAtNoon(): string {
  const hourIn = (timeZone: string) =>
    Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format());
  return Intl.supportedValuesOf('timeZone').find((zone) => hourIn(zone) === 12) as string;
}

/** Books the next free time of today. */
export async function bookToday(as: Caller, receiving: Receiving, patientId: string): Promise<{ id: string }> {
  const { practitionerId, appointmentTypeId } = receiving;
  const [from, to] = [0, 8].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString()) as [string, string];
  const query = new URLSearchParams({ practitionerId, appointmentTypeId, from, to });
  const [slot] = (await as('GET', `/api/slots?${query}`)).body.items;
  const body = { practitionerId, appointmentTypeId, patientId, start: slot?.start };
  const booked = await as('POST', '/api/appointments', body);
  if (booked.status !== 201) throw new Error(`not booked: ${booked.status} ${JSON.stringify(booked.body)}`);
  return booked.body;
}

/** Free slots of the coming days, in order. */
export async function freeSlots(
  as: Caller,
  { practitionerId, appointmentTypeId }: Receiving,
  days = 5,
): Promise<string[]> {
  const from = new Date(Date.now() + 24 * 3_600_000);
  const to = new Date(from.getTime() + days * 24 * 3_600_000);
  const search = new URLSearchParams({
    practitionerId,
    appointmentTypeId,
    from: from.toISOString(),
    to: to.toISOString(),
  });
  const answer = await as('GET', `/api/slots?${search}`);
  if (answer.status !== 200) throw new Error(`no slots: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.items.map(({ start }: { start: string }) => start);
}

/**
 * Registers somebody, books, and waits until the patient service has heard of it: so every process, every sidecar and the
 * broker have done their share.
 */
export async function bookAndHear(secretary: Caller, admin: Caller): Promise<void> {
  const { practitionerId, appointmentTypeId, ...place } = await addPractitioner(admin);
  const { id: patientId } = await registerPatient(secretary);
  const [start] = await freeSlots(secretary, { practitionerId, appointmentTypeId, ...place });
  const booked = await secretary('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId, start });
  if (booked.status !== 201) throw new Error(`not booked: ${booked.status} ${JSON.stringify(booked.body)}`);
  const nextVisit = async () => (await secretary('GET', `/api/patients/${patientId}`)).body.nextVisit;
  await until(async () => (await nextVisit())?.appointmentId === booked.body.id, 120_000);
}
