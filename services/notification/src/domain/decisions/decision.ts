import type { Section } from '@cabinet/kit/access/principal';
import type { ChannelName } from '../channel.js';
import type { Language } from '../templates/language.js';

/** What happened, of which somebody may be told; each with what its id is the id of. */
export const occasions = {
  appointment: 'an appointment was booked, moved, cancelled, offered or declined, or comes near',
  code: 'somebody is to have a code, for a password or as an invitation',
  record: 'a medical record was opened as an emergency',
  alert: 'somebody of the practice is to see an alert, as a step of its rule is due',
  request: 'somebody of the practice, or a service, asks for a message',
} as const;
export type Occasion = keyof typeof occasions;

/** What people may choose to have or not; `security` they cannot. */
export const topics = ['appointments', 'reminders', 'messages', 'security'] as const;
export type Topic = (typeof topics)[number];
export const chosenTopics = topics.filter((topic) => topic !== 'security');

interface KindRules {
  topic: Topic;
  occasion: Occasion;
  /** In what somebody has to act for a patient to be told it, or to see that it was; of what is about no patient it says nothing. */
  section: Section;
  /** Leaves whatever the hour. */
  isUrgent?: true;
  /** Leaves however much has left already. */
  isUnbounded?: true;
}

/** What is said by a message. */
export const kinds = {
  confirmation: { topic: 'appointments', occasion: 'appointment', section: 'appointments' },
  reminder: { topic: 'reminders', occasion: 'appointment', section: 'appointments' },
  moved: { topic: 'appointments', occasion: 'appointment', section: 'appointments' },
  cancelled: { topic: 'appointments', occasion: 'appointment', section: 'appointments' },
  declined: { topic: 'appointments', occasion: 'appointment', section: 'appointments' },
  offer: { topic: 'appointments', occasion: 'appointment', section: 'appointments', isUrgent: true },
  'emergency-access': { topic: 'security', occasion: 'record', section: 'accesses' },
  'password-reset': { topic: 'security', occasion: 'code', section: 'accesses', isUrgent: true },
  invitation: { topic: 'security', occasion: 'code', section: 'accesses', isUrgent: true },
  registration: { topic: 'security', occasion: 'code', section: 'accesses', isUrgent: true },
  alert: { topic: 'security', occasion: 'alert', section: 'record', isUrgent: true, isUnbounded: true },
  'urgent-alert': { topic: 'security', occasion: 'alert', section: 'record', isUrgent: true, isUnbounded: true },
  'results-ready': { topic: 'messages', occasion: 'request', section: 'record' },
  'document-received': { topic: 'messages', occasion: 'request', section: 'record' },
  'call-us': { topic: 'messages', occasion: 'request', section: 'appointments' },
  'bring-documents': { topic: 'messages', occasion: 'request', section: 'appointments' },
} as const satisfies Record<string, KindRules>;
export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];
export const rulesOf = (kind: Kind): KindRules => kinds[kind];

export const states = ['planned', 'sent', 'delivered', 'failed', 'suppressed', 'held'] as const;
export type State = (typeof states)[number];

/** Why nothing leaves. */
export const reasons = {
  'opted-out': 'its recipient does not want it by this channel',
  'quiet-hours': 'it could not leave before quiet hours ended, and would have been of no use then',
  superseded: 'what it says is no longer so, or was taken back before anybody was told',
  past: 'its time had passed when it was planned, or what it is about has begun',
  'merged-with-another-visit': 'another message says it, of a visit on the same day',
  'no-address': 'nothing is known by which this channel reaches its recipient, and nobody who is not to read it',
  'not-a-guest': 'only some may be written to here, and none of its recipient’s addresses is one of these',
  unreachable: 'every address of its recipient was refused for good, or called our mails unwanted',
  'minors-secret': 'a minor keeps it from their guardians',
  hidden: 'its recipient may not, or no longer, see what it is about',
  'not-confirmed': 'the visit is not confirmed',
  stale: 'it could not leave for so long that it would be of no use',
} as const;
export type Reason = keyof typeof reasons;

/** Why it waits for somebody of the practice. */
export const holds = {
  budget: 'what the channel may send in a day is used up',
  'recipient-limit': 'its recipient has had as many messages today as anybody may',
  configuration: 'no provider is set up that would take it',
} as const;
export type Hold = keyof typeof holds;

export type FailureClass = 'temporary' | 'permanent-address' | 'permanent-content' | 'configuration' | 'rate-limited';

/** What makes two decisions one: a message of which there is one is never sent twice. */
export interface DecisionKey {
  occasion: Occasion;
  occasionId: string;
  /** Of what it is about: for an appointment the one that last changed when or whether it takes place; for an alert its round of steps. */
  occasionVersion: number;
  /** A patient, or who acts for one; for codes the id of the code, as there need not be a patient; for alerts a practitioner. */
  recipientId: string;
  kind: Kind;
  /** Of reminders: how long before, as an ISO 8601 duration (`P7D`); of alerts which step, from 0; empty for all else. */
  step: string;
  channel: ChannelName;
  /** 0; of one sent again, how often that was done by then. */
  nth: number;
}

export type Audience = 'self' | 'guardian' | 'carer';

/** What was decided of one message to one recipient by one channel; a line of the ledger. */
export interface Decision extends DecisionKey {
  id: string;
  version: number;
  /** Whom it is about; absent for codes, and for alerts, which say no more than that there is one. */
  patientId?: string;
  /** What its recipient is to the patient. */
  audience: Audience;
  /** When it is to leave. */
  dueAt: Date;
  /** Later it is of no use. */
  expiresAt: Date;
  decidedAt: Date;
  state: State;
  reason?: Reason;
  hold?: Hold;
  failure?: { class: FailureClass; text: string };
  attempts: number;
  /** Of one that is planned: when it is tried next. */
  nextAt: Date;
  provider?: string;
  providerId?: string;
  /** Parts of an SMS. */
  parts?: number;
  /** In thousandths of a euro. */
  cost?: number;
  template?: string;
  templateVersion?: string;
  /** The visit that it is about, and when, with whom and where that was to be when this was decided. */
  appointmentId?: string;
  startsAt?: Date;
  practitionerId?: string;
  placeId?: string;
  language?: Language;
  /** A minor's secret: their guardians do not see the line. */
  keptFromGuardians: boolean;
  /** User or service; absent: it follows from what happened, and the policy. */
  askedBy?: string;
  /** Of one sent again: the one before. */
  resendOf?: string;
  sentAt?: Date;
  /** The visits of which the message speaks, or is to speak once it leaves, where they are several. */
  covers?: string[];
  /** True: nobody can say whether it left before it was sent again, as its process died or its provider did not answer. */
  mayHaveLeftTwice?: boolean;
}
