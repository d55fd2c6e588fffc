import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import {
  type Auth,
  buildUser,
  goodPassword,
  patientEvent,
  refresh,
  signIn,
  startAuthForTest,
  told,
  until,
} from './support.ts';

let auth: Auth;
let began: Date;

beforeAll(async () => {
  auth = await startAuthForTest();
  began = auth.clock.now();
});
afterEach(() => auth.clock.set(began));
afterAll(() => auth?.stop());

const newPassword = 'a young brown mare';
let addresses = 0;
/** Somebody at an address nobody else in these tests has. */
const stranger = () => {
  addresses += 1;
  return caller(auth.base, { 'x-forwarded-for': `198.51.100.${addresses}` });
};
const secretary = async () => signIn(auth, (await buildUser(auth)).email);
const printedFor = async (userId: string): Promise<string> =>
  (await auth.admin('POST', `/api/auth/users/${userId}/codes`)).body.code;
const reset = (code: string, password = newPassword, call = stranger()) =>
  call('POST', '/api/auth/password/reset', { code, newPassword: password });
const codesMade = () => auth.published.filter(({ type }) => type === 'code.made').map(({ data }) => data as Made);
interface Made {
  codeId: string;
  purpose: string;
}
/** The code of the next mail after `before` of them. */
async function mailed(before: number) {
  await until(() => codesMade().length > before);
  const { codeId } = codesMade()[before] as Made;
  return auth.sidecar('GET', `/api/auth/codes/${codeId}`);
}

describe('a code that staff print', () => {
  it('sets the password anew, signs out everywhere, and ends a lock', async () => {
    const user = await buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
    const { cookie } = await signIn(auth, user.email);
    const guess = { email: user.email, password: 'a guess' };
    for (let i = 0; i < 5; i += 1) await stranger()('POST', '/api/auth/login', guess);
    const { call } = await secretary();
    const made = await call('POST', `/api/auth/users/${user.id}/codes`);
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const expiresAt = new Date(auth.clock.now().getTime() + 2 * 24 * 3_600_000).toISOString();
    expect(made.body).toEqual({ code: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/), expiresAt });

    expect((await reset(` ${made.body.code.toLowerCase().replaceAll('-', ' ')} `)).status).toBe(204);
    expect((await refresh(auth, cookie)).status).toBe(401);
    await expect(signIn(auth, user.email, newPassword)).resolves.toBeDefined();
    await expect(signIn(auth, user.email, goodPassword)).rejects.toThrow('BAD_CREDENTIALS');
    // Nothing was mailed.
    expect(codesMade()).toEqual([]);
  });

  it('is good once, also for those who come at once', async () => {
    const user = await buildUser(auth);
    const code = await printedFor(user.id);
    const answers = await Promise.all([reset(code), reset(code), reset(code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401]);
    expect((await reset(code)).body.code).toBe('AUTH.NO_SUCH_CODE');
  });

  it.each<[string, (user: { id: string; email: string; version: number }) => Promise<unknown>]>([
    ['has run out', async () => auth.clock.advanceBy(2 * 24 * 3_600_000)],
    ['was replaced by another', ({ id }) => printedFor(id)],
    [
      'is of a password that was changed since',
      async ({ email }) =>
        (await signIn(auth, email)).call('POST', '/api/auth/password', {
          currentPassword: goodPassword,
          newPassword: 'a young black mare',
        }),
    ],
    [
      'is of a user who was deactivated since',
      ({ id }) => auth.admin('PATCH', `/api/auth/users/${id}`, { active: false }, { 'if-match': '*' }),
    ],
    [
      'is of a user who has another role since',
      ({ id }) => auth.admin('PATCH', `/api/auth/users/${id}`, { roles: ['admin'] }, { 'if-match': '*' }),
    ],
    [
      'is of a user who was deactivated and came back since',
      async ({ id }) => {
        await auth.admin('PATCH', `/api/auth/users/${id}`, { active: false }, { 'if-match': '*' });
        await auth.admin('PATCH', `/api/auth/users/${id}`, { active: true }, { 'if-match': '*' });
      },
    ],
  ])('is good for nothing when it %s', async (_what, happens) => {
    const user = await buildUser(auth);
    const code = await printedFor(user.id);
    await happens(user);
    const answer = await reset(code);
    expect([answer.status, answer.body.code]).toEqual([401, 'AUTH.NO_SUCH_CODE']);
  });

  it('stays good when the password it is to set is refused', async () => {
    const user = await buildUser(auth);
    const code = await printedFor(user.id);
    for (const [password, why] of [
      ['short', 'TOO_SHORT'],
      ['password123456', 'BREACHED'],
      ['MaisonDuMoulin75', 'KNOWN_WORDS'],
      [`${user.email} and more`, 'HOLDS_EMAIL'],
    ]) {
      const refused = await reset(code, password);
      expect([refused.body.code, refused.body.fields[0].code]).toEqual(['AUTH.PASSWORD_UNSUITABLE', why]);
    }
    expect((await reset(code)).status).toBe(204);
  });

  it('cannot be guessed for long from one address, which a wrong code locks as a wrong password does', async () => {
    const user = await buildUser(auth);
    const code = await printedFor(user.id);
    const guesser = stranger();
    for (let i = 0; i < 30; i += 1) expect((await reset('0000-0000-0000', newPassword, guesser)).status).toBe(401);
    expect((await reset(code, newPassword, guesser)).status).toBe(429);
    expect((await reset(code)).status).toBe(204);
  });

  it('is kept as a digest', async () => {
    const user = await buildUser(auth);
    const code = await printedFor(user.id);
    const { rows } = await auth.sql.query('select row_to_json(c)::text as text from one_time_code c');
    expect(rows.length).toBeGreaterThan(0);
    for (const { text } of rows) {
      expect(text).not.toContain(code);
      expect(text).not.toContain(code.replaceAll('-', ''));
    }
  });

  it('is made by secretaries for patients only, by nobody else, and not for whom there is not', async () => {
    const [{ call }, admin] = [await secretary(), await buildUser(auth, { roles: ['admin', 'patient'] })];
    expect((await call('POST', `/api/auth/users/${admin.id}/codes`)).status).toBe(403);
    const patient = await buildUser(auth, { roles: ['patient'] });
    const asPatient = (await signIn(auth, patient.email)).call;
    expect((await asPatient('POST', `/api/auth/users/${patient.id}/codes`)).status).toBe(403);
    expect((await auth.anybody('POST', `/api/auth/users/${patient.id}/codes`)).status).toBe(401);
    expect((await call('POST', `/api/auth/users/${randomUUID()}/codes`)).status).toBe(404);
  });

  it.each([
    ['no code', { newPassword }],
    ['another type', { code: { $ne: '' }, newPassword }],
    ['a code without end', { code: 'A'.repeat(41), newPassword }],
    ['a field more', { code: 'A', newPassword, userId: randomUUID() }],
  ])('is not read from a body with %s', async (_what, body) => {
    expect((await stranger()('POST', '/api/auth/password/reset', body)).status).toBe(422);
  });
});

