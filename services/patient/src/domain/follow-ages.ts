import type { Clock } from '@cabinet/kit/clock';
import type { Ages } from './ages.js';
import type { Patients } from './ports.js';
import { fitted, isOver, type RelatedPerson } from './related-person.js';

/** So many guardians at a time, so that nobody waits long for those that are locked. */
const atOnce = 100;

/**
 * Has the ages of the practice hold for guardians of before as well. When their rights end is worked out and told long before, so
 * they end on the day whatever runs then; only when the practice sets other ages is it worked out anew.
 */
export class FollowAges {
  constructor(
    private readonly patients: Pick<Patients, 'guardiansNotBy' | 'inTransaction'>,
    private readonly clock: Clock,
    private readonly ages: Ages,
  ) {}

  /** Goes through all of them once, however many processes do. @returns of how many it was worked out anew */
  async follow(): Promise<number> {
    let count = 0;
    for (let after: string | undefined; ; ) {
      const some = await this.patients.guardiansNotBy(this.ages.setting, this.clock.now(), { limit: atOnce, after });
      if (some.length > 0) count += await this.workOut(some);
      if (some.length < atOnce) return count;
      after = some.at(-1)?.id;
    }
  }

  private workOut(some: RelatedPerson[]): Promise<number> {
    const now = this.clock.now();
    return this.patients.inTransaction(async (tx) => {
      const people = await tx.lock(some.flatMap(({ patientId, relatedPatientId }) => [patientId, relatedPatientId]));
      let count = 0;
      for (const { id } of some) {
        const relation = await tx.related.find(id);
        const patient = relation && people.get(relation.patientId);
        const related = relation && people.get(relation.relatedPatientId);
        // What became of another pair meanwhile, or of nobody, was worked out with that; another process may have been here.
        if (!patient || !related || isOver(relation, now) || relation.agesSetting === this.ages.setting) continue;
        const next = fitted(relation, { before: patient, patient, related }, { ages: this.ages, now });
        await tx.related.save(next, next.endedAt ? 'ended' : 'changed');
        count += 1;
      }
      return count;
    });
  }
}
