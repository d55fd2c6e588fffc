import { expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { Times, When } from './time.tsx';

const at = (hour: number, zone = 'Indian/Reunion') => ({ start: `2026-11-23T0${hour}:00:00Z`, zone });
const pageOf = (all: ReturnType<typeof at>[], language?: 'en' | 'fr') =>
  show(
    <Times of={all}>
      {all.map((each) => (
        <p key={each.start + each.zone}>
          <When {...each} />
        </p>
      ))}
    </Times>,
    language,
  );
const textOf = (page: ReturnType<typeof show>) => page.container.textContent ?? '';
const count = (text: string, words: string) => text.split(words).length - 1;

// Of whoever runs this: any zone but those that are named here.
vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({
  timeZone: 'Asia/Tokyo',
} as Intl.ResolvedDateTimeFormatOptions);

it('says once of a list that its times are by another clock', () => {
  const text = textOf(pageOf([at(5), at(6), at(7)]));
  expect(count(text, 'All times are by the clock of the practice (Réunion Time)')).toBe(1);
  expect([count(text, 'Réunion Time'), count(text, 'Your clock')]).toEqual([1, 0]);
  expect(textOf(pageOf([at(5)], 'fr'))).toContain('heure de La Réunion');
});

it('names the zone beside each where a list has several', () => {
  const text = textOf(pageOf([at(5), at(8, 'Europe/Paris')]));
  expect([
    count(text, 'All times'),
    count(text, '09:00 (Réunion Time)'),
    count(text, '(Central European Time)'),
  ]).toEqual([0, 1, 1]);
});

it('says what the own clock shows of a time that stands alone, and nothing where that is the same', () => {
  expect(textOf(show(<When {...at(5)} />))).toMatch(/practice’s time \(Réunion Time\).*shows Monday.*14:00/);
  expect(textOf(show(<When {...at(5, 'Asia/Tokyo')} />))).not.toContain('clock');
  expect(textOf(pageOf([at(5, 'Asia/Tokyo'), at(6, 'Asia/Tokyo')]))).not.toContain('clock');
});
