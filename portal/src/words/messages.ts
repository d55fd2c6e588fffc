import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Message, MessageChannel, MessagePolicy, MessageTopic, UnreachableAddress } from '../api/types.ts';

type Kind = Message['kind'];
type State = Message['state'];

/** What is said by a message. */
export const messageKinds: Record<Kind, MessageDescriptor> = {
  confirmation: msg`An appointment is confirmed`,
  reminder: msg`Reminder of an appointment`,
  moved: msg`An appointment was moved`,
  cancelled: msg`An appointment was cancelled`,
  declined: msg`A wished appointment was declined`,
  offer: msg`An appointment has become free`,
  'emergency-access': msg`The record was opened as an emergency`,
  'password-reset': msg`Code to choose a new password`,
  invitation: msg`Invitation to the portal`,
  registration: msg`Code to complete a registration`,
  alert: msg`An alert of a patient`,
  'urgent-alert': msg`An urgent alert of a patient`,
  'results-ready': msg`A document is waiting on the portal`,
  'document-received': msg`A document was received`,
  'call-us': msg`Request to call the practice`,
  'bring-documents': msg`What to bring along`,
};
export const messageKindNames = Object.keys(messageKinds) as Kind[];

/** A cancellation by the practice has other words than one by the patient. */
export const templateNames: Record<string, MessageDescriptor> = {
  ...messageKinds,
  cancelled: msg`An appointment was cancelled by the patient`,
  'cancelled-by-practice': msg`An appointment was cancelled by the practice`,
};

export const messageStates: Record<State, MessageDescriptor> = {
  planned: msg`Will leave`,
  sent: msg`Has left`,
  delivered: msg`Delivered`,
  failed: msg`Failed`,
  suppressed: msg`Not sent`,
  held: msg`Waits for the practice`,
};
export const messageStateNames = Object.keys(messageStates) as State[];

export const messageChannels: Record<Message['channel'], MessageDescriptor> = {
  email: msg`e-mail`,
  sms: msg`SMS`,
  push: msg`push notification`,
  webhook: msg`to another system`,
  log: msg`in a demonstration, where nothing is sent`,
};
export const messageChannelNames = Object.keys(messageChannels) as Message['channel'][];

/** Those that people choose from. */
export const chosenChannels: readonly MessageChannel[] = ['email', 'sms', 'push'];

/** How alerts leave where a policy says nothing of them, as the service has it. */
export const usualAlert: NonNullable<MessagePolicy['alert']> = {
  channels: ['email'],
  urgentChannels: ['email', 'sms'],
};

/** Why nothing left, in plain words. */
export const messageReasons: Record<NonNullable<Message['reason']>, MessageDescriptor> = {
  'opted-out': msg`Whom it is for does not want such messages this way.`,
  'quiet-hours': msg`It could not leave before the quiet hours ended, and would have been of no use after them.`,
  superseded: msg`What it says was no longer so, or was said already.`,
  past: msg`Its time had passed already.`,
  'merged-with-another-visit': msg`Another message says it, with another appointment of the same day.`,
  'no-address': msg`No address or number is known by which it would arrive.`,
  'not-a-guest': msg`Here only some addresses may be written to, and it is none of them.`,
  unreachable: msg`Every address of theirs was refused for good, or called mails unwanted.`,
  'minors-secret': msg`A minor keeps it from their guardians.`,
  hidden: msg`Whom it is for may not see what it is about, or no longer.`,
  'not-confirmed': msg`The appointment is not confirmed.`,
  stale: msg`It could not leave for so long that it would have been of no use.`,
};

/** Why it waits for somebody of the practice. */
export const messageHolds: Record<NonNullable<Message['hold']>, MessageDescriptor> = {
  budget: msg`What may leave this way in a day is used up.`,
  'recipient-limit': msg`They have had as many messages that day as anybody may.`,
  configuration: msg`Nothing is set up that would send it.`,
};

export const messageFailures: Record<NonNullable<Message['failure']>['class'], MessageDescriptor> = {
  temporary: msg`It did not get through.`,
  'permanent-address': msg`The address or number does not take it.`,
  'permanent-content': msg`What it says was not taken.`,
  configuration: msg`What would send it is not set up as it should be.`,
  'rate-limited': msg`Too much was sent at once.`,
};

