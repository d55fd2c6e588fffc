import { noteKeptFromGuardians } from '@cabinet/access/family';
import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { mayBeWrittenTo } from '../access.js';
import type { Decision } from '../decisions/decision.js';
import { LinkUnknown } from '../errors.js';
import type { AnswerRefused, Families, Neighbours, VisitAnswer, VisitNow } from '../neighbours.js';
import type { Ledger, PreferenceStore } from '../ports.js';
import { isReachable } from '../preferences/unsubscribe.js';
import type { Language } from '../templates/language.js';
import { judgeLink, possibleNow } from './judge-link.js';
import {
  type Act,
  actsOf,
  undoMs,
  type VisitAct,
  type VisitActs,
  type VisitLink,
  type VisitLinkTokens,
} from './visit-link.js';

/** What a link shows: when the visit is, and what may be done about it. Nothing of who comes, to whom or why. */
export interface Seen {
  language: Language;
  /** As its message says. */
  start: Date;
  zone: string;
  shows:
    | { is: 'planned'; act: VisitAct; secondsLeft: number; token: string }
    | { is: 'cancelled' }
    | { is: 'moved'; start: Date }
    | {
        is: 'open';
        /** What may be done now, each with its token. */
        acts: { act: Act; token: string }[];
        done: readonly Act[];
        /** Why something is not done, or cannot be. */
        refused?: AnswerRefused | 'too-early';
        lateFrom: Date;
        otherTimes: readonly Date[];
      };
}

interface Parts {
  tokens: VisitLinkTokens;
  ledger: Pick<Ledger, 'find'>;
  acts: VisitActs;
  neighbours: Pick<Neighbours, 'visit' | 'mayAnswer'>;
  families: Families;
  preferences: Pick<PreferenceStore, 'of'>;
  practice: { link: string; language: Language };
  clock: Clock;
}

/** A message about a visit, whose recipient may still see it. */
interface Its {
  link: VisitLink;
  decision: Decision;
  visit: VisitNow;
}

/**
 * Links that act: who has one has the right to one act on one visit, until that begins. To look at one does nothing, as programs that
 * look through mails follow links.
 */
export class VisitLinks {
  constructor(private readonly parts: Parts) {}

  /** The addresses that a message offers for its visit; undefined for one that offers none. */
  linksFor({ id: decisionId, kind }: Pick<Decision, 'id' | 'kind'>): VisitAddresses | undefined {
    const { practice, tokens } = this.parts;
    const offered = actsOf(kind);
    if (offered.length === 0 || !isReachable(practice.link)) return undefined;
    const address = (to: VisitLink['to']) =>
      `${practice.link}/api/notifications/links/${tokens.write({ decisionId, to })}`;
    return { choose: address('choose'), acts: offered.map((act) => ({ act, url: address(act) })) };
  }

  /** @throws LinkUnknown (404) for one that leads nowhere, or nowhere any more; Unavailable (503) */
  async look(token: string): Promise<Seen> {
    const its = await this.read(token);
    const { decision, visit } = its;
    const { unwanted: _, language = this.parts.practice.language } = await this.parts.preferences.of(
      decision.recipientId,
    );
    return { language, start: decision.startsAt as Date, zone: visit.zone, shows: await this.shown(its) };
  }

  /**
   * Plans what the link is for, unless it is planned, done or no longer possible: what it shows then says so.
   * @throws as `look`
   */
  async ask(token: string, wish: Pick<VisitAct, 'start' | 'minutes'>): Promise<void> {
    const its = await this.read(token);
    const { decisionId, to } = its.link;
    if (to === 'choose') throw new LinkUnknown();
    const shows = await this.shown(its);
    if (shows.is !== 'open' || !shows.acts.some(({ act }) => act === to)) return;
    const now = this.parts.clock.now();
    const dueAt = new Date(now.getTime() + undoMs);
    await this.parts.acts.plan({ decisionId, act: to, dueAt, ...wish }, now);
  }

  /** Takes it back as long as it has not begun. @throws as `look` */
  async undo(token: string): Promise<void> {
    const { link } = await this.read(token);
    if (link.to === 'choose') throw new LinkUnknown();
    await this.parts.acts.undo(link.decisionId, link.to);
  }

  /** The visit of a message, for who carries out what was asked for; undefined when it is not, or no longer, for its recipient. */
  async visitFor(decision: Decision): Promise<VisitNow | undefined> {
    const { neighbours, families, clock } = this.parts;
    const { appointmentId, patientId, recipientId, audience, kind } = decision;
    if (!appointmentId || !patientId) return undefined;
    const visit = await neighbours.visit(appointmentId);
    if (visit?.patientId !== patientId) return undefined;
    if (audience === 'self') return recipientId === patientId ? visit : undefined;
    const isKept = decision.keptFromGuardians || visit.keptFromGuardians;
    const its = (await families.actingFor(patientId)).filter((each) => each.recipientId === recipientId);
    return mayBeWrittenTo(its, { patientId, kind, isKept, now: clock.now() }) ? visit : undefined;
  }

  private async read(token: string): Promise<Its> {
    const { tokens, ledger } = this.parts;
    const link = tokens.read(token);
    const decision = link && (await ledger.find(link.decisionId));
    const visit = decision && (await this.visitFor(decision));
    if (!visit) throw new LinkUnknown();
    noteSubjects(decision.patientId);
    if (decision.keptFromGuardians || visit.keptFromGuardians) noteKeptFromGuardians();
    return { link, decision, visit };
  }

  private async shown({ link, decision, visit }: Its): Promise<Seen['shows']> {
    const { acts, clock, neighbours } = this.parts;
    const now = clock.now();
    const standing = judgeLink({ link, decision, visit, asked: await acts.of(link.decisionId), now });
    if (!standing) throw new LinkUnknown();
    if (standing.is === 'planned') {
      const secondsLeft = Math.max(0, Math.ceil((standing.act.dueAt.getTime() - now.getTime()) / 1_000));
      return { ...standing, secondsLeft, token: this.tokenFor(link, standing.act.act) };
    }
    if (standing.is !== 'open') return standing;
    const isToMove = standing.acts.includes('move');
    const may = await neighbours.mayAnswer(visit.id, isToMove ? sideOf(decision) : undefined);
    if (!may) throw new LinkUnknown();
    const possible = possibleNow(standing.acts, may, visit, now);
    const isAccepted = may.isAccepted && standing.acts.includes('confirm');
    const done: readonly Act[] = isAccepted ? [...standing.done, 'confirm'] : standing.done;
    return {
      is: 'open',
      acts: possible.map((act) => ({ act, token: this.tokenFor(link, act) })),
      done,
      refused: standing.refused ?? (possible.length + done.length === 0 ? whyNone(link) : undefined),
      lateFrom: may.lateFrom,
      otherTimes: possible.includes('move') ? may.otherTimes : [],
    };
  }

  private tokenFor({ decisionId }: VisitLink, to: Act): string {
    return this.parts.tokens.write({ decisionId, to });
  }
}

const whyNone = ({ to }: VisitLink) => (to === 'late' ? ('too-early' as const) : ('too-late' as const));

/** What a message offers for its visit. */
export interface VisitAddresses {
  /** Of a page that offers all, for where there is no room for more. */
  choose: string;
  acts: { act: Act; url: string }[];
}

export const sideOf = ({ audience }: Decision): VisitAnswer['as'] => (audience === 'self' ? 'patient' : audience);
