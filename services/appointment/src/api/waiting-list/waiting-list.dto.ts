import { withoutHidden } from '@cabinet/access/policy';
import type { Principal } from '@cabinet/kit/access/principal';
import type { DayOfWeek } from '../../domain/time/time.js';
import { inZone } from '../../domain/time/time.js';
import { hiddenOfWaiting, showsAgendasOf } from '../../domain/waiting-list/access.js';
import type { WaitingState } from '../../domain/waiting-list/find-waiting.js';
import type { Offer, PassedOverCode, Priority, Waiting, WaitingStatus } from '../../domain/waiting-list/waiting.js';
import type { Instant, LocalDate, Reason, TimeOfDay, Uuid } from '../common.dto.js';

export interface WantDto {
  practitionerId: Uuid;
  /** One of the practitioner's types. */
  appointmentTypeId: Uuid;
}

export interface WeeklyTimesDto {
  /**
   * FHIR R4 DaysOfWeek.
   * @minItems 1
   * @maxItems 7
   * @uniqueItems
   */
  daysOfWeek: DayOfWeek[];
  startTime: TimeOfDay;
  /** On the next day when it is before `startTime`, within 16 hours of it; such times are of the day on which they begin. */
  endTime: TimeOfDay;
}

export interface WaitingRequestDto {
  patientId: Uuid;
  /**
   * Any of these will do.
   * @minItems 1
   * @maxItems 10
   */
  wants: WantDto[];
  /** First date on which the appointment may be. */
  fromDate: LocalDate;
  /** Last date, 366 days ahead at most; then the patient leaves the list. */
  untilDate: LocalDate;
  /**
   * The whole appointment within one of these; at any time when it is left out.
   * @maxItems 14
   */
  times?: WeeklyTimesDto[];
  /**
   * Offer nothing that is sooner; 120 when it is left out.
   * @isInt
   * @minimum 0
   * @maximum 20160
   */
  noticeMinutes?: number;
  /** FHIR R4 request-priority; for staff to set, `routine` when it is left out. */
  priority?: Priority;
  /** An appointment of the patient that is cancelled when an offer is accepted; whoever accepts may cancel it. */
  replaces?: Uuid;
  /** Why the patient comes; read by the patient, guardians who read their record, the practitioners who are waited for, and whoever wrote it. */
  reason?: Reason;
  /** As in a booking; what is offered is kept as well. True when the appointment that it replaces is. */
  keptFromGuardians?: boolean;
}

export interface PassedOverDto {
  /** Their entry. */
  waitingId: Uuid;
  /** What stood against them. */
  code: PassedOverCode;
}

export interface OfferResponse {
  /** The hold that keeps the slot; booked once the offer is accepted. */
  appointmentId: Uuid;
  status: Offer['status'];
  practitionerId: Uuid;
  appointmentTypeId: Uuid;
  placeId: Uuid;
  start: Instant;
  end: Instant;
  zone: string;
  offeredAt: Instant;
  /** Until when it can be accepted; never at night on the clock of the place. */
  endsAt: Instant;
  answeredAt?: Instant;
  /** Those in front on the list who did not get it, and why; for staff. */
  passedOver?: PassedOverDto[];
}

export interface WaitingResponse {
  id: Uuid;
  /** Grows with every change; also the ETag. */
  version: number;
  /** FHIR R4 AppointmentStatus: waits; has an offer; has accepted one; has left the list. */
  status: WaitingStatus;
  patientId: Uuid;
  wants: WantDto[];
  fromDate: LocalDate;
  untilDate: LocalDate;
  times: WeeklyTimesDto[];
  noticeMinutes: number;
  priority: Priority;
  /** Offers that ended without an answer. */
  lapses: number;
  replaces?: Uuid;
  /** Why the patient comes; for the patient, guardians who read their record, the practitioners who are waited for, and whoever wrote it. */
  reason?: string;
  /** A minor's secret: the entry, what it replaces or what was offered; absent: none of them is. */
  keptFromGuardians?: boolean;
  /** Why the patient is no longer on the list. */
  ended?: 'withdrawn' | 'over' | 'merged' | 'erased' | 'deceased' | 'practitioner-left';
  createdAt: Instant;
}

export interface WaitingDetails extends WaitingResponse {
  /** The last one in front. */
  offers: OfferResponse[];
}

export interface WaitingPage {
  items: WaitingResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export const toWaitingResponse = (waiting: Waiting, actor: Principal, seenAsOf = waiting.wants): WaitingResponse => {
  const { createdBy, ended, createdAt, reason, keptFromGuardians, wants, replaces, replacesOf, ...rest } = waiting;
  const isShown = showsAgendasOf(actor, waiting);
  const response = {
    ...rest,
    wants: wants.filter(({ practitionerId }) => isShown(practitionerId)),
    replaces: replacesOf === undefined || isShown(replacesOf) ? replaces : undefined,
    reason,
    keptFromGuardians: keptFromGuardians || undefined,
    ended: ended?.why,
    createdAt: createdAt.toISOString(),
  };
  return withoutHidden(response, hiddenOfWaiting(actor, { ...waiting, wants: seenAsOf }));
};

export function toWaitingDetails({ waiting, offers, seenAsOf }: WaitingState, actor: Principal): WaitingDetails {
  const isShown = showsAgendasOf(actor, waiting);
  return {
    ...toWaitingResponse(waiting, actor, seenAsOf),
    offers: offers
      .filter(({ appointment }) => isShown(appointment.practitionerId))
      .map(({ appointment, passedOver, ...offer }) => ({
        appointmentId: appointment.id,
        status: offer.status,
        practitionerId: appointment.practitionerId,
        appointmentTypeId: appointment.appointmentTypeId,
        placeId: appointment.placeId,
        start: inZone(appointment.start, appointment.zone),
        end: inZone(appointment.end, appointment.zone),
        zone: appointment.zone,
        offeredAt: inZone(offer.offeredAt, appointment.zone),
        endsAt: inZone(offer.endsAt, appointment.zone),
        answeredAt: offer.answeredAt && inZone(offer.answeredAt, appointment.zone),
        passedOver: hiddenOfWaiting(actor, waiting).includes('passedOver') ? undefined : passedOver,
      })),
  };
}
