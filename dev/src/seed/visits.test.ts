import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ApiClient } from '../api-client.ts';
import { seededAppointments, seededPatients, seededPractitioners } from './practice.ts';
import { happeningOf, recordVisits } from './visits.ts';

const now = new Date('2026-11-25T10:05:00Z');
const minutes = (from: number) => new Date(now.getTime() + from * 60_000).toISOString();
const visit = (from: number, length = 30) => ({ start: minutes(from), end: minutes(from + length) });

it('whoever was to come is over, has come, or is to come, by the hour at which the practice is made', () => {
  const over = Array.from({ length: 19 }, (_, nth) => happeningOf(visit(-300), nth, now));
  expect([over.filter((each) => each === 'complete').length, over.at(-1)]).toEqual([18, 'miss']);
  expect([happeningOf(visit(-30), 0, now), happeningOf(visit(-29), 0, now)]).toEqual(['complete', 'arrive']);
  expect([0, 1].map((nth) => happeningOf(visit(5), nth, now))).toEqual(['arrive', undefined]);
  expect(happeningOf(visit(25), 0, now)).toBeUndefined();
});

interface Booked {
  id: string;
  patientId: string;
  practitionerId: string;
  status: string;
  start: string;
  end: string;
}

/** Where appointments are kept, and what is recorded of them. */
async function practiceWith(appointments: Booked[]): Promise<ApiClient> {
  const states: Record<string, string> = {
    complete: 'fulfilled',
    miss: 'noshow',
    arrive: 'arrived',
    cancel: 'cancelled',
  };
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://practice');
    const [, , , id, happening = ''] = pathname.split('/');
    const one = appointments.find((each) => each.id === id);
    if (one) one.status = states[happening] ?? one.status;
    const fits = ['practitionerId', 'patientId', 'status'] as const;
    const items = appointments.filter(
      (each) =>
        fits.every((name) => !searchParams.has(name) || searchParams.get(name) === each[name]) &&
        each.start < (searchParams.get('to') ?? '9'),
    );
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(pathname === '/api/auth/login' ? { accessToken: 'token' } : { items }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return ApiClient.signIn(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'secretary', 'password');
}

it('nobody is still booked for a time that is over, with whichever practitioner, and that stays when it is done again', async () => {
  const appointments = ['bernard', 'other'].flatMap((practitionerId) =>
    [-2_000, -300, -90, -20, 5, 60, 3_000].map((from, nth) => ({
      id: `${practitionerId}-${nth}`,
      practitionerId,
      patientId: practitionerId === 'bernard' && [0, 6].includes(nth) ? 'alice' : `patient-${nth}`,
      status: 'booked',
      ...visit(from),
    })),
  );
  const secretary = await practiceWith(appointments);
  const people = { bernard: 'bernard', alice: 'alice', practitioners: ['other', 'bernard'] };
  await recordVisits(secretary, people, now);
  const statesOf = (who: string) =>
    appointments.filter(({ practitionerId }) => practitionerId === who).map(({ status }) => status);
  expect(statesOf('bernard')).toEqual([
    ...['noshow', 'fulfilled', 'fulfilled', 'arrived'],
    ...['arrived', 'booked', 'cancelled'],
  ]);
  expect(statesOf('other')).toEqual([
    ...['fulfilled', 'fulfilled', 'fulfilled', 'arrived'],
    ...['arrived', 'booked', 'booked'],
  ]);
  const before = structuredClone(appointments);
  await recordVisits(secretary, people, now);
  expect(appointments).toEqual(before);
});

it('a month is booked: of the first practitioner from the week before on, of the others from the last working day on', () => {
  const practitioners = seededPractitioners(3);
  const booked = seededAppointments(practitioners, seededPatients(200), new Date('2026-11-30T08:00:00Z'));
  const firstOf = (rpps: string | undefined) =>
    booked
      .filter(({ practitionerRpps }) => practitionerRpps === rpps)
      .map(({ start }) => start?.slice(0, 10))
      .sort()[0];
  // That is a Monday.
  expect(practitioners.map(({ rpps }) => firstOf(rpps))).toEqual(['2026-11-23', '2026-11-27', '2026-11-27']);
});
