import { expect, it } from 'vitest';
import { Seal } from './sealed.js';

const older = 'the secret of before, of forty characters';
const newer = 'the secret of today, of as many characters';

it('what an older secret has sealed opens, and is sealed anew by the first, which then opens it alone', () => {
  const sealed = new Seal([older], 'calendars').close('calendar-1', { password: 'only here' });
  const both = new Seal([newer, older], 'calendars');
  expect(both.open('calendar-1', sealed)).toEqual({ password: 'only here' });
  const anew = both.anew('calendar-1', sealed) as string;
  expect(new Seal([newer], 'calendars').open('calendar-1', anew)).toEqual({ password: 'only here' });
  expect(both.anew('calendar-1', anew)).toBeUndefined();
});

it('what no secret opens, or is of another label, is not known', () => {
  const sealed = new Seal([older], 'calendars').close('calendar-1', { password: 'only here' });
  const other = new Seal([newer], 'calendars');
  expect([other.open('calendar-1', sealed), other.anew('calendar-1', sealed)]).toEqual([undefined, undefined]);
  expect(new Seal([older], 'calendars').open('calendar-2', sealed)).toBeUndefined();
});
