import type { appointmentApi } from '@cabinet/contracts';
import { appointments, freeSlots, take } from './agenda.ts';
import { idOf, type Practitioner, patients, practitioners } from './people.ts';

export type WaitingDetails = appointmentApi.components['schemas']['WaitingDetails'];

const hour = 3_600_000;
const dateIn = (days: number): string => new Date(Date.now() + days * 24 * hour).toISOString().slice(0, 10);

export const waitingList = new Map<string, WaitingDetails>();

export function keepWaiting(waiting: WaitingDetails): WaitingDetails {
  waitingList.set(waiting.id, waiting);
  return waiting;
}

/** Offers the first free time, as the service does when one becomes free. */
function offered(waiting: WaitingDetails, passedOver: WaitingDetails['offers'][number]['passedOver']): WaitingDetails {
  const [want] = waiting.wants;
  const practitioner = practitioners.find(({ id }) => id === want?.practitionerId) as Practitioner;
  const [slot] = freeSlots(
    practitioner,
    want?.appointmentTypeId as string,
    Date.now() + 24 * hour,
    Date.now() + 9 * 24 * hour,
  );
  if (!slot) return waiting;
  const hold = take({ ...slot, patientId: waiting.patientId }, '', 'pending', 55);
  const endsAt = new Date(Date.now() + 47 * 60_000).toISOString();
  const { practitionerId, appointmentTypeId, placeId, start, end, zone, id: appointmentId } = hold;
  const offer = { practitionerId, appointmentTypeId, placeId, start, end, zone, appointmentId } as const;
  const offeredAt = new Date().toISOString();
  return { ...waiting, status: 'proposed', offers: [{ ...offer, status: 'open', offeredAt, endsAt, passedOver }] };
}

const entry = (nth: number, with_: number, more: Partial<WaitingDetails> = {}): WaitingDetails => {
  const practitioner = practitioners[with_] as Practitioner;
  return {
    id: idOf(`waiting ${nth} ${with_}`),
    version: 1,
    status: 'waitlist',
    patientId: patients[nth]?.id as string,
    wants: [{ practitionerId: practitioner.id, appointmentTypeId: practitioner.appointmentTypes[0]?.id as string }],
    fromDate: dateIn(0),
    untilDate: dateIn(21),
    times: [],
    noticeMinutes: 120,
    priority: 'routine',
    lapses: 0,
    createdAt: new Date(Date.now() - (nth + 1) * hour).toISOString(),
    offers: [],
    ...more,
  };
};

const afternoons = [
  { daysOfWeek: ['mon', 'thu'], startTime: '14:00', endTime: '18:00' },
] satisfies WaitingDetails['times'];
const [urgent, before] = [
  entry(4, 0, { priority: 'urgent', times: afternoons }),
  entry(5, 0, { noticeMinutes: 2_880, lapses: 1 }),
];

/** Alice is offered a time and waits for another; some wait in front of her, and behind. */
for (const each of [
  urgent,
  offered(entry(0, 0), [
    { waitingId: urgent.id, code: 'OTHER_TIMES' },
    { waitingId: before.id, code: 'NOTICE_TOO_SHORT' },
  ]),
  before,
  entry(0, 2, { times: [{ daysOfWeek: ['sat'], startTime: '00:00', endTime: '24:00' }] }),
  entry(6, 1),
  entry(0, 3, { status: 'cancelled', ended: 'withdrawn' }),
])
  keepWaiting(each);

/** What is kept for an offer is free again, or booked. */
export function settle({ offers }: WaitingDetails, status: 'booked' | 'cancelled'): void {
  const open = offers.find((each) => each.status === 'open');
  const hold = open && appointments.get(open.appointmentId);
  if (hold) appointments.set(hold.id, { ...hold, status, heldUntil: undefined, version: hold.version + 1 });
}
