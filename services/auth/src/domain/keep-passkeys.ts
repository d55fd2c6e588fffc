import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import type { CheckSecondFactor } from './check-second-factor.js';
import { NoSuchPasskey, PasskeyRefused, TooManyPasskeys } from './errors.js';
import type { KeepFactors } from './keep-factors.js';
import { type Passkey, passkeysMax } from './passkey.js';
import type { PasskeyCeremonies, Passkeys } from './ports.js';

/** @typeParam Created what a browser makes of a new key; the ceremony reads it */
export class KeepPasskeys<Options, Created> {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly ceremonies: Pick<PasskeyCeremonies<Options, Created, unknown, unknown>, 'toCreate' | 'created'>,
    private readonly keep: KeepFactors,
    private readonly second: CheckSecondFactor,
    private readonly clock: Clock,
  ) {}

  /** What the browser is to be asked for. @throws SignInAgain (403), TooManyPasskeys (409) */
  async begin(actor: Principal): Promise<Options> {
    const { user } = await this.keep.changing(actor);
    const own = await this.passkeys.listOf(user.id);
    if (own.length >= passkeysMax) throw new TooManyPasskeys();
    return this.ceremonies.toCreate(user, own, this.clock.now());
  }

  /** @throws PasskeyRefused (422), SignInAgain (403), TooManyPasskeys (409) */
  async add(name: string, created: Created, actor: Principal): Promise<Passkey> {
    const { user, by } = await this.keep.changing(actor);
    if ((await this.passkeys.listOf(user.id)).length >= passkeysMax) throw new TooManyPasskeys();
    const { now } = by;
    const key = await this.ceremonies.created(created, user, now);
    const passkey: Passkey = { ...key, id: newId(), userId: user.id, name, createdAt: now };
    if (!(await this.passkeys.add(passkey, by))) throw new PasskeyRefused();
    return passkey;
  }

  list(actor: Principal): Promise<Passkey[]> {
    noteSubjects(actor.id);
    return this.passkeys.listOf(actor.id);
  }

  /** @throws NoSuchPasskey (404), SignInAgain (403), LastFactor (409) */
  async remove(id: string, actor: Principal): Promise<void> {
    const { user, by } = await this.keep.changing(actor);
    const own = await this.passkeys.listOf(user.id);
    if (!own.some((passkey) => passkey.id === id)) throw new NoSuchPasskey();
    await this.passkeys.remove(id, by, (left) => this.second.assertEnough(user, left));
  }
}
