import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { NoLongerSo, UnderWay } from '../errors.js';
import { reminderUsefulMs, usefulMs } from '../policies/policy.js';
import type { Ledger } from '../ports.js';
import type { Decision } from './decision.js';
import type { FindNotifications } from './find-notifications.js';

/** Sends again what was sent, failed, suppressed or held: a decision of its own, judged anew before it leaves. */
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
      ...{
        appointmentId: before.appointmentId,
        startsAt: before.startsAt,
        practitionerId: before.practitionerId,
        placeId: before.placeId,
        resendOf: before.id,
        askedBy: actor.id,
      },
      ...{ id: effectOfRequest().id, version: 1, nth: (await this.ledger.resentTimes(before)) + 1, attempts: 0 },
      ...{ state: 'planned', dueAt: now, nextAt: now, decidedAt: now, expiresAt: new Date(expires) },
    };
    // Two at once are one: the other is the one that is there.
    const [standing = decision] = await this.ledger.add([decision]);
    return standing;
  }
}
