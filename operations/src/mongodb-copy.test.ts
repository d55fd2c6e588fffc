import { expect, it } from 'vitest';
import { placeOf } from './mongodb-copy.ts';

it('a copy has what tells of changes before them, and the trail of them last', () => {
  const names = [
    'audit_event',
    'medical_record',
    'dead_letter',
    'audit_note',
    'told',
    'waiting_event',
    'inbox',
    'journal',
  ];
  const sorted = names.sort((one, next) => placeOf(one) - placeOf(next));
  expect([sorted.slice(0, 3), sorted.slice(-2)]).toEqual([
    ['journal', 'waiting_event', 'dead_letter'],
    ['audit_note', 'audit_event'],
  ]);
});
