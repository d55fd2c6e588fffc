import type { authApi } from '@cabinet/contracts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, type Person } from '../people.ts';

type Schemas = authApi.components['schemas'];

/** How each person signs in, made when it is first asked for. */
interface Account {
  sessions: Schemas['SessionResponse'][];
  passkeys: Schemas['PasskeyResponse'][];
  factors: Schemas['FactorsResponse'];
}
const accounts = new Map<string, Account>();
const before = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
const codes = (): string[] => Array.from({ length: 10 }, (_, nth) => `7K3F-9QXM-2B${nth}R`);

function accountOf({ id }: Person): Account {
  const known = accounts.get(id);
  if (known) return known;
  const session = (device: string, hours: number, current: boolean): Schemas['SessionResponse'] => ({
    id: idOf(`session ${id} ${device}`),
    device,
    createdAt: before(hours + 20),
    lastUsedAt: before(hours),
    endsAt: before(-100),
    current,
  });
  const account: Account = {
    sessions: [
      session('Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0', 0, true),
      session('Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/143.0.0.0 Mobile Safari/537.36', 5, false),
    ],
    passkeys: [
      { id: idOf(`passkey ${id}`), name: 'Phone', synced: true, createdAt: before(900), lastUsedAt: before(5) },
    ],
    factors: { totp: false, recoveryCodes: 0, passkeys: 1 },
  };
  accounts.set(id, account);
  return account;
}

const done = { status: 204, body: undefined } as const;

export const accountAnswers: Handler[] = [
  on('get', '/api/auth/sessions', ({ who }) => ({ body: { items: accountOf(who).sessions } })),
  on('delete', '/api/auth/sessions', ({ who }) => {
    const account = accountOf(who);
    account.sessions = account.sessions.filter(({ current }) => current);
    return done;
  }),
  on('delete', '/api/auth/sessions/{id}', ({ who, path }) => {
    const account = accountOf(who);
    if (!account.sessions.some(({ id }) => id === path.id)) throw notFound('AUTH.NO_SUCH_SESSION');
    account.sessions = account.sessions.filter(({ id }) => id !== path.id);
    return done;
  }),
  on('get', '/api/auth/passkeys', ({ who }) => ({ body: { items: accountOf(who).passkeys } })),
  on('delete', '/api/auth/passkeys/{id}', ({ who, path }) => {
    const account = accountOf(who);
    account.passkeys = account.passkeys.filter(({ id }) => id !== path.id);
    return done;
  }),
  on('post', '/api/auth/passkeys/challenge', () => {
    throw new Refused(403, 'AUTH.SIGN_IN_AGAIN', 'Sign in again to change this');
  }),
  on('post', '/api/auth/password', ({ body }) => {
    if (body.newPassword.includes('password'))
      throw new Refused(422, 'AUTH.PASSWORD_UNSUITABLE', 'This password cannot be used');
    return done;
  }),
  on('get', '/api/auth/second-factors', ({ who }) => ({ body: accountOf(who).factors })),
  on('post', '/api/auth/second-factors/totp', ({ who }) => {
    const secret = 'NBSWY3DPEHPK3PXPNBSWY3DPEHPK3PXP';
    const uri = `otpauth://totp/Cabinet:${encodeURIComponent(who.email)}?issuer=Cabinet&secret=${secret}`;
    return { body: { secret, uri } };
  }),
  on('post', '/api/auth/second-factors/totp/confirm', ({ who, body }) => {
    if (body.code === '000000') throw new Refused(422, 'AUTH.WRONG_FACTOR_CODE', 'The code is not right');
    accountOf(who).factors = { totp: true, recoveryCodes: 10, passkeys: 1 };
    return { body: { items: codes() } };
  }),
  on('post', '/api/auth/second-factors/recovery-codes', () => ({ body: { items: codes() } })),
  on('delete', '/api/auth/second-factors/totp', ({ who }) => {
    accountOf(who).factors = { totp: false, recoveryCodes: 0, passkeys: 1 };
    return done;
  }),
];
