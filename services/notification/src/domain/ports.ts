import type { ExpectedVersion } from '@cabinet/kit/http/etag';
import type { ChannelName, OutgoingMessage, SendOutcome } from './channel.js';
import type { Decision, Hold, Kind, Reason, State } from './decisions/decision.js';
import type { Policy, PolicyVersion } from './policies/policy.js';
import type { Preferences } from './preferences/preferences.js';
import type { SaidBefore } from './sending/judge.js';
import type { Language } from './templates/language.js';
import type { Template, TemplateName, TemplateText, Values } from './templates/template.js';

/** What others hear of a decision, as `notification.<state>`. */
export type Told = Pick<Decision, 'id' | 'version' | 'patientId' | 'kind' | 'channel' | 'reason'>;
export type Happening = Exclude<State, 'planned'>;

export interface LedgerFilter {
  patientId?: string;
  /** Of patients who are guarded by who asks: what they keep from guardians is left out. */
  exceptKeptOf?: readonly string[];
  from?: Date;
  to?: Date;
  state?: State;
  kind?: Kind;
  /** None but these. */
  kinds?: readonly Kind[];
  channel?: ChannelName;
  appointmentId?: string;
}

/** The last of a page: the newest come first. */
export type AfterDecision = [dueAt: number, id: string];

/** The decisions, for who reads them. */
export interface Ledger {
  find(id: string): Promise<Decision | undefined>;
  /** What was put into its text, as long as that is kept. */
  valuesOf(id: string): Promise<Values | undefined>;
  /** One more than `limit` when there are more; also by the id of a patient who was merged. */
  list(filter: LedgerFilter, limit: number, after?: AfterDecision): Promise<Decision[]>;
  /**
   * Stores what somebody asked for; of one that is there already nothing changes. What is sent again takes the place of what was held.
   * @returns those that stand by these keys then, in their order
   * @throws PatientUnknown (422) for a patient who was erased, UnderWay (409) to send again what is still to be sent
   */
  add(decisions: readonly Decision[]): Promise<Decision[]>;
  /** How often it was sent again by now. @param decision any of its like */
  resentTimes(decision: Decision): Promise<number>;
}

/** A decision that is this process's to carry out, until the lease ends. */
export interface Claimed {
  decision: Decision;
  /** It began to be sent, and nobody knows what came of it: its process died, or its provider did not answer. */
  wasBegun: boolean;
}

/** What is about to leave as one message. */
export interface Beginning {
  carrierId: string;
  /** Of all that it says, with the carrier's. */
  ids: readonly string[];
  /** The visits of which it speaks, where they are several. */
  covers?: readonly string[];
}

/** What came of a decision that was carried out. */
export interface Result {
  id: string;
  state: State;
  reason?: Reason;
  hold?: Hold;
  failure?: Decision['failure'];
  /** Of one that failed: the provider that may have sent it all the same. */
  mayHaveSent?: string;
  nextAt?: Date;
  sent?: Pick<Decision, 'sentAt' | 'provider' | 'providerId' | 'parts' | 'cost' | 'covers' | 'mayHaveLeftTwice'>;
  /** Nobody knows whether it left: what was begun stays so, and its provider is asked before it is sent again. */
  isOpen?: true;
  /** A minor keeps it from their guardians by now, whatever was known when it was planned. */
  isKept?: boolean;
  /** With what, as soon as it was written. */
  written?: { template: string; templateVersion: string; language: Language; values: Values };
}

/** What was sent today already. */
export interface SentToday {
  byChannel: Map<ChannelName, number>;
  byRecipient: Map<string, number>;
}