describe('a code that is asked for', () => {
  const ask = (email: string) => stranger()('POST', '/api/auth/password/codes', { email });

  it('is told without the code and the address, and read by the service that mails', async () => {
    const user = await buildUser(auth);
    const before = codesMade().length;
    expect(await ask(` ${user.email.toUpperCase()}`)).toMatchObject({ status: 202, body: '' });
    const mail = await mailed(before);
    expect(mail.body).toEqual({
      email: user.email,
      purpose: 'reset',
      code: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/),
      expiresAt: new Date(auth.clock.now().getTime() + 30 * 60_000).toISOString(),
    });
    expect(codesMade()[before]).toEqual({ codeId: expect.any(String), purpose: 'reset' });
    expect((await reset(mail.body.code)).status).toBe(204);
    const { codeId } = codesMade()[before] as Made;
    expect((await auth.sidecar('GET', `/api/auth/codes/${codeId}`)).body.code).toBe('AUTH.NOTHING_TO_MAIL');
  });

  it('is read by nobody but services, and only when it is to be mailed', async () => {
    const user = await buildUser(auth);
    const before = codesMade().length;
    await ask(user.email);
    await mailed(before);
    const path = `/api/auth/codes/${(codesMade()[before] as Made).codeId}`;
    expect((await auth.admin('GET', path)).status).toBe(403);
    expect((await auth.anybody('GET', path)).status).toBe(401);
    await printedFor(user.id);
    const { rows } = await auth.sql.query("select id from one_time_code where channel = 'paper'");
    expect((await auth.sidecar('GET', `/api/auth/codes/${rows[0].id}`)).status).toBe(404);
    auth.clock.advanceBy(30 * 60_000);
    expect((await auth.sidecar('GET', path)).status).toBe(404);
  });

  it('is not sent again within two minutes, and leaves a printed one alone', async () => {
    const user = await buildUser(auth);
    const printed = await printedFor(user.id);
    const before = codesMade().length;
    await ask(user.email);
    await ask(user.email);
    const first = (await mailed(before)).body.code;
    expect(codesMade()).toHaveLength(before + 1);
    auth.clock.advanceBy(121_000);
    await ask(user.email);
    const second = (await mailed(before + 1)).body.code;
    expect((await reset(printed)).status).toBe(204);
    for (const code of [first, second]) expect((await reset(code)).status).toBe(401);
  });

  it('is sent once to who asks many times at once', async () => {
    const { id, email } = await buildUser(auth, { roles: ['patient'] });
    await Promise.all(Array.from({ length: 40 }, () => stranger()('POST', '/api/auth/password/codes', { email })));
    const { rowCount } = await auth.sql.query('select from one_time_code where user_id = $1', [id]);
    expect(rowCount).toBe(1);
  });

  it('is good until its end, whoever asks for another meanwhile', async () => {
    const user = await buildUser(auth);
    const before = codesMade().length;
    await ask(user.email);
    const { code } = (await mailed(before)).body;
    auth.clock.advanceBy(121_000);
    await ask(user.email);
    await mailed(before + 1);
    expect((await reset(code)).status).toBe(204);
  });

  it('is sent half an hour after the last from the fifth of a day on, so that one in the mailbox is always good', async () => {
    const user = await buildUser(auth);
    const before = codesMade().length;
    let mails = 0;
    const mailsWithin = async (minutes: number) => {
      const earlier = mails;
      for (let i = 0; i < minutes; i += 5) {
        auth.clock.advanceBy(5 * 60_000);
        await ask(user.email);
        const { rows } = await auth.sql.query('select count(*)::int as mails from one_time_code where user_id = $1', [
          user.id,
        ]);
        mails = rows[0].mails;
        const { code } = (await mailed(before + mails - 1)).body;
        expect(code).toEqual(expect.any(String));
      }
      return mails - earlier;
    };
    expect(await mailsWithin(25)).toBe(5);
    expect(await mailsWithin(25)).toBe(0);
    expect(await mailsWithin(65)).toBe(3);
    auth.clock.advanceBy(24 * 3_600_000);
    await ask(user.email);
    await mailed(before + mails);
    auth.clock.advanceBy(121_000);
    await ask(user.email);
    await mailed(before + mails + 1);
  });

  it('says the same, in the same time, of an address that nobody has, and of one who was deactivated', async () => {
    const gone = await buildUser(auth);
    await auth.admin('PATCH', `/api/auth/users/${gone.id}`, { active: false }, { 'if-match': '*' });
    const users = await Promise.all(Array.from({ length: 8 }, () => buildUser(auth)));
    const before = codesMade().length;
    const took = async (email: string) => {
      const at = performance.now();
      const { status, headers, body } = await ask(email);
      const names = [...headers.keys()].sort();
      return { ms: performance.now() - at, said: { status, body, names } };
    };
    const known: Awaited<ReturnType<typeof took>>[] = [];
    const unknown: typeof known = [];
    for (const { email } of users) {
      known.push(await took(email));
      unknown.push(await took(`not-${email}`));
    }
    const others = await took(gone.email);
    for (const { said } of [...known, ...unknown, others]) expect(said).toEqual(known[0]?.said);
    const median = (all: typeof known) => all.map(({ ms }) => ms).sort((a, b) => a - b)[4] as number;
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(25);
    await until(() => codesMade().length === before + users.length);
  });
});

