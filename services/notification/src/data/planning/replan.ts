import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { waitForPatientChanges } from '../patient-changes.js';
import { currentPolicy } from '../postgres-policies.js';
import type { PlanVisits } from './plan-visits.js';
import { selectVisits } from './visit-rows.js';

const atOnce = 500;

/** Plans anew what lies ahead after the policy has changed, in steps that replicas share and that outlive each of them. */
export class Replan {
  constructor(
    private readonly orm: Orm,
    private readonly plan: PlanVisits,
    private readonly clock: Clock,
  ) {}

  /** @returns how many visits were planned anew */
  async run(stopping?: AbortSignal): Promise<number> {
    let replanned = 0;
    while (!stopping?.aborted) {
      const count = await this.orm.em.fork().transactional((tx) => this.step(tx));
      replanned += count;
      if (count === 0) break;
    }
    return replanned;
  }

  private async step(tx: EntityManager): Promise<number> {
    await waitForPatientChanges(tx);
    // Not before: who plans by an older one than the database has would leave it so.
    const policy = await currentPolicy(tx);
    // In the order of the index, which is read from where the step before ended: the next visits first.
    const visits = await selectVisits(
      tx,
      `where status = 'booked' and planned_by < ? and starts_at > ? order by planned_by, starts_at limit ${atOnce} for update skip locked`,
      [policy.version, this.clock.now()],
    );
    await this.plan.replan(tx, visits, policy);
    return visits.length;
  }
}
