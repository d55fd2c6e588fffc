import type { Logger } from '@cabinet/kit/observe/log';

/**
 * As whom a database is signed in to, while its secret may change: by the last login that it let in. A placeholder, a misspelt
 * password or a role that is not there yet must not take the database away from all replicas at once.
 */
export class FollowedLogin {
  private before?: string;
  private isTold = false;

  constructor(
    /** The address from the start, which is believed. */
    private now: string,
    private readonly assertLetsIn: (url: string) => Promise<void>,
    private readonly log: Logger,
    /** The secret may have changed already. */
    private readonly readAgain: () => void,
  ) {}

  url(): string {
    return this.now;
  }

  /** Nobody was let in by this address any more: then by the one before, which may be good still, or again. */
  refused(url: string): void {
    this.readAgain();
    if (url !== this.now || this.before === undefined) return;
    [this.now, this.before] = [this.before, this.now];
    if (!this.isTold) this.log.warn('the database refuses its login; the one before is used');
    this.isTold = true;
  }

  /** @returns whether it is another from now on @throws Error naming what is wrong with it: then all stays as it is */
  async take(url: string | undefined): Promise<boolean> {
    if (url === undefined) throw new Error('DATABASE_URL: is not in the store any more');
    if (url === this.now) return false;
    await this.assertLetsIn(url);
    [this.now, this.before] = [url, this.now];
    this.isTold = false;
    return true;
  }
}
