import { randomUUID } from 'node:crypto';
import { Unavailable } from '@cabinet/kit/errors';
import { NeighbourRefused } from '@cabinet/service/sidecar/invoke';
import pg from 'pg';
import { expect } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { type Overrides, startAppointment } from '../src/app.js';
import type { Config } from '../src/config.js';
import type { CalendarTimeouts } from '../src/domain/calendars/keep-calendars.js';
import type { Identifier, Neighbours, PatientFacts, PractitionerFacts } from '../src/domain/neighbours.js';

/** A working practice of one service: the real app on a real database, with people who can be changed by the test. */
export interface Practice extends ServiceUnderTest {
  people: FakeNeighbours;
  sql: pg.Pool;
}

/** The patient and practitioner services as the test wants them: everybody exists unless it says otherwise. */
export class FakeNeighbours implements Neighbours {
  readonly patients = new Map<string, PatientFacts | undefined>();
  readonly practitioners = new Map<string, PractitionerFacts | undefined>();
  isReachable = true;

  async patient(id: string): Promise<PatientFacts | undefined> {
    this.assertReachable('patient');
    return this.patients.has(id) ? this.patients.get(id) : { id, active: true };
  }

  readonly deceased = new Set<string>();

  async hasDied(id: string): Promise<boolean> {
    this.assertReachable('patient');
    return this.deceased.has(id);
  }

  async isInUse(id: string): Promise<boolean> {
    this.assertReachable('practitioner');
    return this.practitioners.get(id)?.active ?? false;
  }

  readonly names = new Map<string, string>();

  async patientName(id: string): Promise<string | undefined> {
    this.assertReachable('patient');
    return this.names.get(id);
  }

  async practitioner(id: string): Promise<PractitionerFacts | undefined> {
    this.assertReachable('practitioner');
    return this.practitioners.get(id);
  }

  /** Those whose speciality it is; everybody when none is asked for. */
  readonly specialities = new Map<string, string>();

  async receivingPractitioners(speciality?: string): Promise<PractitionerFacts[]> {
    this.assertReachable('practitioner');
    if (speciality === '%') {
      const fields = [{ path: 'speciality', code: 'NO_NAME', message: 'must have a letter or a digit in it' }];
      throw new NeighbourRefused('practitioner', 422, 'REQUEST.INVALID', fields);
    }
    return [...this.practitioners.values()].filter(
      (each): each is PractitionerFacts =>
        each?.active === true && (speciality === undefined || this.specialities.get(each.id) === speciality),
    );
  }

  async patientsByIdentifier(identifiers: Identifier[]): Promise<(Identifier & { patient: PatientFacts })[]> {
    this.assertReachable('patient');
    // As the real one does: one that can be none has the question refused.
    const faults = identifiers.flatMap(({ value }, nth) =>
      value.startsWith('!') ? [{ path: `identifiers[${nth}].value`, code: 'INVALID', message: 'can be none' }] : [],
    );
    if (faults.length > 0) throw new NeighbourRefused('patient', 422, 'REQUEST.INVALID', faults.slice(0, 1));
    return identifiers.flatMap((identifier) => {
      const patient = this.patients.get(identifier.value);
      return patient ? [{ ...identifier, patient }] : [];
    });
  }

  async practitionerByRpps(rpps: string): Promise<PractitionerFacts | undefined> {
    this.assertReachable('practitioner');
    return this.practitioners.get(rpps);
  }

