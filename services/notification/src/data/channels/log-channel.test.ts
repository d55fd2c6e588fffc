import { expect, it } from 'vitest';
import { calendarOf, messageOf } from '../../../test/channels/messages.js';
import { LogChannel } from './log-channel.js';

it('says that a message would leave, and nothing of whom it is for or what is in it', async () => {
  const lines: unknown[] = [];
  const log = new LogChannel({ info: (fields, text) => lines.push(fields, text) }, 'sms');
  const message = messageOf({ to: '+33612345678', html: '<p>Bonjour</p>', calendar: calendarOf() });
  expect(await log.send(message)).toEqual({ state: 'sent', providerId: `log:${message.decisionId}` });
  expect(lines).toEqual([
    {
      decisionId: message.decisionId,
      channel: 'sms',
      language: 'fr',
      characters: message.text.length,
      attempt: 1,
      calendar: 'REQUEST',
    },
    'a message would leave here',
  ]);
});
