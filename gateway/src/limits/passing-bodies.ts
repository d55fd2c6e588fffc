import { DomainError } from '@cabinet/kit/errors';
import { serviceBusy } from '../proxy/faults.js';

export interface PassingBodiesSettings {
  /** Large bodies that one caller may have under way. */
  perCallerMax: number;
  /** Large bodies that may be under way to one service: far below the connections to an instance. */
  perServiceMax: number;
}

export const usualPassingBodies: PassingBodiesSettings = { perCallerMax: 8, perServiceMax: 64 };

/** Counts the bodies that are passed on as they come: while its caller takes its time, each holds a connection of a service. */
export class PassingBodies {
  private readonly counts = new Map<string, number>();

  constructor(private readonly settings = usualPassingBodies) {}

  /**
   * @returns how to leave again.
   * @throws DomainError 429 when the caller, 503 when all callers together have as many under way as they may.
   */
  enter(caller: string, service: string): () => void {
    const keys = [`caller ${caller}`, `service ${service}`] as const;
    if (this.of(keys[0]) >= this.settings.perCallerMax) throw tooManyBodies();
    if (this.of(keys[1]) >= this.settings.perServiceMax) throw serviceBusy(service);
    for (const key of keys) this.counts.set(key, this.of(key) + 1);
    return () => {
      for (const key of keys) this.leave(key);
    };
  }

  private leave(key: string): void {
    const left = this.of(key) - 1;
    if (left > 0) this.counts.set(key, left);
    else this.counts.delete(key);
  }

  private of(key: string): number {
    return this.counts.get(key) ?? 0;
  }
}

const tooManyBodies = () =>
  new DomainError('limit-reached', 'REQUEST.TOO_MANY', 'You are sending too many large bodies at once', {
    detail: 'Nothing was changed. Wait until the others have been answered.',
    retryAfterSeconds: 1,
    extensions: { policy: 'large-bodies' },
  });
