import { expect, it } from 'vitest';
import type { Offer, WaitingDetails } from '../api/types.ts';
import { passingsIn } from './waiting-line.tsx';

const offer = (appointmentId: string, status: Offer['status'], passedOver?: Offer['passedOver']) =>
  ({ appointmentId, status, passedOver }) as Offer;
const entry = (...offers: Offer[]) => ({ offers }) as WaitingDetails;

it('tells of each entry for what is offered now it was passed over, and why; not of offers that have ended', () => {
  const passings = passingsIn([
    entry(
      offer('a', 'open', [{ waitingId: 'x', code: 'OTHER_TIMES' }]),
      offer('b', 'lapsed', [{ waitingId: 'x', code: 'PATIENT_BUSY' }]),
    ),
    entry(
      offer('c', 'open', [
        { waitingId: 'x', code: 'HAS_AN_OFFER' },
        { waitingId: 'y', code: 'OUTSIDE_DATES' },
      ]),
    ),
    entry(offer('d', 'open')),
  ]);
  const told = [...passings].map(([id, all]) => [id, all.map((each) => [each.offer.appointmentId, each.code])]);
  expect(told).toEqual([
    [
      'x',
      [
        ['a', 'OTHER_TIMES'],
        ['c', 'HAS_AN_OFFER'],
      ],
    ],
    ['y', [['c', 'OUTSIDE_DATES']]],
  ]);
});
