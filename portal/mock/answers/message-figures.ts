import type { notificationApi } from '@cabinet/contracts';
import { type Handler, on, Refused } from '../operation.ts';

type Count = notificationApi.components['schemas']['NotificationCountDto'];

const dayMs = 24 * 3_600_000;

/** As in a practice of some practitioners: much by mail, less on Saturdays, nothing on Sundays; a day on which no SMS was left. */
function countsOf(day: string): Count[] {
  const at = new Date(`${day}T00:00:00Z`);
  const weekday = at.getUTCDay();
  if (weekday === 0) return [];
  const busy = weekday === 6 ? 10 : 60 + (at.getUTCDate() % 7) * 5;
  const by = (channel: Count['channel'], its: (Pick<Count, 'state' | 'why'> & { count: number })[]): Count[] =>
    its.filter(({ count }) => count > 0).map((each) => ({ day, channel, ...each }));
  return [
    ...by('email', [
      { state: 'delivered', count: busy },
      { state: 'sent', count: 4 },
      { state: 'failed', why: 'permanent-address', count: weekday % 3 },
      { state: 'suppressed', why: 'superseded', count: 5 },
      { state: 'suppressed', why: 'opted-out', count: weekday % 2 },
    ]),
    ...by('sms', [
      { state: 'delivered', count: Math.round(busy / 3) },
      { state: 'failed', why: 'rate-limited', count: weekday === 1 ? 3 : 0 },
      { state: 'held', why: 'budget', count: weekday === 5 ? 6 : 0 },
      { state: 'suppressed', why: 'no-address', count: 2 },
      { state: 'suppressed', why: 'quiet-hours', count: weekday === 6 ? 4 : 0 },
    ]),
    ...by('push', [{ state: 'sent', count: Math.round(busy / 10) }]),
  ];
}

/** How much arrives, for the practice alone. */
export const messageFigureAnswers: Handler[] = [
  on('get', '/api/notifications/figures', ({ query, who }) => {
    if (who.roles.every((role) => role === 'patient'))
      throw new Refused(403, 'ACCESS.NOT_ALLOWED', 'This is not allowed');
    const from = Date.parse(query.get('firstDay') as string);
    const days = (Date.parse(query.get('lastDay') as string) - from) / dayMs + 1;
    const items = Array.from({ length: days }, (_, nth) => new Date(from + nth * dayMs).toISOString().slice(0, 10));
    return { body: { zone: 'Europe/Paris', items: items.flatMap(countsOf), overdue: { count: 0 } } };
  }),
];
