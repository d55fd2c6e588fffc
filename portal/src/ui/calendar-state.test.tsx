import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Calendar } from '../api/types.ts';
import { CalendarState } from './calendar-state.tsx';

const calendar: Calendar = {
  id: 'c',
  version: 1,
  practitionerId: 'p',
  kind: 'caldav',
  name: 'Work',
  host: 'cloud.example',
  zone: 'Europe/Paris',
  policy: 'warn',
  writes: false,
  showsPatients: false,
  state: 'fresh',
  since: '2026-11-23T08:30:00Z',
  syncedAt: '2026-11-23T08:30:00Z',
  problems: [],
  unwritten: 0,
};

const said = (change: Partial<Calendar>, language: 'en' | 'fr' = 'en') =>
  show(<CalendarState calendar={{ ...calendar, ...change }} />, language).container.textContent;

it('says when a calendar was read, by the clock of the practice, and nothing of what is not so', () => {
  expect(said({})).toMatch(/^Read on (23 Nov|Nov 23,) 2026, 09:30\. What it has taken is not offered\.$/);
});

it('says since when it fails, why, what was known last, and what that makes of bookings', () => {
  const failure = { code: 'CALENDAR.TIMED_OUT', message: '', since: '2026-11-23T10:00:00Z' } as const;
  const failing = { state: 'failing', since: failure.since, failure } as const;
  const words = said({ ...failing, policy: 'tentative' });
  expect(words).toMatch(/It has failed since (23 Nov|Nov 23,) 2026, 11:00\. The server does not answer in time\./);
  expect(words).toMatch(/Last read on (23 Nov|Nov 23,) 2026, 09:30; what it had taken then still counts/);
  expect(words).toContain('bookings are tentative: they wait for confirmation');
  expect(said({ ...failing, policy: 'hide', syncedAt: undefined })).toMatch(
    /It was never read\..*no times are offered/,
  );
  expect(said(failing, 'fr')).toContain('La lecture échoue depuis le 23 nov. 2026, 11:00');
});

it('says a failure that the page does not know yet as the service says it', () => {
  const failure = { code: 'CALENDAR.NEW', message: 'is on the moon', since: '2026-11-23T10:00:00Z' };
  expect(said({ state: 'failing', since: failure.since, failure: failure as Calendar['failure'] })).toContain(
    'is on the moon',
  );
});

it('says what helps where waiting does not: another access, or at Google another connection', () => {
  expect(said({ state: 'revoked' })).toContain('Give a new password or address');
  expect(said({ state: 'revoked', kind: 'google' })).toContain('Disconnect it here, and connect it anew');
  expect(said({ state: 'set-aside' })).toContain('is not read by itself');
  expect(said({ state: 'stale', since: undefined, syncedAt: undefined })).toMatch(/^It was never read/);
});

it('counts what could not be taken, and what is not written there yet', () => {
  const words = said({ problems: [{ code: 'CALENDAR.EVENT_UNREADABLE', count: 3 }], unwritten: 1 });
  expect(words).toContain('3 events could not be taken as they are written');
  expect(words).toContain('1 appointment is not written there yet');
});
