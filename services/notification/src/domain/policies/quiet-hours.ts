import type { ChannelName } from '../channel.js';
import { clockMinutes, dateIn, daysAfter, instantOf, minutesOf, weekdayOf } from '../time/zoned-time.js';
import type { Policy } from './policy.js';

type QuietHours = Policy['quietHours'];

/** True when nothing leaves by this channel: at night, or on a quiet day. */
export function isQuiet(ms: number, channel: ChannelName, quiet: QuietHours, zone: string): boolean {
  if (!(quiet.channels as readonly string[]).includes(channel)) return false;
  if (quiet.days.includes(weekdayOf(dateIn(ms, zone)))) return true;
  const [now, from, until] = [clockMinutes(ms, zone), minutesOf(quiet.from), minutesOf(quiet.until)];
  if (from === until) return false;
  return from < until ? now >= from && now < until : now >= from || now < until;
}

/** The first moment from then on at which something leaves by this channel; undefined: there is none within eight days. */
export function endOfQuiet(ms: number, channel: ChannelName, quiet: QuietHours, zone: string): number | undefined {
  if (!isQuiet(ms, channel, quiet, zone)) return ms;
  // Quiet ends when the hours do, or with the day.
  const date = dateIn(ms, zone);
  const ends = Array.from({ length: 9 }, (_, days) => daysAfter(date, days)).flatMap((each) => [
    instantOf(each, '00:00', zone),
    instantOf(each, quiet.until, zone),
  ]);
  return ends.sort((a, b) => a - b).find((end) => end > ms && !isQuiet(end, channel, quiet, zone));
}
