import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@cabinet/kit/clock';
import { NotAllowed } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import { errorCodes } from '../error-codes.js';
import { day } from '../time/time.js';
import { accessOf, type CalendarProvider, type KeptChannel, type KeptChannels, type SyncClaim } from './ports.js';

/** Those who tell us of changes are asked anew so long before they stop. */
const renewBeforeMs = day;

/** Has calendars tell us when something changed, where somebody can reach us; they are read from time to time all the same. */
export class PushChannels {
  constructor(
    private readonly channels: KeptChannels,
    private readonly calendars: { hurry(calendarId: string): Promise<void> },
    private readonly clock: Clock,
    /** Where we can be reached from outside, by https; absent: nowhere. */
    private readonly address?: string,
  ) {}

  async keep(claim: SyncClaim, provider: CalendarProvider): Promise<void> {
    const { calendar } = claim;
    if (!this.address || !provider.watch) return;
    const now = this.clock.now().getTime();
    const channel = await this.channels.of(calendar.id);
    if (channel && channel.expiresAt.getTime() > now + renewBeforeMs) return;
    const [id, token] = [newId(), randomBytes(32).toString('base64url')];
    const { expiresAt } = await provider.watch(accessOf(claim), { id, token, address: this.address });
    await this.channels.keep({ id, calendarId: calendar.id, tokenHash: hashOf(token), expiresAt });
  }

  /**
   * Something changed in a calendar: it is read soon.
   * @throws NotAllowed (403) for a channel that is none of ours, or without its token
   */
  async notified(channelId: string, token: string): Promise<void> {
    const channel = await this.channels.find(channelId);
    if (!channel || !isOf(channel, token)) {
      const code = 'CALENDAR.NOTIFICATION_REFUSED';
      throw new NotAllowed(code, errorCodes[code].title);
    }
    await this.calendars.hurry(channel.calendarId);
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');

const isOf = ({ tokenHash }: KeptChannel, token: string): boolean =>
  timingSafeEqual(Buffer.from(tokenHash), Buffer.from(hashOf(token)));
