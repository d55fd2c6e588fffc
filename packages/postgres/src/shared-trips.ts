import { storeFaultOf } from '@cabinet/kit/away';
import { Batches } from '@cabinet/service/batches';
import './faults.js';

/**
 * Work of which many share one trip to the database. What the database refuses it refuses for all of the trip; then each goes alone, so
 * that one that cannot be stored stops no other. While the database is away, all fail together.
 */
export class SharedTrips<T, R = void> {
  private readonly batches: Batches<T, () => R>;

  /** @param work gives a result for each item, in their order, or has no effect at all */
  constructor(private readonly work: (items: readonly T[]) => Promise<readonly R[]>) {
    this.batches = new Batches<T, () => R>((items) => this.together(items));
  }

  /** @throws what the database refuses it with */
  async make(item: T): Promise<R> {
    return (await this.batches.add(item))();
  }

  private async together(items: readonly T[]): Promise<(() => R)[]> {
    try {
      return (await this.work(items)).map((result) => () => result);
    } catch (error) {
      if (items.length === 1 || storeFaultOf(error) === 'away') throw error;
      const results: (() => R)[] = [];
      for (const item of items) results.push(await this.alone(item));
      return results;
    }
  }

  private async alone(item: T): Promise<() => R> {
    try {
      const [result] = await this.work([item]);
      return () => result as R;
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }
}
