import { alertClient, appointmentClient, authClient, patientClient, practitionerClient } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { etagOf } from '@cabinet/kit/http/etag';
import { AnswerCache } from '@cabinet/service/answer-cache';
import { answerOf, NeighbourRefused, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
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
} from '../../domain/neighbours.js';

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const visit = z
  .object({
    id: z.uuid(),
    version: z.number().int(),
    status: z.enum(['proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'waitlist']),
    patientId: z.uuid(),
    practitionerId: z.uuid(),
    appointmentTypeId: z.uuid(),
    placeId: z.uuid(),
    start: instant,
    end: instant,
    zone: z.string(),
    heldUntil: instant.optional(),
    cancellation: z.object({ code: z.string().optional() }).optional(),
    keptFromGuardians: z.boolean().default(false),
  })
  .transform(({ cancellation, ...rest }): VisitNow => ({ ...rest, cancellationCode: cancellation?.code }));
const mayAnswer = z
  .object({
    cancelUntil: instant,
    moveUntil: instant,
    lateFrom: instant,
    acceptedAt: z.string().optional(),
    otherTimes: z.array(instant).default([]),
  })
  .transform(({ acceptedAt, ...may }): MayAnswer => ({ ...may, isAccepted: acceptedAt !== undefined }));
const answered = z.object({ version: z.number().int() });
const visits = z.object({ items: z.array(visit), nextCursor: z.string().optional() });
const telecom = z.object({ system: z.enum(['phone', 'email']), value: z.string(), use: z.string().optional() });
const person = z
  .object({
    id: z.uuid(),
    active: z.boolean(),
    inactiveReason: z.string().optional(),
    familyName: z.string(),
    givenNames: z.array(z.string()),
    telecom: z.array(telecom),
  })
  .transform((its): PersonNow => {
    const { id, active, inactiveReason, familyName, givenNames } = its;
    const phones = its.telecom.filter(({ system }) => system === 'phone');
    return {
      id,
      active,
      hasDied: inactiveReason === 'deceased',
      familyName,
      givenNames,
      emails: its.telecom.filter(({ system }) => system === 'email').map(({ value }) => value),
      phones: [
        ...phones.filter(({ use }) => use === 'mobile'),
        ...phones.filter(({ use, value }) => use !== 'mobile' && mobile.test(value)),
      ].map(({ value }) => value),
    };
  });
/** Mobile numbers of France and its overseas departments; elsewhere it is the use that says so. */
const mobile = /^\+33[67]|^\+(?:262|590|594|596)(?:69)/;
const practitioner = z.object({
  familyName: z.string(),
  givenNames: z.array(z.string()),
  places: z.array(z.object({ id: z.uuid(), name: z.string() })),
});
const alertCall = z.object({ generation: z.number().int(), isCalling: z.boolean() });
const code = z.object({
  email: z.string(),
  purpose: z.enum(['reset', 'invitation', 'registration']),
  code: z.string(),
  expiresAt: instant,
});

/** Undefined for what is no answer to what was asked, but a defect. */
function refusalOf({ status, code }: NeighbourRefused): AnswerRefused | undefined {
  if (status === 412) return 'changed';
  if (code === 'APPOINTMENT.TOO_LATE') return 'too-late';
  if (status === 409 && code !== 'APPOINTMENT.INVALID_TRANSITION' && code !== 'APPOINTMENT.TOO_EARLY') return 'taken';
  // A time that nobody receives at any more.
  return status === 409 || (status === 422 && code.startsWith('APPOINTMENT.')) ? 'not-possible' : undefined;
}

/** Names of practitioners and places change rarely. */
const freshMs = 60_000;
const pageSize = 200;

/** Asks the owners of what is told, through the own sidecar. */
export class DaprNeighbours implements Neighbours {
  private readonly alerts: ReturnType<typeof alertClient>;
  private readonly appointments: ReturnType<typeof appointmentClient>;
  private readonly patients: ReturnType<typeof patientClient>;
  private readonly practitioners: ReturnType<typeof practitionerClient>;
  private readonly users: ReturnType<typeof authClient>;
  private readonly known: AnswerCache<PractitionerNow | undefined>;

  constructor(sidecar: SidecarAddress, clock: Clock) {
    const to = (appId: string) => ({ baseUrl: `http://${appId}`, fetch: neighbour(sidecar, appId) });
    this.alerts = alertClient(to('alert'));
    this.appointments = appointmentClient(to('appointment'));
    this.patients = patientClient(to('patient'));
    this.practitioners = practitionerClient(to('practitioner'));
    this.users = authClient(to('auth'));
    this.known = new AnswerCache((id) => this.practitionerNow(id), { freshMs, clock });
  }

  visit(id: string): Promise<VisitNow | undefined> {
    const asked = this.appointments.GET('/api/appointments/{id}', { params: { path: { id } } });
    return answerOf('appointment', asked, visit);
  }

  mayAnswer(id: string, otherTimesFor?: VisitAnswer['as']): Promise<MayAnswer | undefined> {
    const params = { path: { id }, query: { otherTimesFor } };
    return answerOf('appointment', this.appointments.GET('/api/appointments/answers/{id}', { params }), mayAnswer);
  }

  async answer(
    { id, version }: Pick<VisitNow, 'id' | 'version'>,
    answer: VisitAnswer,
  ): Promise<'done' | AnswerRefused> {
    const params = { path: { id }, header: { 'If-Match': etagOf(version) } };
    const asked = this.appointments.POST('/api/appointments/answers/{id}', { params, body: answer });
    try {
      return (await answerOf('appointment', asked, answered)) ? 'done' : 'not-possible';
    } catch (error) {
      const refused = error instanceof NeighbourRefused ? refusalOf(error) : undefined;
      if (refused) return refused;
      throw error;
    }
  }

  person(id: string): Promise<PersonNow | undefined> {
    const asked = this.patients.GET('/api/patients/{id}', { params: { path: { id } } });
    return answerOf('patient', asked, person);
  }

  practitioner(id: string): Promise<PractitionerNow | undefined> {
    return this.known.get(id);
  }

  code(id: string): Promise<CodeNow | undefined> {
    return answerOf('auth', this.users.GET('/api/auth/codes/{id}', { params: { path: { id } } }), code);
  }

  /** As they are now: who is told of an alert is reached where they are reached today. */
  colleague(id: string): Promise<PersonNow | undefined> {
    const asked = this.practitioners.GET('/api/practitioners/{id}', { params: { path: { id } } });
    return answerOf('practitioner', asked, person);
  }

  alertCall(id: string): Promise<AlertCall | undefined> {
    return answerOf('alert', this.alerts.GET('/api/alerts/calls/{id}', { params: { path: { id } } }), alertCall);
  }

  async *bookedVisits(from: Date, to: Date): AsyncIterable<VisitNow[]> {
    let cursor: string | undefined;
    do {
      const query = {
        status: 'booked' as const,
        from: from.toISOString(),
        to: to.toISOString(),
        limit: pageSize,
        cursor,
      };
      const page = await answerOf(
        'appointment',
        this.appointments.GET('/api/appointments', { params: { query } }),
        visits,
      );
      yield page?.items ?? [];
      cursor = page?.nextCursor;
    } while (cursor !== undefined);
  }

  private async practitionerNow(id: string): Promise<PractitionerNow | undefined> {
    const asked = this.practitioners.GET('/api/practitioners/{id}', { params: { path: { id } } });
    const found = await answerOf('practitioner', asked, practitioner);
    return found && { name: [...found.givenNames.slice(0, 1), found.familyName].join(' '), places: found.places };
  }
}
