import type { Clock } from '@cabinet/kit/clock';
import { type AgeAhead, type AgeDue, type Ages, addDays, bornFor, type Day, dayReached, daysAhead } from './ages.js';
import type { AgeWatch, Patients } from './ports.js';

const aheadMax = 1_000;

/** Who reaches an age at which rights change: the practice sees it thirty days before, and others are told then and on the day. */
export class ComingOfAge {
  constructor(
    private readonly patients: Pick<Patients, 'bornIn' | 'relatedTo'>,
    private readonly watch: AgeWatch,
    private readonly clock: Clock,
    private readonly ages: Ages,
  ) {}

  /** Those of the next thirty days, today included, the soonest first. */
  async ahead(): Promise<(AgeAhead & { guardians: string[] })[]> {
    const now = this.clock.now();
    const today = this.ages.dayOf(now);
    const found = await this.reaching(today, addDays(today, daysAhead));
    const soonest = found.sort(bySoonest).slice(0, aheadMax);
    const related = await this.patients.relatedTo(
      soonest.map(({ person }) => person.id),
      now,
    );
    const guardians = Map.groupBy(
      related.filter(({ relationship }) => relationship === 'guardian'),
      ({ patientId }) => patientId,
    );
    return soonest.map((each) => ({
      ...each,
      guardians: (guardians.get(each.person.id) ?? []).map(({ relatedPatientId }) => relatedPatientId),
    }));
  }

  /** Tells what is due and was not told. */
  async tell(): Promise<void> {
    const today = this.ages.dayOf(this.clock.now());
    await this.watch.tell(today, async (since) => {
      const all = await this.reaching(since, addDays(today, daysAhead));
      return all.flatMap((each): AgeDue[] => {
        if (each.day > today) return [{ ...each, kind: 'age-nearing' }];
        // Who had that age when they were registered has not reached it here.
        return each.day >= this.ages.dayOf(each.person.createdAt) ? [{ ...each, kind: 'age-reached' }] : [];
      });
    });
  }

  private async reaching(from: Day, to: Day): Promise<AgeAhead[]> {
    const born = await this.patients.bornIn(this.ages.all.map(({ age }) => bornFor(age, from, to)));
    return born.flatMap((person) =>
      this.ages.all
        .map(({ age, sections }) => ({ person, age, sections, day: dayReached(person.birthDate, age) }))
        .filter(({ day }) => from <= day && day <= to),
    );
  }
}

const bySoonest = (one: AgeAhead, other: AgeAhead): number =>
  one.day.localeCompare(other.day) || one.person.id.localeCompare(other.person.id);
