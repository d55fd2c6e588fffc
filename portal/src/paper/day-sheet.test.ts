import { setupI18n } from '@lingui/core';
import { describe, expect, it } from 'vitest';
import type { Appointment, Patient, Practitioner } from '../api/types.ts';
import { messages } from '../languages/fr.po';
import { densityOf, onPaper, sheetOf } from './day-sheet.ts';

const i18n = setupI18n({ locale: 'fr', messages: { fr: messages } });

const practitioner = {
  id: 'p',
  familyName: 'Bernard',
  givenNames: ['Claire'],
  appointmentTypes: [{ id: 't', name: 'Consultation', minutes: 20 }],
} as unknown as Practitioner;

const appointment = (id: string, more: Partial<Appointment> = {}): Appointment =>
  ({
    ...{ id, status: 'booked', patientId: 'alice', appointmentTypeId: 't' },
    ...{ start: '2026-11-23T08:30:00Z', end: '2026-11-23T08:50:00Z', zone: 'Europe/Paris' },
    ...more,
  }) as Appointment;

const alice = {
  ...{ givenNames: ['Alice', 'Marie'], familyName: 'Martin', birthDate: '1980-02-03' },
  telecom: [
    { system: 'email', value: 'alice@example.org' },
    { system: 'phone', value: '+33600000001' },
  ],
} as unknown as Patient;

const sheet = (...appointments: Appointment[]) =>
  sheetOf(practitioner, appointments, (id) => (id === 'alice' ? onPaper(alice) : undefined), i18n);

describe('the day on paper', () => {
  it('says when who comes for which kind of visit, born when, by which telephone, and leaves the note to a pen', () => {
    expect(sheet(appointment('a'))).toEqual({
      practitionerId: 'p',
      name: 'Claire Bernard',
      lines: [
        {
          ...{ id: 'a', time: '09:30', patient: 'Alice Martin', birthDate: '3 févr. 1980', phone: '+33600000001' },
          ...{ kind: 'Consultation', note: '' },
        },
      ],
    });
  });

  it('never says why they come', () => {
    expect(JSON.stringify(sheet(appointment('a', { reason: 'a secret' })))).not.toContain('secret');
  });

  it('says what became of a visit, and leaves out who does not come', () => {
    const { lines } = sheet(
      appointment('a', { status: 'arrived' }),
      appointment('b', { status: 'cancelled' }),
      appointment('c', { status: 'proposed' }),
    );
    expect(lines.map(({ id, note }) => [id, note])).toEqual([['a', 'arrivé']]);
  });

  it('keeps the line of a patient who could not be read, and says so', () => {
    const [line] = sheet(appointment('a', { patientId: 'unknown' })).lines;
    expect([line?.time, line?.patient, line?.birthDate, line?.phone]).toEqual([
      '09:30',
      'le nom n’a pas pu être lu',
      '',
      '',
    ]);
  });
});

it('is set closer the more there is, and says when one sheet does not take it', () => {
  const sheets = (count: number, lines: number) =>
    Array.from({ length: count }, () => sheet(...Array.from({ length: lines }, (_, nth) => appointment(String(nth)))));
  expect(densityOf(sheets(1, 30))).toBe('roomy');
  expect(densityOf(sheets(1, 50))).toBe('close');
  expect(densityOf(sheets(8, 16))).toBe('tight');
  expect(densityOf(sheets(8, 40))).toBe('overflowing');
});