/** Why something did not leave, has not yet, or failed; nothing of what was added later. */
export const whyWords = (why: string): MessageDescriptor | undefined =>
  ({ ...messageReasons, ...messageFailures, ...messageHolds })[why as keyof typeof messageHolds];

/** What of a patient is of no use. */
export const unreachableNames: Record<UnreachableAddress['channel'], MessageDescriptor> = {
  email: msg`E-mail address`,
  sms: msg`Mobile number`,
};
export const unreachableReasons: Record<UnreachableAddress['why'], MessageDescriptor> = {
  refused: msg`It was refused for good: there is nobody, or it takes no messages.`,
  complained: msg`A mail was called unwanted there.`,
};

/** Whom a message went to, as the practice says it. */
export const messageAudiences: Record<Message['audience'], MessageDescriptor> = {
  self: msg`to the patient`,
  guardian: msg`to a guardian`,
  carer: msg`to a carer`,
};

export const messageTopics: Record<MessageTopic, MessageDescriptor> = {
  appointments: msg`Appointments: booked, moved, cancelled, offered`,
  reminders: msg`Reminders before an appointment`,
  messages: msg`What the practice asks or tells besides`,
};
export const messageTopicNames = Object.keys(messageTopics) as MessageTopic[];

/** How long before an appointment. */
export const daysBefore = (days: number): MessageDescriptor =>
  days === 0 ? msg`on the day itself` : days === 1 ? msg`the day before` : msg`${days} days before`;

/** Of a reminder, how long before, as the service says it (`P7D`); nothing of all else. */
export function stepWords(step: string): MessageDescriptor | undefined {
  const days = /^P(?<days>\d+)D$/.exec(step)?.groups?.days;
  return days === undefined ? undefined : daysBefore(Number(days));
}

/** What a text lacks that was refused, said at its field. */
export const templateProblems: Record<string, MessageDescriptor> = {
  REQUIRED: msg`This is needed.`,
  TOO_LONG: msg`This is too long.`,
  INVALID: msg`It has braces that stand for nothing, or more than one line.`,
  UNKNOWN_VARIABLE: msg`It names something that is not known of such a message. What is known stands below.`,
  VARIABLE_MISSING: msg`It leaves out what such a message is for: what is needed is marked below.`,
};

/** What a text may name, in words; what is added by the service later stands in its own words. */
export const templateVariables: Record<string, MessageDescriptor> = {
  recipient: msg`how whom it is for is called`,
  yourVisit: msg`whose appointment it is, in words`,
  visits: msg`when, with whom and where; a line for each appointment`,
  times: msg`when alone, of all appointments`,
  oldTime: msg`when the appointment was to be before`,
  answerBy: msg`until when an offer is kept`,
  about: msg`whom the message is about, in words`,
  code: msg`the code`,
  goodUntil: msg`until when the code is good`,
  practice: msg`how the practice is called`,
  link: msg`the address of the portal`,
};

/** Numbers of the policy, with their bounds at the service. */
export const policyNumbers = {
  changeMinutes: { label: msg`Minutes of quiet before anybody is told of a change`, min: 0, max: 1_440 },
  lateMinutes: {
    label: msg`Booked too late for a reminder: minutes after which it leaves all the same`,
    min: 0,
    max: 1_440,
  },
  recipientMax: { label: msg`Messages to one person in a day, at most`, min: 1, max: 1_000 },
  emailMax: { label: msg`E-mails in a day, at most`, min: 0, max: 10_000_000 },
  smsMax: { label: msg`SMS in a day, at most`, min: 0, max: 10_000_000 },
  pushMax: { label: msg`Push notifications in a day, at most`, min: 0, max: 10_000_000 },
} as const satisfies Record<string, { label: MessageDescriptor; min: number; max: number }>;

export type PolicyNumber = keyof typeof policyNumbers;
export const policyNumberNames = Object.keys(policyNumbers) as PolicyNumber[];

/** The languages in which there are texts, each by its own name. */
export const languageNames: Readonly<Record<string, string>> = { fr: 'Français', en: 'English' };
