import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import type { Neighbours, VisitAnswer, VisitNow } from '../neighbours.js';
import type { Ledger } from '../ports.js';
import { judgeLink } from './judge-link.js';
import type { VisitAct, VisitActResult, VisitActs } from './visit-link.js';
import { sideOf, type VisitLinks } from './visit-links.js';

const batch = 32;
const leaseMs = 60_000;
/** While somebody cannot be asked; while the visit changes under our hands. */
const [awayMs, changedMs] = [5_000, 500];

interface Parts {
  acts: VisitActs;
  ledger: Pick<Ledger, 'find'>;
  links: Pick<VisitLinks, 'visitFor'>;
  neighbours: Pick<Neighbours, 'answer'>;
  clock: Clock;
  failed: (error: unknown, decisionId: string) => void;
}

/** Does what was asked for by links once nobody took it back, each in one process at a time, and again until it is known what came of it. */
export class CarryOutActs {
  constructor(private readonly parts: Parts) {}

  /** All that is due now. @param stopping ends it between two acts */
  async run(stopping?: AbortSignal): Promise<void> {
    const { acts, clock } = this.parts;
    while (!stopping?.aborted) {
      const lease = newId();
      const due = await acts.claim(clock.now(), batch, { id: lease, ms: leaseMs });
      if (due.length === 0) return;
      for (const act of due) await acts.finish(act, await this.resultOf(act), lease);
    }
  }

  private async resultOf(act: VisitAct): Promise<VisitActResult> {
    try {
      return await this.carriedOut(act);
    } catch (error) {
      // Whether it was done all the same shows in the visit when it is looked at again.
      if (!(error instanceof Unavailable)) this.parts.failed(error, act.decisionId);
      return this.later(awayMs);
    }
  }

  private async carriedOut(act: VisitAct): Promise<VisitActResult> {
    const { ledger, links, neighbours, clock } = this.parts;
    const decision = await ledger.find(act.decisionId);
    const visit = decision && (await links.visitFor(decision));
    if (!visit) return { state: 'refused', why: 'not-possible' };
    const link = { decisionId: act.decisionId, to: act.act };
    const standing = judgeLink({ link, decision, visit, asked: [], now: clock.now() });
    if (isDone(act, visit)) return { state: 'done' };
    if (standing?.is !== 'open') return { state: 'refused', why: 'not-possible' };
    const answer = { by: decision.recipientId, as: sideOf(decision), ...sayingOf(act) } as VisitAnswer;
    const came = await neighbours.answer(visit, answer);
    if (came === 'done') return { state: 'done' };
    return came === 'changed' ? this.later(changedMs) : { state: 'refused', why: came };
  }

  private later(ms: number): VisitActResult {
    return { state: 'planned', nextAt: new Date(this.parts.clock.now().getTime() + ms) };
  }
}

/** As it was wanted, by whomever: also by a try whose answer was lost. */
function isDone({ act, start }: VisitAct, visit: VisitNow): boolean {
  if (act === 'cancel') return visit.status === 'cancelled';
  return act === 'move' && start !== undefined && visit.start.getTime() === Date.parse(start);
}

function sayingOf({ act, start = '', minutes = 0 }: VisitAct) {
  switch (act) {
    case 'confirm':
      return { says: 'accept' as const };
    case 'cancel':
      return { says: 'cancel' as const };
    case 'late':
      return { says: 'delay' as const, minutes };
    case 'move':
      return { says: 'move' as const, start };
  }
}