  private assertReachable(who: string): void {
    if (!this.isReachable) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${who} service cannot be reached`);
  }
}

interface Surroundings {
  /** Another process of the service on the same database, with the same clock, people and broker. */
  beside?: Practice;
  offersEveryMs?: number;
  /** By default so long that no test meets them. */
  calendarTimeouts?: CalendarTimeouts;
  /** What differs from the usual; with the same `DATABASE_URL` it goes on where another left off. */
  settings?: Partial<Config>;
}

export async function startPractice(
  now = '2026-11-20T10:00:00Z',
  { beside, offersEveryMs, calendarTimeouts = { checkMs: 90_000, readMs: 90_000 }, settings = {} }: Surroundings = {},
): Promise<Practice> {
  const databaseUrl = beside?.databaseUrl ?? settings.DATABASE_URL ?? (await createDatabase('appointment'));
  const people = beside?.people ?? new FakeNeighbours();
  const service = await startForTest<Config, Overrides>(startAppointment, {
    databaseUrl,
    now,
    beside,
    settings: { ...ownSettings, ...settings },
    overrides: {
      neighbours: people,
      offersEveryMs,
      calendarTimeouts,
      providerPolicies: { retryDelayMs: 20, sparedMs: 200 },
    },
  });
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  return withMore(service, { people, sql }, () => sql.end());
}

const ownSettings: Partial<Config> = {
  CALENDAR_SECRET: ['a secret for tests of forty characters..'],
  CALENDAR_POLL_SECONDS: 300,
  CALENDAR_STALE_SECONDS: 1_800,
  CALENDAR_TIMEOUT_SECONDS: 5,
  CALENDAR_PRIVATE_HOSTS: [],
  PUBLIC_URL: 'http://127.0.0.1:8080',
  GOOGLE_API_URL: 'http://127.0.0.1:1',
  GOOGLE_TOKEN_URL: 'http://127.0.0.1:1',
  GOOGLE_SIGN_IN_URL: 'http://127.0.0.1:1',
};

/** A practitioner in Paris who receives on weekdays from 9 to 12 and 14 to 17, with a half-hour consultation. */
export async function buildPractitioner(practice: Practice, overrides: Partial<PractitionerFacts> = {}) {
  const practitioner: PractitionerFacts = {
    id: randomUUID(),
    active: true,
    places: [{ id: randomUUID(), zone: 'Europe/Paris' }],
    appointmentTypes: [{ id: randomUUID(), name: 'Consultation', minutes: 30 }],
    ...overrides,
  };
  practice.people.practitioners.set(practitioner.id, practitioner);
  const placeId = practitioner.places[0]?.id as string;
  const typeId = practitioner.appointmentTypes[0]?.id as string;
  const secretary = await practice.as({ roles: ['secretary'] });
  const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri'];
  const answer = await secretary(
    'PUT',
    `/api/schedules/${practitioner.id}`,
    {
      hours: [
        { placeId, daysOfWeek, startTime: '09:00', endTime: '12:00' },
        { placeId, daysOfWeek, startTime: '14:00', endTime: '17:00' },
      ],
    },
    { 'if-match': '"v0"' },
  );
  if (answer.status !== 200) throw new Error(`hours not set: ${JSON.stringify(answer.body)}`);
  return { practitioner, practitionerId: practitioner.id, placeId, typeId };
}

/** A doctor who is a patient of another one, and that other one. */
export async function buildColleagues(practice: Practice) {
  const [bernard, own] = [await buildPractitioner(practice), await buildPractitioner(practice)];
  const patientId = randomUUID();
  const both = await practice.as({
    roles: ['patient', 'practitioner'],
    patientId,
    practitionerId: own.practitionerId,
    sub: randomUUID(),
  });
  const dr = await practice.as({
    roles: ['practitioner'],
    practitionerId: bernard.practitionerId,
    sub: randomUUID(),
  });
  return { bernard, own, patientId, both, dr };
}

/** Books by this secretary; a practitioner and a patient are made when none is given. */
export async function bookBy(
  practice: Practice,
  secretary: Caller,
  start: string,
  people: { practitionerId?: string; typeId?: string; patientId?: string } = {},
) {
  const { practitionerId, typeId } = people.practitionerId
    ? (people as { practitionerId: string; typeId: string })
    : await buildPractitioner(practice);
  const patientId = people.patientId ?? randomUUID();
  const answer = await secretary('POST', '/api/appointments', {
    patientId,
    practitionerId,
    appointmentTypeId: typeId,
    start,
  });
  expect(answer.status).toBe(201);
  return {
    path: `/api/appointments/${answer.body.id}`,
    id: answer.body.id as string,
    patientId,
    practitionerId,
    typeId,
  };
}
