import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import { SignInFacts } from './sign-ins.tsx';

const said = (of: Parameters<typeof SignInFacts>[0]['of'], language: 'en' | 'fr' = 'en') =>
  [...show(<SignInFacts of={of} />, language).container.querySelectorAll('p')].map(({ textContent }) => textContent);

it('says when somebody signed in last, where they are now, and what they can show', () => {
  expect(said({ lastSignInAt: '2026-11-23T08:30:00Z', openSessions: 2, passkeys: 1, totp: true })).toEqual([
    expect.stringMatching(/^Signed in last on Monday,? .*November.* 2026/),
    'Is signed in at 2 places now',
    '1 passkey · an app that makes codes',
  ]);
});

it('says that the last time is not known, and that a password is all', () => {
  expect(said({ openSessions: 0, passkeys: 0, totp: false })).toEqual([
    'Has not signed in for two weeks, or never',
    'Is signed in nowhere now',
    'By password alone: no passkey, and no app that makes codes',
  ]);
  expect(said({ openSessions: 1, passkeys: 2, totp: false }, 'fr').slice(1)).toEqual([
    'Actuellement connecté à 1 endroit',
    '2 clés d’accès · pas d’application de codes',
  ]);
});