/** The decisions that are due, each for one process at a time. */
export interface DueDecisions {
  /**
   * Takes what is due by then and nobody else has, and with a reminder those of the same day that it may be said with.
   * @param leaseMs by the clock of the database: for so long nobody else takes it
   */
  claim(now: Date, limit: number, lease: { id: string; ms: number }): Promise<Claimed[]>;
  /**
   * Notes that an attempt begins, of all that is said together: the lease of each begins anew, and the one that carries it says of
   * which visits it speaks.
   * @returns false when one of them is no longer to be sent, or its lease has ended and somebody else may be at it: then none has begun
   */
  begin(message: Beginning, lease: { id: string; ms: number }): Promise<boolean>;
  /**
   * Stores what came of it, and tells it; of what was suppressed meanwhile only that it left.
   * @returns the ids whose lease had ended, and of which nothing was stored
   */
  finish(results: readonly Result[], lease: string, now: Date): Promise<string[]>;
  /** Gives back what was not begun. */
  release(lease: string): Promise<void>;
  /** Of what has waited, or was held, until it is of no use it is said that it is stale. @returns how many */
  endStale(now: Date): Promise<number>;
  /**
   * Takes up again what was held for one of these before a time, as long as it is of use.
   * @param channels none but these; left out: all
   * @returns how many
   */
  takeUp(holds: readonly Hold[], before: Date, now: Date, channels?: readonly ChannelName[]): Promise<number>;
  saidBefore(decision: Decision): Promise<SaidBefore>;
  /** @param since the beginning of today */
  sentSince(since: Date, recipientIds: readonly string[]): Promise<SentToday>;
}

/** What a provider says later of a message that it took. */
export interface Receipt {
  provider: string;
  providerId: string;
  state: 'delivered' | 'failed';
  failure?: Decision['failure'];
}

/** For who hears from providers, once it is known that it is they. */
export interface Receipts {
  /**
   * Of one that comes before the answer to which it belongs, or twice, the effect is the same; of an id that is never heard of it is
   * forgotten after two days.
   * @returns whether something is known by it now that was not before
   */
  note(receipt: Receipt, now: Date): Promise<boolean>;
}

/** The ways out, each by the providers that there are for it. */
export interface Outlets {
  /**
   * By the first provider that takes it; `provider` is who took or last refused it.
   * @param mayHaveSent the one provider that is asked, as it alone can tell
   */
  send(
    channel: ChannelName,
    message: OutgoingMessage,
    mayHaveSent?: string,
  ): Promise<{ outcome: SendOutcome; provider?: string }>;
  /**
   * Whether it left, where the providers can be asked, and by which.
   * @returns undefined when one of them cannot tell
   */
  find(
    channel: ChannelName,
    decisionId: string,
  ): Promise<{ outcome: SendOutcome; provider: string } | 'not-sent' | undefined>;
  /** Those for which there is a provider. */
  channels(): ChannelName[];
}

export interface Policies {
  current(): Promise<PolicyVersion>;
  /** The newest first. */
  history(limit: number): Promise<PolicyVersion[]>;
  /** @throws 412 and 428 unless that version is in force */
  set(policy: Policy, expected: ExpectedVersion, by: string, now: Date): Promise<PolicyVersion>;
}

/** A text that the practice set. */
export interface TemplateVersion extends TemplateText {
  /** From 1. */
  nth: number;
  setBy: string;
  setAt: Date;
}

export interface Templates {
  /** The text of the practice, or else the one that came with the platform. */
  current(name: TemplateName, language: Language): Promise<Template>;
  all(): Promise<Template[]>;
  /** The newest first. */
  history(name: TemplateName, language: Language): Promise<TemplateVersion[]>;
  /** One that was sent; undefined when that version is no longer there. */
  version(name: TemplateName, language: Language, version: string): Promise<Template | undefined>;
  /** @throws 412 and 428 unless `expected` is how often the practice has set it */
  set(
    which: { name: TemplateName; language: Language },
    text: TemplateText,
    expected: ExpectedVersion,
    by: { id: string; at: Date },
  ): Promise<TemplateVersion>;
}

export interface PreferenceStore {
  of(patientId: string): Promise<Preferences>;
  /** @throws 412 and 428, PatientUnknown (422) for one who was erased */
  set(
    preferences: Omit<Preferences, 'version'>,
    expected: ExpectedVersion,
    by: { id: string; at: Date },
  ): Promise<Preferences>;
  /** Adds to what they do not want, whatever else they want; of one who was erased nothing is kept. */
  decline(patientId: string, unwanted: Preferences['unwanted'][number], by: { id: string; at: Date }): Promise<void>;
  /** Takes back that they do not want it. */
  accept(patientId: string, wanted: Preferences['unwanted'][number], by: { id: string; at: Date }): Promise<void>;
}

/** What became of what was to be decided on a day. */
export interface NightlySum {
  /** ISO date, of the practice. */
  day: string;
  expected: number;
  sent: number;
  suppressed: number;
  failed: number;
  held: number;
  /** Due, and nothing of it is known: an alarm. */
  unaccounted: number;
}