describe('an invitation', () => {
  const invite = (body: object, call = auth.admin) => call('POST', '/api/auth/invitations', body);
  const accept = (body: object) => stranger()('POST', '/api/auth/invitations/accept', body);
  const ofPatient = (more: object = {}) => ({
    channel: 'paper',
    roles: ['patient'],
    patientId: randomUUID(),
    ...more,
  });

  it('on paper makes a login for whoever brings it, with the address and password they choose', async () => {
    const wanted = ofPatient();
    const { call } = await secretary();
    const invited = await invite(wanted, call);
    expect([invited.status, invited.body]).toEqual([
      201,
      {
        id: expect.any(String),
        code: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/),
        expiresAt: new Date(auth.clock.now().getTime() + 30 * 24 * 3_600_000).toISOString(),
      },
    ]);
    const email = `Zoé.${randomUUID()}@practice.example`;
    expect((await accept({ code: invited.body.code, email, password: goodPassword })).status).toBe(204);
    const me = await signIn(auth, email);
    const who = (await me.call('GET', '/api/auth/me')).body;
    expect(who).toMatchObject({ email: email.toLowerCase(), roles: ['patient'], patientId: wanted.patientId });
    await until(() => told(auth, who.id).includes('user.created'));
    expect((await accept({ code: invited.body.code, email: `x${email}`, password: goodPassword })).status).toBe(401);
  });

  it('by mail is for the address that it names, and no other', async () => {
    const email = `${randomUUID()}@practice.example`;
    const before = codesMade().length;
    const invited = await invite({ channel: 'mail', roles: ['secretary'], email });
    expect(invited.body).toEqual({ id: expect.any(String), expiresAt: expect.any(String) });
    const mail = (await mailed(before)).body;
    expect(mail).toMatchObject({ email, purpose: 'invitation' });
    const other = `other-${email}`;
    expect((await accept({ code: mail.code, email: other, password: goodPassword })).status).toBe(204);
    await expect(signIn(auth, email)).resolves.toBeDefined();
    await expect(signIn(auth, other)).rejects.toThrow('BAD_CREDENTIALS');
  });

  it('is taken once, also by those who come at once', async () => {
    const { code } = (await invite(ofPatient())).body;
    const answers = await Promise.all(
      [1, 2, 3].map((nth) =>
        accept({ code, email: `${nth}-${randomUUID()}@practice.example`, password: goodPassword }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401]);
  });

  it('stays good when it could not be accepted: address taken, none given, password refused', async () => {
    const taken = await buildUser(auth);
    const { code } = (await invite(ofPatient())).body;
    const email = `${randomUUID()}@practice.example`;
    expect((await accept({ code, email: taken.email, password: goodPassword })).body.code).toBe('AUTH.EMAIL_TAKEN');
    expect((await accept({ code, password: goodPassword })).status).toBe(422);
    expect((await accept({ code, email, password: 'qwertyuiop123' })).body.fields[0].code).toBe('BREACHED');
    expect((await accept({ code, email, password: goodPassword })).status).toBe(204);
  });

  it('leads to the patient who stays when theirs was merged, and is gone when they were erased', async () => {
    const [left, kept, erased] = [ofPatient(), randomUUID(), ofPatient()];
    const [{ code }, { code: ofErased }] = [(await invite(left)).body, (await invite(erased)).body];
    const merged = { patientId: left.patientId, mergedIntoPatientId: kept };
    await auth.hear('patient', patientEvent('patient.merged', merged));
    await auth.hear('patient', patientEvent('patient.erased', { patientId: erased.patientId }));
    const email = `${randomUUID()}@practice.example`;
    expect((await accept({ code, email, password: goodPassword })).status).toBe(204);
    expect((await (await signIn(auth, email)).call('GET', '/api/auth/me')).body.patientId).toBe(kept);
    expect((await accept({ code: ofErased, email: `x${email}`, password: goodPassword })).status).toBe(401);
    const { rows } = await auth.sql.query('select 1 from one_time_code where invitation::text like $1', [
      `%${erased.patientId}%`,
    ]);
    expect(rows).toEqual([]);
  });

  it('is replaced by a newer one of the same patient, and runs out', async () => {
    const wanted = ofPatient();
    const { code: first } = (await invite(wanted)).body;
    const { code: second } = (await invite(wanted)).body;
    const email = `${randomUUID()}@practice.example`;
    expect((await accept({ code: first, email, password: goodPassword })).status).toBe(401);
    auth.clock.advanceBy(30 * 24 * 3_600_000);
    expect((await accept({ code: second, email, password: goodPassword })).status).toBe(401);
  });

  it('sets no password, and a code for a password accepts no invitation', async () => {
    const { code } = (await invite(ofPatient())).body;
    expect((await reset(code)).body.code).toBe('AUTH.NO_SUCH_CODE');
    const printed = await printedFor((await buildUser(auth)).id);
    const email = `${randomUUID()}@practice.example`;
    expect((await accept({ code: printed, email, password: goodPassword })).body.code).toBe('AUTH.NO_SUCH_CODE');
  });

  it('is given by secretaries to patients only, and by nobody else', async () => {
    const { call } = await secretary();
    for (const roles of [['secretary'], ['admin'], ['practitioner'], ['patient', 'secretary']]) {
      expect((await invite({ channel: 'paper', roles }, call)).status).toBe(403);
    }
    const patient = (await signIn(auth, (await buildUser(auth, { roles: ['patient'] })).email)).call;
    expect((await invite(ofPatient(), patient)).status).toBe(403);
    expect((await invite(ofPatient(), auth.anybody)).status).toBe(401);
  });

  it.each([
    ['a mail without address', { channel: 'mail', roles: ['patient'] }],
    ['another channel', { channel: 'pigeon', roles: ['patient'] }],
    ['no role', { channel: 'paper', roles: [] }],
    ['a role there is not', { channel: 'paper', roles: ['service'] }],
    ['a link without its role', { channel: 'paper', roles: ['patient'], practitionerId: randomUUID() }],
    ['a password', { channel: 'paper', roles: ['patient'], password: goodPassword }],
  ])('is refused with %s', async (_what, body) => {
    expect((await invite(body)).status).toBe(422);
  });
});
