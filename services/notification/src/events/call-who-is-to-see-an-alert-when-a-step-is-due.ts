import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Call {
  alertId: string;
  generation: number;
  step: number;
  isUrgent: boolean;
  recipients: readonly string[];
}

interface PlanCalls {
  plan(tx: EntityManager, calls: readonly Call[]): Promise<void>;
}

/** Each step of an alert is told here once; that somebody has seen it meanwhile is asked for as a message leaves. */
export function callWhoIsToSeeAnAlertWhenAStepIsDue(orm: Orm, plan: PlanCalls, planned: () => void): EventHandler {
  const call = handleOnce(orm, 'call-for-alerts', async (tx, received) => {
    const calls = received.map(parseEvent).flatMap((event): Call[] => {
      if (event?.type !== 'alert.called') return [];
      const { alertId, generation, step, priority, recipients } = event.data;
      return [{ alertId, generation, step, isUrgent: priority === 'high', recipients }];
    });
    if (calls.length > 0) await plan.plan(tx, calls);
  });
  return async (events) => {
    await call(events);
    planned();
  };
}
