import type { Clock } from '@cabinet/kit/clock';
import { BadPasskey } from './errors.js';
import type { KeepSessions, TokenPair } from './keep-sessions.js';
import { addressPolicy } from './lockout.js';
import { judgeCounter } from './passkey.js';
import type { FailedAttempts, KnownDevices, PasskeyCeremonies, Passkeys, Users } from './ports.js';
import { refuseWhileLocked } from './refuse-while-locked.js';
import type { KnownFrom } from './sign-in.js';
import type { User } from './user.js';

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
    const subject = this.attempts.addressSubject(address);
    await refuseWhileLocked(this.attempts, [subject], this.clock.now());
    const user = await this.verify(signed).catch(async (error) => {
      if (error instanceof BadPasskey) await this.attempts.countFailure(subject, addressPolicy, this.clock.now());
      throw error;
    });
    const session = await this.sessions.open(user, { device: userAgent, before });
    if (!session) throw new BadPasskey();
    return { ...session, device: this.devices.remember(device, user.email) };
  }

  /** @returns whose key has signed @throws BadPasskey (401) */
  private async verify(signed: Signed): Promise<User> {
    const now = this.clock.now();
    const passkey = await this.passkeys.find(signed.id);
    if (!passkey) throw new BadPasskey();
    const shown = await this.ceremonies.signed(signed, passkey, now);
    const verdict = judgeCounter(passkey, shown.counter);
    const user = await this.users.find(passkey.userId);
    if (verdict === 'copied' || !user?.active) throw new BadPasskey();
    const counter = Math.max(passkey.counter, shown.counter);
    const counterFellAt = verdict === 'fell' ? now : passkey.counterFellAt;
    const used = { ...passkey, counter, counterFellAt, backedUp: shown.backedUp, lastUsedAt: now };
    // Of two who show the same signature, one comes first.
    if (!(await this.passkeys.use(used, shown.challenge))) throw new BadPasskey();
    return user;
  }
}
