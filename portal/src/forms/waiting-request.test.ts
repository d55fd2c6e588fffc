import { expect, it } from 'vitest';
import { daysOfWeek } from '../words/waiting.ts';
import { lacksOf, requestOf, type WaitingDraft } from './waiting-request.ts';

const draft: WaitingDraft = {
  types: ['t'],
  fromDate: '2026-11-30',
  untilDate: '2026-12-31',
  days: [...daysOfWeek],
  span: 'any',
  startTime: '',
  endTime: '',
  noticeMinutes: 120,
  priority: 'routine',
  reason: '  ',
};
const who = { patientId: 'p', practitionerId: 'b' };

it('sends any day and any time by leaving both out, and nothing that was left empty', () => {
  expect(requestOf(draft, who)).toEqual({
    patientId: 'p',
    wants: [{ practitionerId: 'b', appointmentTypeId: 't' }],
    fromDate: '2026-11-30',
    untilDate: '2026-12-31',
    noticeMinutes: 120,
  });
});

it('sends days in their order with the part of the day that is wanted', () => {
  expect(requestOf({ ...draft, days: ['thu', 'mon'], span: 'morning' }, who).times).toEqual([
    { daysOfWeek: ['mon', 'thu'], startTime: '00:00', endTime: '13:00' },
  ]);
  expect(requestOf({ ...draft, days: ['sat'] }, who).times).toEqual([
    { daysOfWeek: ['sat'], startTime: '00:00', endTime: '24:00' },
  ]);
  const own = { ...draft, span: 'between', startTime: '14:00', endTime: '16:30' } as const;
  expect(requestOf(own, who).times).toEqual([{ daysOfWeek: [...daysOfWeek], startTime: '14:00', endTime: '16:30' }]);
});

it('sends what an offer replaces, why, and how urgent it is, where these were said', () => {
  const said = { ...draft, reason: ' a cough ', priority: 'urgent' } as const;
  expect(requestOf(said, { ...who, replaces: 'a' })).toMatchObject({
    replaces: 'a',
    reason: 'a cough',
    priority: 'urgent',
  });
});

it.each([
  ['no kind of visit', { types: [] }, ['types']],
  ['no day', { days: [] }, ['days']],
  ['an end before the beginning', { untilDate: '2026-11-29' }, ['untilDate']],
  ['no end', { untilDate: '' }, ['untilDate']],
  ['times in the wrong order', { span: 'between', startTime: '16:00', endTime: '14:00' }, ['endTime']],
  ['times that are not wanted', { span: 'any', startTime: '16:00', endTime: '14:00' }, []],
] as const)('finds %s', (_what, change, lacks) => {
  expect([...lacksOf({ ...draft, ...change } as WaitingDraft)]).toEqual(lacks);
});
