import type { ChannelName } from '../../domain/channel.js';
import type {
  Audience,
  Decision,
  FailureClass,
  Hold,
  Kind,
  Occasion,
  Reason,
  State,
} from '../../domain/decisions/decision.js';
import type { Language } from '../../domain/templates/language.js';

/** As the database gives it: what is absent is null. */
export interface DecisionRow {
  id: string;
  version: number;
  occasion: Occasion;
  occasion_id: string;
  occasion_version: number;
  recipient_id: string;
  kind: Kind;
  step: string;
  channel: ChannelName;
  nth: number;
  patient_id: string | null;
  audience: Audience;
  appointment_id: string | null;
  starts_at: string | Date | null;
  practitioner_id: string | null;
  place_id: string | null;
  kept_from_guardians: boolean;
  due_at: string | Date;
  expires_at: string | Date;
  next_at: string | Date;
  decided_at: string | Date;
  state: State;
  reason: Reason | null;
  hold: Hold | null;
  failure_class: FailureClass | null;
  failure_text: string | null;
  attempts: number;
  provider: string | null;
  provider_id: string | null;
  parts: number | null;
  cost: number | null;
  covers: string[] | null;
  may_have_left_twice: boolean;
  sent_at: string | Date | null;
  template: string | null;
  template_version: string | null;
  language: Language | null;
  asked_by: string | null;
  resend_of: string | null;
}

export const decisionColumns = `decision.id, decision.version, occasion, occasion_id, occasion_version, recipient_id, kind, step, channel,
  nth, patient_id, audience, appointment_id, starts_at, practitioner_id, place_id, kept_from_guardians, due_at, expires_at, next_at, decided_at, state, reason,
  hold, failure_class, failure_text, attempts, provider, provider_id, parts, cost, covers, may_have_left_twice, sent_at, template,
  template_version, language, asked_by, resend_of`;

const date = (value: string | Date | null): Date | undefined => (value === null ? undefined : new Date(value));

export const toDecision = (row: DecisionRow): Decision => ({
  id: row.id,
  version: row.version,
  occasion: row.occasion,
  occasionId: row.occasion_id,
  occasionVersion: row.occasion_version,
  recipientId: row.recipient_id,
  kind: row.kind,
  step: row.step,
  channel: row.channel,
  nth: row.nth,
  patientId: row.patient_id ?? undefined,
  audience: row.audience,
  appointmentId: row.appointment_id ?? undefined,
  startsAt: date(row.starts_at),
  practitionerId: row.practitioner_id ?? undefined,
  placeId: row.place_id ?? undefined,
  keptFromGuardians: row.kept_from_guardians,
  dueAt: new Date(row.due_at),
  expiresAt: new Date(row.expires_at),
  nextAt: new Date(row.next_at),
  decidedAt: new Date(row.decided_at),
  state: row.state,
  reason: row.reason ?? undefined,
  hold: row.hold ?? undefined,
  failure: row.failure_class ? { class: row.failure_class, text: row.failure_text ?? '' } : undefined,
  attempts: row.attempts,
  provider: row.provider ?? undefined,
  providerId: row.provider_id ?? undefined,
  parts: row.parts ?? undefined,
  cost: row.cost ?? undefined,
  covers: row.covers ?? undefined,
  mayHaveLeftTwice: row.may_have_left_twice || undefined,
  sentAt: date(row.sent_at),
  template: row.template ?? undefined,
  templateVersion: row.template_version ?? undefined,
  language: row.language ?? undefined,
  askedBy: row.asked_by ?? undefined,
  resendOf: row.resend_of ?? undefined,
});

/** A row of `jsonb_to_recordset(?::jsonb) as row (newDecisionFields)`. */
export const toNewRow = (decision: Decision, together?: string) => ({
  id: decision.id,
  occasion: decision.occasion,
  occasion_id: decision.occasionId,
  occasion_version: decision.occasionVersion,
  recipient_id: decision.recipientId,
  kind: decision.kind,
  step: decision.step,
  channel: decision.channel,
  nth: decision.nth,
  patient_id: decision.patientId ?? null,
  audience: decision.audience,
  appointment_id: decision.appointmentId ?? null,
  starts_at: decision.startsAt ?? null,
  practitioner_id: decision.practitionerId ?? null,
  place_id: decision.placeId ?? null,
  kept_from_guardians: decision.keptFromGuardians,
  due_at: decision.dueAt,
  expires_at: decision.expiresAt,
  next_at: decision.nextAt,
  decided_at: decision.decidedAt,
  state: decision.state,
  reason: decision.reason ?? null,
  together: together ?? null,
  asked_by: decision.askedBy ?? null,
  resend_of: decision.resendOf ?? null,
});

const newFields = {
  id: 'uuid',
  occasion: 'text',
  occasion_id: 'uuid',
  occasion_version: 'integer',
  recipient_id: 'uuid',
  kind: 'text',
  step: 'text',
  channel: 'text',
  nth: 'integer',
  patient_id: 'uuid',
  audience: 'text',
  appointment_id: 'uuid',
  starts_at: 'timestamptz',
  practitioner_id: 'uuid',
  place_id: 'uuid',
  kept_from_guardians: 'boolean',
  due_at: 'timestamptz',
  expires_at: 'timestamptz',
  next_at: 'timestamptz',
  decided_at: 'timestamptz',
  state: 'text',
  reason: 'text',
  together: 'text',
  asked_by: 'text',
  resend_of: 'uuid',
} as const satisfies Record<keyof ReturnType<typeof toNewRow>, string>;

const names = Object.keys(newFields);
const typed = Object.entries(newFields).map(([name, type]) => `${name} ${type}`);

/** `from` of what is to be stored; its parameter is the rows as JSON. */
export const newRows = `jsonb_to_recordset(?::jsonb) as row (${typed.join(', ')})`;
export const insertDecisions = `insert into decision (version, ${names.join(', ')}) select 1, ${names.map((name) => `row.${name}`).join(', ')} from ${newRows}`;
/** What makes two decisions one. */
export const decisionKey = 'occasion_id, occasion_version, recipient_id, kind, step, channel, nth';
export const onKey = `on conflict (${decisionKey})`;
