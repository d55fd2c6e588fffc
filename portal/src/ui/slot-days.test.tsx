import { fireEvent } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Slot } from '../api/types.ts';
import { SlotDays } from './slot-days.tsx';

const slot = (start: string, end: string, doubt?: Slot['doubt']): Slot => ({
  start,
  end,
  doubt,
  zone: 'Europe/Paris',
  practitionerId: 'p',
  placeId: 'c',
  appointmentTypeId: 't',
});

const slots = [
  slot('2026-10-25T00:30:00Z', '2026-10-25T00:45:00Z'),
  slot('2026-10-25T01:30:00Z', '2026-10-25T01:45:00Z'),
  slot('2026-10-26T08:00:00Z', '2026-10-26T08:30:00Z', 'warn'),
];

const namesOf = (language: 'en' | 'fr') =>
  show(<SlotDays slots={slots} practitioner="Anne Bernard" onChoose={() => undefined} />, language)
    .getAllByRole('button')
    .map((button) => button.getAttribute('aria-label'));

it('names each time by itself: hour, day, length and with whom, also in the hour that comes twice', () => {
  expect(namesOf('en')).toEqual([
    expect.stringMatching(
      /^02:30 (CEST|GMT\+2), Sunday,? (25 October|October 25),? 2026, 15 minutes, with Anne Bernard$/,
    ),
    expect.stringMatching(
      /^02:30 (CET|GMT\+1), Sunday,? (25 October|October 25),? 2026, 15 minutes, with Anne Bernard$/,
    ),
    expect.stringMatching(/^09:00, Monday,? .+, 30 minutes, with Anne Bernard, may turn out to be taken$/),
  ]);
});

it('says the same in French', () => {
  expect(namesOf('fr')[2]).toBe(
    '09:00, lundi 26 octobre 2026, 30 minutes, avec Anne Bernard, pourrait se révéler prise',
  );
});

it('takes one choice at a time', () => {
  const onChoose = vi.fn();
  const list = (busyStart?: string) => (
    <SlotDays slots={slots} practitioner="A" onChoose={onChoose} busyStart={busyStart} />
  );
  const page = show(list(slots[0]?.start));
  for (const button of page.getAllByRole('button')) fireEvent.click(button);
  expect(onChoose).not.toHaveBeenCalled();
});
