import { currentContext, forAllOf, type RequestContext } from '@cabinet/kit/http/request-context';

interface Waiting<T, R> {
  item: T;
  context: RequestContext | undefined;
  done(result: R): void;
  failed(error: unknown): void;
}

/**
 * Lets many who want the same kind of work at the same time share it: while one batch is worked on, what arrives is
 * collected for the next. Who comes alone does not wait for others.
 */
export class Batches<T, R = void> {
  private readonly waiting: Waiting<T, R>[] = [];
  private isWorking = false;

  /** @param work gives a result for each item, in their order; when it throws, all of the batch fail with it */
  constructor(
    private readonly work: (items: T[]) => Promise<readonly R[]>,
    private readonly sizeMax = 500,
  ) {}

  add(item: T): Promise<R> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, context: currentContext(), done, failed });
      if (!this.isWorking) void this.workAll();
    });
  }

  private async workAll(): Promise<void> {
    this.isWorking = true;
    // Who asks for several things at once asks for them in this turn.
    await undefined;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.sizeMax);
      try {
        // In the name of one who waits for it: those of the batch before are answered by now.
        const results = await forAllOf(batch[0]?.context, () => this.work(batch.map(({ item }) => item)));
        for (const [index, { done }] of batch.entries()) done(results[index] as R);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    // In the same turn as the last look at `waiting`, so that nothing can slip in between.
    this.isWorking = false;
  }
}
