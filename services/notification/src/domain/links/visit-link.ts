import type { Kind } from '../decisions/decision.js';
import type { AnswerRefused } from '../neighbours.js';

/** What somebody may do about a visit by a link in a message, without signing in. */
export const acts = ['confirm', 'move', 'cancel', 'late'] as const;
export type Act = (typeof acts)[number];

/** One link: of one message, which is about one visit, for one act; or to a page that offers them all. */
export interface VisitLink {
  decisionId: string;
  to: Act | 'choose';
}

/** Makes and reads what stands in links: nobody else can make one. */
export interface VisitLinkTokens {
  write(link: VisitLink): string;
  /** Undefined for what was not made here. */
  read(token: string): VisitLink | undefined;
}

const ofNewVisits: readonly Act[] = ['move', 'cancel'];

/** What a message offers; that somebody comes is asked once the visit is near. */
export const actsOf = (kind: Kind): readonly Act[] =>
  kind === 'reminder' ? acts : ['confirmation', 'moved'].includes(kind) ? ofNewVisits : [];

/** How late one may say to be, in minutes. */
export const delays = [10, 20, 30] as const;

/** So long it is not done yet, and may be taken back, whoever closes the page meanwhile. */
export const undoMs = 10_000;

/** What somebody wants done by a link of a message. */
export interface VisitAct {
  decisionId: string;
  act: Act;
  state: 'planned' | 'undone' | 'done' | 'refused';
  /** Then it is done. */
  dueAt: Date;
  /** Of a move: to when, RFC 3339. */
  start?: string;
  /** Of a delay. */
  minutes?: number;
  /** It was begun, and can no longer be taken back. */
  isBegun: boolean;
  why?: AnswerRefused;
}

export type VisitActResult =
  | { state: 'done' }
  | { state: 'refused'; why: AnswerRefused }
  | { state: 'planned'; nextAt: Date };

/** What was asked for by links, each once for a message. */
export interface VisitActs {
  /** The newest first. */
  of(decisionId: string): Promise<VisitAct[]>;
  /** Of what is planned or done already nothing changes, and one message has one act that is planned. */
  plan(act: Pick<VisitAct, 'decisionId' | 'act' | 'dueAt' | 'start' | 'minutes'>, now: Date): Promise<void>;
  /** Takes back what was not begun. */
  undo(decisionId: string, act: Act): Promise<void>;
  /** Takes what is due, for this process alone until the lease ends; it has begun from then on. */
  claim(now: Date, limit: number, lease: { id: string; ms: number }): Promise<VisitAct[]>;
  finish(act: Pick<VisitAct, 'decisionId' | 'act'>, result: VisitActResult, lease: string): Promise<void>;
}
