import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { Unavailable } from '@cabinet/kit/errors';
import pg from 'pg';
import { z } from 'zod';
import { createDatabase } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/http.ts';
import { type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { type Overrides, startNotification } from '../src/app.js';
import type { Config } from '../src/config.js';
import { channelEnvironment } from '../src/data/channels/settings.js';
import type { Channel, ChannelName, OutgoingMessage, SendOutcome } from '../src/domain/channel.js';
import type {
  AlertCall,
  AnswerRefused,
  CodeNow,
  MayAnswer,
  Neighbours,
  PersonNow,
  PractitionerNow,
  VisitAnswer,
  VisitNow,
} from '../src/domain/neighbours.js';
import type { SendingSettings } from '../src/domain/sending/send-due.js';

/** Takes every message and remembers it; says what a test wants it to say. */
export class RecordingChannel implements Channel {
  readonly sent: OutgoingMessage[] = [];
  /** Also those that did not leave. */
  readonly tried: OutgoingMessage[] = [];
  /** What is answered, by message; undefined: it is sent. */
  answer: (message: OutgoingMessage) => SendOutcome | undefined | Promise<SendOutcome | undefined> = () => undefined;
  find?: Channel['find'];

  constructor(
    readonly name: ChannelName,
    readonly provider = `recording-${name}`,
  ) {}

  async send(message: OutgoingMessage): Promise<SendOutcome> {
    this.tried.push(message);
    const outcome = (await this.answer(message)) ?? { state: 'sent', providerId: `p-${message.decisionId}` };
    if (outcome.state === 'sent') this.sent.push(message);
    return outcome;
  }

  to(address: string): OutgoingMessage[] {
    return this.sent.filter(({ to }) => to === address);
  }
}

type Owner = 'alert' | 'appointment' | 'auth' | 'patient' | 'practitioner';

/** The owners of what is told, as a test has them: in memory, and away when it says so. */
export class FakeNeighbours implements Neighbours {
  readonly visits = new Map<string, VisitNow>();
  readonly people = new Map<string, PersonNow>();
  readonly codes = new Map<string, CodeNow>();
  readonly colleagues = new Map<string, PersonNow>();
  readonly calls = new Map<string, AlertCall>();
  readonly away = new Set<Owner>();
  /** Where it is not the usual one. */
  readonly practitioners = new Map<string, PractitionerNow>();
  readonly practitionerNow: PractitionerNow = { name: 'Alice Bernard', places: [{ id: placeId, name: 'Lilas' }] };

  async visit(id: string): Promise<VisitNow | undefined> {
    this.assertThere('appointment');
    return this.visits.get(id);
  }

  /** What differs from what the appointment service usually says of every visit. */
  may: Partial<MayAnswer> = {};
  /** What was said of visits, in turn; and what a test does or answers instead. */
  readonly answers: { visitId: string; version: number; answer: VisitAnswer }[] = [];
  answering: (visit: VisitNow, answer: VisitAnswer) => Promise<AnswerRefused | undefined> = async () => undefined;

  async mayAnswer(id: string): Promise<MayAnswer | undefined> {
    this.assertThere('appointment');
    const visit = this.visits.get(id);
    if (!visit) return undefined;
    const before = (hours: number) => new Date(visit.start.getTime() - hours * 3_600_000);
    const usual = { cancelUntil: before(2), moveUntil: before(2), lateFrom: before(3), isAccepted: false };
    return { ...usual, otherTimes: [new Date(visit.start.getTime() + 1_800_000)], ...this.may };
  }

  async answer(
    { id, version }: Pick<VisitNow, 'id' | 'version'>,
    answer: VisitAnswer,
  ): Promise<'done' | AnswerRefused> {
    this.assertThere('appointment');
    const visit = this.visits.get(id) as VisitNow;
    const refused = await this.answering(visit, answer);
    if (refused) return refused;
    if (visit.version !== version) return 'changed';
    this.answers.push({ visitId: id, version, answer });
    visit.version += 1;
    if (answer.says === 'cancel') visit.status = 'cancelled';
    if (answer.says === 'move') visit.start = new Date(answer.start);
    return 'done';
  }

  async person(id: string): Promise<PersonNow | undefined> {
    this.assertThere('patient');
    return this.people.get(id);
  }

  async practitioner(id: string): Promise<PractitionerNow | undefined> {
    return this.practitioners.get(id) ?? this.practitionerNow;
  }

  async code(id: string): Promise<CodeNow | undefined> {
    this.assertThere('auth');
    return this.codes.get(id);
  }

  async colleague(id: string): Promise<PersonNow | undefined> {
    this.assertThere('practitioner');
    return this.colleagues.get(id);
  }

  async alertCall(id: string): Promise<AlertCall | undefined> {
    this.assertThere('alert');
    return this.calls.get(id);
  }

  async *bookedVisits(from: Date, to: Date): AsyncIterable<VisitNow[]> {
    this.assertThere('appointment');
    yield [...this.visits.values()].filter(({ status, start }) => status === 'booked' && start >= from && start < to);
  }

  private assertThere(name: Owner): void {
    if (this.away.has(name)) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${name} service cannot be reached`);
  }
}

/** What the service seals with. */
export const secret = 'the secret of the notification service in tests';

/** The channels as an environment sets them up; without one there are none. */
export const channelSettings = (environment: Record<string, string> = {}) =>
  z.object(channelEnvironment).parse(environment);

/** Keys as a browser makes them. */
export function browserKeys(): { p256dh: string; auth: string } {
  const pair = createECDH('prime256v1');
  return { p256dh: pair.generateKeys().toString('base64url'), auth: randomBytes(16).toString('base64url') };
}

export const placeId = randomUUID();
export const practitionerId = randomUUID();
export const typeId = randomUUID();

export const person = (more: Partial<PersonNow> = {}): PersonNow => {
  const id = more.id ?? randomUUID();
  return {
    ...{ id, active: true, hasDied: false, familyName: 'Lefèvre', givenNames: ['Claire', 'Marie'] },
    ...{ emails: [`${id}@example.org`], phones: [`+336${id.replace(/\D/g, '').padEnd(8, '0').slice(0, 8)}`] },
    ...more,
  };
};

type Happening = 'offered' | 'booked' | 'moved' | 'cancelled' | 'declined' | 'arrived' | 'reopened' | 'privacy-changed';

export interface Line {
  id: string;
  kind: string;
  step: string;
  channel: ChannelName;
  state: string;
  reason: string | null;
  hold: string | null;
  recipient_id: string;
  occasion_version: number;
  attempts: number;
  may_have_left_twice: boolean;
  due_at: Date;
}

/** The real service on a real database of its own, with owners and ways out that a test decides about. */
export interface NotificationService extends ServiceUnderTest {
  neighbours: FakeNeighbours;
  email: RecordingChannel;
  sms: RecordingChannel;
  sql: pg.Pool;
  /** Registers somebody, with an address and a number of their own. */
  patient(more?: Partial<PersonNow>): PersonNow;
  /** Has the appointment service have a visit, and tell of it. */
  visit(
    patientId: string,
    start: string,
    more?: Partial<VisitNow>,
  ): Promise<{ visit: VisitNow; tell: (happening: Happening, change?: Partial<VisitNow>) => Promise<void> }>;
  /** The ledger about an appointment or a code, in order of what is due. */
  ledger(occasionId: string): Promise<Line[]>;
  /** Briefly: `reminder P1D email planned`, once there are none that are due. */
  states(occasionId: string): Promise<string[]>;
  /** Waits until nothing is due any more that could leave. */
  settled(): Promise<void>;
  /** What the audit trail has of a patient. */
  actionsOn(patientId: string): Promise<string[]>;
  /** Goes to a time, by the clock of the services. */
  at(instant: string): Promise<void>;
}

export async function startService(
  options: {
    now?: string;
    settings?: Partial<Config>;
    sending?: Partial<SendingSettings>;
    overrides?: Partial<Overrides>;
  } = {},
): Promise<NotificationService> {
  const databaseUrl = await createDatabase('notification');
  const neighbours = new FakeNeighbours();
  const [email, sms] = [new RecordingChannel('email'), new RecordingChannel('sms')];
  const overrides: Overrides = {
    ...{ neighbours, channels: [email, sms], lookEveryMs: 20, sending: options.sending },
    ...options.overrides,
  };
  const settings: Partial<Config> = {
    ...{ PRACTICE_ZONE: 'Europe/Paris', PRACTICE_NAME: 'Cabinet des Lilas', PRACTICE_LANGUAGE: 'fr' },
    ...{ PRACTICE_EMAIL: 'lilas@cabinet.example', PUBLIC_URL: 'https://cabinet.example' },
    NOTIFICATION_SECRET: [secret],
    ...channelSettings(),
    ...options.settings,
  };
  const service = await startForTest(startNotification, {
    databaseUrl,
    settings,
    overrides,
    now: options.now ?? '2026-11-20T10:00:00Z',
  });
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 2, application_name: 'the test' });
  const settled = () =>
    until(async () => {
      const { rows: lost } = await sql.query(
        'select to_jsonb(letter) as letter from dead_letter as letter union all select to_jsonb(event) from waiting_event as event',
      );
      if (lost.length > 0) throw new Error(JSON.stringify(lost));
      const { rows } = await sql.query(
        `select count(*)::int as due from decision where state = 'planned' and next_at <= $1 or lease is not null`,
        [service.clock.now()],
      );
      return rows[0].due === 0;
    });
  const ledger = async (occasionId: string): Promise<Line[]> => {
    const { rows } = await sql.query(
      'select * from decision where occasion_id = $1 order by occasion_version, due_at, kind, channel, step, nth, recipient_id',
      [occasionId],
    );
    return rows;
  };
  const more = {
    ...{ neighbours, email, sms, sql, settled, ledger },
    patient(its: Partial<PersonNow> = {}) {
      const made = person(its);
      neighbours.people.set(made.id, made);
      return made;
    },
    async visit(patientId: string, start: string, its: Partial<VisitNow> = {}) {
      const starts = new Date(start);
      const visit: VisitNow = {
        ...{ id: randomUUID(), version: 1, status: 'booked', patientId, practitionerId, placeId, zone: 'Europe/Paris' },
        ...{
          appointmentTypeId: typeId,
          start: starts,
          end: new Date(starts.getTime() + 900_000),
          keptFromGuardians: false,
        },
        ...its,
      };
      neighbours.visits.set(visit.id, visit);
      const spread = async (happening: Happening) => {
        const { id: appointmentId, version, start: from, end, keptFromGuardians, ...at } = visit;
        // As appointment tells it: what is pending for it is proposed for all others.
        const status = visit.status === 'pending' ? 'proposed' : visit.status;
        const data = {
          ...{ appointmentId, version, patientId, practitionerId: at.practitionerId, placeId: at.placeId, status },
          ...{ appointmentTypeId: at.appointmentTypeId, start: from.toISOString(), end: end.toISOString() },
          ...(keptFromGuardians && { keptFromGuardians }),
          ...(happening === 'offered' && { answerBy: visit.heldUntil?.toISOString() }),
        };
        const event = { id: randomUUID(), type: `appointment.${happening}`, source: 'appointment', data };
        const answer = await service.hear('appointment', event);
        if (answer.status !== 200) throw new Error(`not heard: ${answer.status} ${JSON.stringify(answer.body)}`);
      };
      // Of what is only asked for nothing is told.
      if (visit.status !== 'pending' || visit.heldUntil)
        await spread(visit.status === 'pending' ? 'offered' : 'booked');
      return {
        visit,
        tell: async (happening: Happening, change: Partial<VisitNow> = {}) => {
          const status =
            ({ cancelled: 'cancelled', declined: 'cancelled', arrived: 'arrived' } as const)[
              happening as 'cancelled'
            ] ?? 'booked';
          Object.assign(visit, { version: visit.version + 1, status }, change);
          await spread(happening);
        },
      };
    },
    async states(occasionId: string) {
      await settled();
      return (await ledger(occasionId)).map(({ kind, step, channel, state, reason, hold }) =>
        [kind, step, channel, state, reason ?? hold].filter(Boolean).join(' '),
      );
    },
    async actionsOn(patientId: string) {
      const { rows } = await sql.query(
        'select action, outcome from audit_event where subjects @> array[$1] order by sequence',
        [patientId],
      );
      return rows.map(({ action, outcome }) => `${action} ${outcome}`);
    },
    async at(instant: string) {
      service.clock.set(new Date(instant));
      await settled();
    },
  };
  return withMore(service, more, () => sql.end());
}

/** Tells who acts for whom. */
export const acting = (
  service: ServiceUnderTest,
  patientId: string,
  relatedPatientId: string,
  more: {
    relationship?: 'guardian' | 'carer';
    version?: number;
    relatedPersonId?: string;
    type?: string;
    sections?: string[];
    ends?: { section: string; at: string }[];
  } = {},
) => {
  const { type = 'given', relatedPersonId = randomUUID(), relationship = 'guardian', version = 1 } = more;
  const { sections = ['details', 'appointments'], ends } = more;
  const data = { relatedPersonId, version, patientId, relatedPatientId, relationship, sections, ends };
  return service.hear('patient', { id: randomUUID(), type: `related-person.${type}`, source: 'patient', data });
};
