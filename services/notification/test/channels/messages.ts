import type { CalendarPart, OutgoingMessage } from '../../src/domain/channel.js';

/** A message as it leaves for a patient, for tests. */
export const messageOf = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  decisionId: '0196f0a2-6a1c-7c11-9d55-3f1f6f0a2b11',
  to: 'alice@patients.example',
  language: 'fr',
  subject: 'Votre rendez-vous du 1er décembre',
  text: 'Bonjour,\nvotre rendez-vous est le mardi 1er décembre à 9 h.\n',
  attempt: 1,
  ...fields,
});

/** An hour at the practice in Paris, in winter. */
export const calendarOf = (fields: Partial<CalendarPart> = {}): CalendarPart => ({
  method: 'REQUEST',
  uid: '0196f0a2-0000-7000-8000-000000000001@cabinet-bernard.example',
  sequence: 0,
  start: '2026-12-01T08:00:00Z',
  end: '2026-12-01T08:30:00Z',
  zone: 'Europe/Paris',
  title: 'Rendez-vous – Cabinet Bernard',
  place: '3, rue des Écoles, 75005 Paris',
  organizer: 'rendez-vous@cabinet-bernard.example',
  attendee: 'alice@patients.example',
  ...fields,
});
