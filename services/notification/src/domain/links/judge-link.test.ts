import { describe, expect, it } from 'vitest';
import type { MayAnswer, VisitNow } from '../neighbours.js';
import { judgeLink, possibleNow } from './judge-link.js';
import type { Act, VisitAct, VisitLink } from './visit-link.js';

const at = (time: string) => new Date(`2026-12-08T${time}:00Z`);
const visit: VisitNow = {
  ...{
    id: 'v',
    version: 1,
    status: 'booked',
    patientId: 'p',
    practitionerId: 'd',
    appointmentTypeId: 't',
    placeId: 'l',
  },
  ...{ start: at('09:00'), end: at('09:30'), zone: 'Europe/Paris', keptFromGuardians: false },
};
const decision = { kind: 'reminder', startsAt: visit.start, practitionerId: 'd', placeId: 'l' } as const;
const act = (more: Partial<VisitAct> = {}): VisitAct => ({
  ...{ decisionId: 'm', act: 'cancel', state: 'planned', dueAt: at('08:00'), isBegun: false },
  ...more,
});
const judged = (
  to: VisitLink['to'],
  more: { visit?: Partial<VisitNow>; kind?: 'confirmation' | 'offer'; asked?: VisitAct[]; now?: Date } = {},
) =>
  judgeLink({
    link: { decisionId: 'm', to },
    decision: { ...decision, ...(more.kind && { kind: more.kind }) },
    visit: { ...visit, ...more.visit },
    asked: more.asked ?? [],
    now: more.now ?? at('08:00'),
  });

describe('a link', () => {
  it('is for its act alone, and the one to choose by for all that its message offers', () => {
    expect(judged('cancel')).toEqual({ is: 'open', acts: ['cancel'], done: [] });
    expect(judged('choose')).toEqual({ is: 'open', acts: ['confirm', 'move', 'cancel', 'late'], done: [] });
    expect(judged('choose', { kind: 'confirmation' })).toEqual({ is: 'open', acts: ['move', 'cancel'], done: [] });
  });

  it('leads nowhere for an act that its message does not offer', () => {
    expect(judged('late', { kind: 'confirmation' })).toBeUndefined();
    expect(judged('choose', { kind: 'offer' })).toBeUndefined();
  });

  it.each<[VisitLink['to'], string, string]>([
    ['cancel', '08:59', '09:00'],
    ['confirm', '08:59', '09:00'],
    ['move', '08:59', '09:00'],
    ['late', '09:29', '09:30'],
    ['choose', '09:29', '09:30'],
  ])('to %s is still good at %s, and leads nowhere at %s, whatever became of the visit', (to, good, ended) => {
    expect(judged(to, { now: at(good) })).toBeDefined();
    for (const status of ['booked', 'cancelled'] as const)
      expect(judged(to, { now: at(ended), visit: { status } })).toBeUndefined();
  });

  it('says that the visit was cancelled, or moved since its message was written, and to when', () => {
    expect(judged('cancel', { visit: { status: 'cancelled' } })).toEqual({ is: 'cancelled' });
    const moved = { start: at('11:00'), end: at('11:30') };
    expect(judged('cancel', { visit: moved })).toEqual({ is: 'moved', start: at('11:00') });
    expect(judged('cancel', { visit: { practitionerId: 'other' } })).toEqual({ is: 'moved', start: at('09:00') });
  });

  it.each(['arrived', 'fulfilled', 'noshow', 'pending', 'proposed'] as const)(
    'leads nowhere once it is %s',
    (status) => {
      expect(judged('cancel', { visit: { status } })).toBeUndefined();
    },
  );

  it('shows what is planned by its message, whichever act that is', () => {
    const planned = act({ act: 'move' });
    expect(judged('cancel', { asked: [planned] })).toEqual({ is: 'planned', act: planned });
  });

  it('shows what was said, and no longer offers it', () => {
    const said = act({ act: 'confirm', state: 'done' });
    expect(judged('choose', { asked: [said] })).toEqual({
      is: 'open',
      acts: ['move', 'cancel', 'late'],
      done: ['confirm'],
    });
  });

  it('offers again what was taken back, and what was refused with why', () => {
    expect(judged('cancel', { asked: [act({ state: 'undone' })] })).toEqual({ is: 'open', acts: ['cancel'], done: [] });
    const refused = act({ act: 'move', state: 'refused', why: 'taken' });
    expect(judged('move', { asked: [refused] })).toEqual({ is: 'open', acts: ['move'], done: [], refused: 'taken' });
  });
});

describe('what is possible', () => {
  const may: MayAnswer = {
    ...{ cancelUntil: at('07:00'), moveUntil: at('05:00'), lateFrom: at('06:00'), isAccepted: false, otherTimes: [] },
  };
  const all: Act[] = ['confirm', 'move', 'cancel', 'late'];

  it.each([
    ['05:00', ['confirm', 'move', 'cancel']],
    ['05:01', ['confirm', 'cancel']],
    ['06:00', ['confirm', 'cancel', 'late']],
    ['07:01', ['confirm', 'late']],
    ['09:00', ['late']],
  ])('at %s is %j', (time, possible) => {
    expect(possibleNow(all, may, visit, at(time))).toEqual(possible);
  });

  it('is no second confirmation', () => {
    expect(possibleNow(['confirm'], { ...may, isAccepted: true }, visit, at('05:00'))).toEqual([]);
  });
});
