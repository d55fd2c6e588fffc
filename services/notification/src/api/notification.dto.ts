import type { Decision } from '../domain/decisions/decision.js';
import type { Content } from '../domain/decisions/find-notifications.js';
import type { ChannelDto, ChosenChannelDto, Instant, LanguageDto, Uuid } from './common.dto.js';

/** What is said. */
export type KindDto =
  | 'confirmation'
  | 'reminder'
  | 'moved'
  | 'cancelled'
  | 'declined'
  | 'offer'
  | 'emergency-access'
  | 'password-reset'
  | 'invitation'
  | 'registration'
  | 'alert'
  | 'urgent-alert'
  | 'results-ready'
  | 'document-received'
  | 'call-us'
  | 'bring-documents';

/** Messages that somebody asks for; they say nothing that is not in their template. */
export type AskedKindDto = 'results-ready' | 'document-received' | 'call-us' | 'bring-documents';

/** `sent` has left, `delivered` has arrived as far as its provider says, `held` waits for somebody of the practice. */
export type StateDto = 'planned' | 'sent' | 'delivered' | 'failed' | 'suppressed' | 'held';

/** Why nothing leaves. */
export type ReasonDto =
  | 'opted-out'
  | 'quiet-hours'
  | 'superseded'
  | 'past'
  | 'merged-with-another-visit'
  | 'no-address'
  | 'not-a-guest'
  | 'unreachable'
  | 'minors-secret'
  | 'hidden'
  | 'not-confirmed'
  | 'stale';

/** Why something waits for somebody of the practice. */
export type HoldDto = 'budget' | 'recipient-limit' | 'configuration';

export interface FailureDto {
  class: 'temporary' | 'permanent-address' | 'permanent-content' | 'configuration' | 'rate-limited';
  /** In the words of the provider. */
  text: string;
}

export interface ContentDto {
  /** Of a mail; else empty. */
  subject: string;
  text: string;
}

/** A line of the ledger: one for each occasion, its version, recipient, kind, step and channel. */
export interface NotificationResponse {
  id: Uuid;
  /**
   * Grows with every change; also the ETag.
   * @isInt
   * @example 2
   */
  version: number;
  occasion: 'appointment' | 'code' | 'record' | 'alert' | 'request';
  /** Of the appointment, the code, the emergency access, the alert, or the request. */
  occasionId: Uuid;
  /**
   * @isInt
   * @example 1
   */
  occasionVersion: number;
  /** Whom it is about; absent of codes, and of alerts, which say no more than that there is one. */
  patientId?: Uuid;
  /** Who gets it: the patient, or who acts for them; of an alert the practitioner. */
  recipientId: Uuid;
  /** What its recipient is to the patient. */
  audience: 'self' | 'guardian' | 'carer';
  kind: KindDto;
  /**
   * Of a reminder: how long before (ISO 8601); of an alert which step, from 0; else empty.
   * @example "P7D"
   */
  step: string;
  channel: ChannelDto;
  appointmentId?: Uuid;
  /** Start of the visit as it was when this was decided. */
  startsAt?: Instant;
  /** When it is to leave, or was. */
  dueAt: Instant;
  /** Of one that is planned: when it is tried next. */
  nextAt: Instant;
  /** Later it is of no use. */
  expiresAt: Instant;
  decidedAt: Instant;
  sentAt?: Instant;
  state: StateDto;
  reason?: ReasonDto;
  /** Why it waits for somebody of the practice. */
  hold?: HoldDto;
  failure?: FailureDto;
  /**
   * @isInt
   * @example 1
   */
  attempts: number;
  provider?: string;
  /** What the provider calls it. */
  providerId?: string;
  /**
   * Parts of an SMS.
   * @isInt
   */
  parts?: number;
  /**
   * In thousandths of a euro.
   * @isInt
   */
  cost?: number;
  template?: string;
  /**
   * `file:1` as it came with the platform, `practice:3` as the practice set it.
   * @example "file:1"
   */
  templateVersion?: string;
  language?: LanguageDto;
  /** The user or service that asked for it; absent: it follows from what happened. */
  askedBy?: string;
  /** The one that was sent again. */
  resendOf?: Uuid;
  /** The visits that it speaks of, where they are several. */
  covers?: Uuid[];
  /** True: a process died while it was sent, nobody can say whether it had left, and it was sent again. */
  mayHaveLeftTwice?: boolean;
  /** What left, for 30 days; only of one that is asked for by its id. */
  content?: ContentDto;
}

export interface NotificationList {
  items: NotificationResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export interface NotifyRequest {
  /** What is said; what is not in a template cannot be said. */
  template: AskedKindDto;
  /**
   * To whom, and to who acts for them.
   * @minItems 1
   * @maxItems 100
   */
  patientIds: Uuid[];
  /**
   * By what; left out, what the policy says.
   * @minItems 1
   * @maxItems 3
   */
  channels?: ChosenChannelDto[];
  /** True: what it is about is kept from guardians. They are not told, nor is it sent where they are reached, nor do they see that it was. */
  keptFromGuardians?: boolean;
}

export interface NotifyResponse {
  /** What was decided; each leaves within seconds, or says why not. */
  items: NotificationResponse[];
}

const written = (at: Date | undefined): string | undefined => at?.toISOString();

export const toNotificationResponse = (decision: Decision, content?: Content): NotificationResponse => ({
  id: decision.id,
  version: decision.version,
  occasion: decision.occasion,
  occasionId: decision.occasionId,
  occasionVersion: decision.occasionVersion,
  patientId: decision.patientId,
  recipientId: decision.recipientId,
  audience: decision.audience,
  kind: decision.kind,
  step: decision.step,
  channel: decision.channel,
  appointmentId: decision.appointmentId,
  startsAt: written(decision.startsAt),
  dueAt: decision.dueAt.toISOString(),
  nextAt: decision.nextAt.toISOString(),
  expiresAt: decision.expiresAt.toISOString(),
  decidedAt: decision.decidedAt.toISOString(),
  sentAt: written(decision.sentAt),
  state: decision.state,
  reason: decision.reason,
  hold: decision.hold,
  failure: decision.failure,
  attempts: decision.attempts,
  provider: decision.provider,
  providerId: decision.providerId,
  parts: decision.parts,
  cost: decision.cost,
  template: decision.template,
  templateVersion: decision.templateVersion,
  language: decision.language,
  askedBy: decision.askedBy,
  resendOf: decision.resendOf,
  covers: decision.covers,
  mayHaveLeftTwice: decision.mayHaveLeftTwice,
  content,
});
