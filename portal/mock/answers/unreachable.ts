import type { notificationApi } from '@cabinet/contracts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients } from '../people.ts';

type Address = notificationApi.components['schemas']['UnreachableAddressResponse'];

const [alice, other] = patients;
const daysAgo = (days: number): string => new Date(Date.now() - days * 24 * 3_600_000).toISOString();

/** Addresses that are of no use, by their ids. */
export const unreachable = new Map<string, Address>(
  (
    [
      [other?.id, 'email', 'refused', '5.1.1 550 <address> is nobody', 2],
      [alice?.id, 'sms', 'refused', '21614: <number> is no mobile number', 4],
      [patients[2]?.id, 'email', 'complained', 'a feedback report (abuse)', 30],
    ] as const
  ).map(([patientId = '', channel, why, text, days]) => {
    const id = idOf(`unreachable ${patientId} ${channel}`);
    return [id, { id, patientId, channel, why, text, since: daysAgo(days), notificationId: idOf(`of ${id}`) }];
  }),
);

function assertAtDesk({ who }: Asked<unknown>): void {
  if (!who.roles.includes('secretary')) throw new Refused(403, 'ACCESS.NOT_ALLOWED', 'This is not allowed');
}

/** Whose addresses are of no use, for desks. */
export const unreachableAnswers: Handler[] = [
  on('get', '/api/unreachable-addresses', (asked) => {
    assertAtDesk(asked);
    const patientId = asked.query.get('patientId');
    return { body: { items: [...unreachable.values()].filter((each) => !patientId || each.patientId === patientId) } };
  }),
  on('delete', '/api/unreachable-addresses/{id}', (asked) => {
    assertAtDesk(asked);
    if (!unreachable.delete(asked.path.id as string)) throw notFound('NOTIFICATION.MARK_NOT_FOUND');
    return { status: 204, body: undefined };
  }),
];
