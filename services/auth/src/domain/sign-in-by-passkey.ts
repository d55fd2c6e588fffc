import type { Clock } from '@cabinet/kit/clock';
import { BadPasskey } from './errors.js';
import type { KeepSessions, TokenPair } from './keep-sessions.js';
import { accountPolicy, addressPolicy } from './lockout.js';
import { judgeCounter, type Passkey } from './passkey.js';
import type { FailedAttempts, KnownDevices, PasskeyCeremonies, Passkeys, Users } from './ports.js';
import { refuseWhileLocked } from './refuse-while-locked.js';
import type { KnownFrom } from './sign-in.js';

/** What a browser shows, and where it does. */
export interface Shown<Signed> {
  signed: Signed;
  /** The network address it comes from. */
  address: string;
  /** What the device kept of earlier sign-ins. */
  device?: string;
  /** What the browser says of itself. */
  userAgent?: string;
  /** The refresh token of whoever was signed in at this browser: their session ends. */
  before?: string;
}

/** Sign-in without a name: the device says who it is, and has asked its user for finger, face or number. */
export class SignInByPasskey<Options, Signed extends { id: string }> {
  constructor(
    private readonly users: Users,
    private readonly passkeys: Passkeys,
    private readonly ceremonies: Pick<PasskeyCeremonies<unknown, unknown, Options, Signed>, 'toSign' | 'signed'>,
    private readonly attempts: FailedAttempts,
    private readonly devices: KnownDevices,
    private readonly sessions: KeepSessions,
    private readonly clock: Clock,
  ) {}

  /** What the browser is to be asked for: the same for everybody. */
  begin(): Promise<Options> {
    return this.ceremonies.toSign(this.clock.now());
  }

  /** @throws BadPasskey (401), LockedOut (429) */
  async signIn({ signed, address, device, userAgent, before }: Shown<Signed>): Promise<TokenPair & KnownFrom> {
    const passkey = await this.passkeys.find(signed.id);
    const user = passkey && (await this.users.find(passkey.userId));
    const known = user && this.devices.deviceOf(device, user.email);
    // As with passwords: a device that has signed in before counts by itself, so that nobody near it shuts its user out.
    const subject = known ? this.attempts.deviceSubject(user.email, known) : this.attempts.addressSubject(address);
    await refuseWhileLocked(this.attempts, [subject], this.clock.now());
    try {
      if (!passkey || !user?.active) throw new BadPasskey();
      await this.verify(signed, passkey);
    } catch (error) {
      if (error instanceof BadPasskey) {
        await this.attempts.countFailure(subject, known ? accountPolicy : addressPolicy, this.clock.now());
      }
      throw error;
    }
    if (known) await this.attempts.forgive(subject);
    const session = await this.sessions.open(user, { device: userAgent, before });
    if (!session) throw new BadPasskey();
    return { ...session, device: this.devices.remember(device, user.email) };
  }

  /** @throws BadPasskey (401) unless the key has signed, which is then noted */
  private async verify(signed: Signed, passkey: Passkey): Promise<void> {
    const now = this.clock.now();
    const shown = await this.ceremonies.signed(signed, passkey, now);
    const verdict = judgeCounter(passkey, shown.counter);
    if (verdict === 'copied') throw new BadPasskey();
    const counter = Math.max(passkey.counter, shown.counter);
    const counterFellAt = verdict === 'fell' ? now : passkey.counterFellAt;
    const used = { ...passkey, counter, counterFellAt, backedUp: shown.backedUp, lastUsedAt: now };
    // Of two who show the same signature, one comes first.
    if (!(await this.passkeys.use(used, shown.challenge))) throw new BadPasskey();
  }
}
