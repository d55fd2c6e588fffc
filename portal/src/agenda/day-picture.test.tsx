import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import { DayPicture } from './day-picture.tsx';

const span = { from: 540, to: 570 };
const glance = { booked: [span], waiting: [], past: [], isAway: false };
const rows = [
  {
    id: 'p',
    name: 'Claire Bernard',
    glance: { ...glance, open: [{ from: 540, to: 720 }], waiting: [span], freeMinutes: 125 },
  },
  { id: 'q', name: 'Paul Petit', glance: { ...glance, isAway: true, freeMinutes: 0 } },
  { id: 'r', name: 'Anne Roux', glance },
];
const cells = (page: ReturnType<typeof show>) =>
  page.getAllByRole('row').map((row) => [...row.children].map(({ textContent }) => textContent));

it('says in a table what the picture shows', () => {
  const page = show(<DayPicture rows={rows} />);
  expect(page.getAllByRole('img').map((each) => each.getAttribute('aria-label'))).toEqual([
    ...['The day of Claire Bernard', 'The day of Paul Petit', 'The day of Anne Roux'],
  ]);
  expect(cells(page)).toEqual([
    ['Practitioner', 'Booked', 'Arrived', 'Over', 'Free'],
    ['Claire Bernard', '1', '1', '0', '2 h 05'],
    ['Paul Petit', '1', '0', '0', 'away'],
    ['Anne Roux', '1', '0', '0', 'not known'],
  ]);
});

it('draws each span at its time, and is as long as the day needs', () => {
  const early = { ...glance, booked: [{ from: 330, to: 360 }] };
  const { container } = show(<DayPicture rows={[{ id: 'p', name: 'Claire', glance: early }]} />);
  const bar = container.querySelector('svg[role=img]');
  expect(bar?.getAttribute('viewBox')).toBe(`300 0 ${19 * 60 - 300} 24`);
  const [drawn] = bar?.querySelectorAll('[data-kind=booked]') ?? [];
  expect([drawn?.getAttribute('x'), drawn?.getAttribute('width')]).toEqual(['330.5', '29']);
});

it('says the same in French', () => {
  expect(cells(show(<DayPicture rows={rows.slice(1)} />, 'fr'))[1]?.at(-1)).toBe('absence');
});
