import { expect, it } from 'vitest';
import type { MessageWishes } from '../api/types.ts';
import { requestOf, wantedOf } from './message-wishes-set.tsx';

const wishes: MessageWishes = {
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  language: 'en',
  unwanted: [
    { topic: 'reminders', channel: 'sms' },
    { topic: 'messages', channel: 'email' },
  ],
};

it('whatever is not declined is wanted, by topic and channel', () => {
  expect(wantedOf(wishes)).toEqual({
    appointments: ['email', 'sms', 'push'],
    reminders: ['email', 'push'],
    messages: ['sms', 'push'],
    language: 'en',
  });
});

it('what is sent declines what is not wanted, and says the language alone that was chosen', () => {
  expect(requestOf(wantedOf(wishes))).toEqual({ language: 'en', unwanted: wishes.unwanted });
  expect(
    requestOf({ appointments: [], reminders: ['email'], messages: ['push', 'sms', 'email'], language: '' }),
  ).toEqual({
    unwanted: [
      { topic: 'appointments', channel: 'email' },
      { topic: 'appointments', channel: 'sms' },
      { topic: 'appointments', channel: 'push' },
      { topic: 'reminders', channel: 'sms' },
      { topic: 'reminders', channel: 'push' },
    ],
  });
});
