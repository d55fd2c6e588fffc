import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { NoLongerSo, UnderWay } from '../errors.js';
import { reminderUsefulMs, usefulMs } from '../policies/policy.js';
import type { Ledger } from '../ports.js';
import type { Decision } from './decision.js';
import type { FindNotifications } from './find-notifications.js';

/** Sends again what was sent, failed or suppressed: a decision of its own, judged anew before it leaves. */
export class ResendNotification {
  constructor(
    private readonly ledger: Ledger,
    private readonly find: FindNotifications,
    private readonly clock: Clock,
  ) {}

  /** @throws 404, UnderWay, NoLongerSo (409) */
  async resend(id: string, actor: Principal): Promise<Decision> {
    const before = await this.find.get(id, actor);
    const stored = await storedBefore((own) => this.ledger.find(own));
    if (stored) return stored;
    const now = this.clock.now();
    if (before.state === 'planned') throw new UnderWay();
    const hasBegun = before.startsAt !== undefined && before.startsAt <= now;
    if (hasBegun || before.reason === 'superseded') throw new NoLongerSo();
    const useful = before.kind === 'reminder' ? reminderUsefulMs(7) : usefulMs[before.kind];
    const expires = Math.min(now.getTime() + useful, before.startsAt?.getTime() ?? Number.POSITIVE_INFINITY);
    const { occasion, occasionId, occasionVersion, recipientId, kind, step, channel } = before;
    const decision: Decision = {
      ...{ occasion, occasionId, occasionVersion, recipientId, kind, step, channel },
      ...{ patientId: before.patientId, audience: before.audience, keptFromGuardians: before.keptFromGuardians },
      ...{ appointmentId: before.appointmentId, startsAt: before.startsAt, resendOf: before.id, askedBy: actor.id },
      ...{ id: effectOfRequest().id, version: 1, nth: (await this.ledger.resentTimes(before)) + 1, attempts: 0 },
      ...{ state: 'planned', dueAt: now, nextAt: now, decidedAt: now, expiresAt: new Date(expires) },
    };
    await this.ledger.add([decision]);
    // Two at once are one: the other is the one that is there.
    return (await this.ledger.find(decision.id)) ?? this.winner(decision);
  }

  private async winner({ appointmentId, patientId, channel, kind }: Decision): Promise<Decision> {
    const [newest] = await this.ledger.list({ appointmentId, patientId, channel, kind }, 1);
    if (!newest) throw new UnderWay();
    return newest;
  }
}
