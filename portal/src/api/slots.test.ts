import { expect, it } from 'vitest';
import { othersThan } from './slots.ts';
import type { Appointment, SlotRefusal } from './types.ts';

const moving = { id: 'a', practitionerId: 'p', start: '2026-11-23T09:00:00+01:00' } as Appointment;
const refusal = (code: string, appointmentId?: string) => ({ code, appointmentId, message: '' }) as SlotRefusal;

const reasons = [
  refusal('APPOINTMENT.SLOT_TAKEN', 'a'),
  refusal('APPOINTMENT.TOO_CLOSE', 'b'),
  refusal('APPOINTMENT.DAY_FULL'),
  refusal('APPOINTMENT.IN_A_BREAK'),
];
const left = (practitionerId: string, at: string) =>
  othersThan(moving, reasons, { practitionerId, at }, 'Europe/Paris').map(({ code }) => code);

it('an appointment that moves within its day is not in its own way, nor in that of the day', () => {
  expect(left('p', '2026-11-23T09:15:00+01:00')).toEqual(['APPOINTMENT.TOO_CLOSE', 'APPOINTMENT.IN_A_BREAK']);
});

it.each([
  ['on another day', 'p', '2026-11-23T23:30:00Z'],
  ['with somebody else', 'q', '2026-11-23T09:15:00+01:00'],
])('what counts whole days is in its way %s', (_where, practitionerId, at) => {
  expect(left(practitionerId, at)).toEqual(['APPOINTMENT.TOO_CLOSE', 'APPOINTMENT.DAY_FULL', 'APPOINTMENT.IN_A_BREAK']);
});
