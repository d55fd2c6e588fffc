import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import type { EntityManager } from '@cabinet/postgres/orm';
import { usefulMs } from '../../domain/policies/policy.js';
import { insertDecisions, onKey, toNewRow } from '../ledger/decision-rows.js';
import { currentPolicy } from '../postgres-policies.js';

/** A step of an alert that is due. */
export interface Call {
  alertId: string;
  generation: number;
  step: number;
  isUrgent: boolean;
  /** Practitioners. */
  recipients: readonly string[];
}

/** Plans what leaves at once to those who are to see an alert. Nothing of its patient is kept here, nor leaves. */
export class PlanCalls {
  constructor(private readonly clock: Clock) {}

  async plan(tx: EntityManager, calls: readonly Call[]): Promise<void> {
    const { alert } = (await currentPolicy(tx)).policy;
    const now = this.clock.now();
    const rows = calls.flatMap(({ alertId, generation, step, isUrgent, recipients }) => {
      const kind = isUrgent ? 'urgent-alert' : 'alert';
      const channels = new Set(isUrgent ? alert.urgentChannels : alert.channels);
      return [...new Set(recipients)].flatMap((recipientId) =>
        [...channels].map((channel) =>
          toNewRow({
            ...{ id: newId(), version: 1, occasion: 'alert', occasionId: alertId, occasionVersion: generation },
            ...{ nth: 0, kind, step: String(step), channel, recipientId, audience: 'self', keptFromGuardians: false },
            ...{ dueAt: now, nextAt: now, decidedAt: now, expiresAt: new Date(now.getTime() + usefulMs[kind]) },
            ...{ state: 'planned', attempts: 0 },
          }),
        ),
      );
    });
    if (rows.length > 0) await tx.execute(`${insertDecisions} ${onKey} do nothing`, [JSON.stringify(rows)]);
  }
}
