import type { Clock } from '@cabinet/kit/clock';
import { LastFactor } from './errors.js';
import type { SecondFactors } from './ports.js';
import { type Factors, type FactorVerdict, hasFactor, isFactorRequired } from './second-factor.js';
import type { PersonRole, User } from './user.js';

/** What is asked of somebody beside the right password. */
export class CheckSecondFactor {
  /** @param requiredOf roles of which nobody signs in by password alone */
  constructor(
    private readonly factors: SecondFactors,
    private readonly requiredOf: readonly PersonRole[],
    private readonly clock: Clock,
  ) {}

  /** @param code of an app, or a recovery code, which is used up */
  async check(user: User, code: string | undefined): Promise<FactorVerdict> {
    const own = await this.factors.of(user.id);
    if (own.totp) {
      if (code === undefined) return 'missing';
      const use = await this.factors.useCode(user.id, code, this.clock.now());
      return use === 'right' ? 'passed' : use;
    }
    if (!this.isRequiredOf(user)) return 'passed';
    return hasFactor(own) ? 'missing' : 'to-enrol';
  }

  /** @throws LastFactor (409) when the user needs one and has none left */
  assertEnough(user: User, left: Factors): void {
    if (!hasFactor(left) && this.isRequiredOf(user)) throw new LastFactor();
  }

  isRequiredOf(user: Pick<User, 'roles'>): boolean {
    return isFactorRequired(user, this.requiredOf);
  }
}
