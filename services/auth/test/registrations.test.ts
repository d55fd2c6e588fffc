import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, goodPassword, mailOf, mailsOf, signIn, startAuthForTest } from './support.ts';

const anotherPassword = 'a young brown mare likes hay';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Then somebody to whom a mail was sent is sent the next one. */
const mailPauseMs = 120_000;

let auth: Auth;
let desk: Caller;
let began: Date;

beforeAll(async () => {
  auth = await startAuthForTest();
  began = auth.clock.now();
  desk = (await signIn(auth, (await buildUser(auth, { roles: ['secretary'] })).email)).call;
});
afterEach(() => auth.clock.set(began));
afterAll(() => auth?.stop());

let addresses = 0;
/** Somebody at a network address that nobody else in these tests has. */
const stranger = (): Caller => {
  addresses += 1;
  return caller(auth.base, { 'x-forwarded-for': `198.51.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}` });
};
const application = (more: object = {}) => ({
  familyName: 'Lefèvre',
  givenNames: ['Claire'],
  birthDate: '1980-01-31',
  email: `${randomUUID()}@home.example`,
  phone: '06 39 98 12 34',
  ...more,
});
const register = (body: object, call = stranger()) => call('POST', '/api/auth/registrations', body);

const mailTo = (email: string) => mailOf(auth, email);
const show = (code: string, password = goodPassword, call = stranger()) =>
  call('POST', '/api/auth/registrations/shown', { code, password });
const login = (email: string, password = goodPassword) => stranger()('POST', '/api/auth/login', { email, password });

async function waiting(call = desk) {
  const items = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await call('GET', `/api/auth/registrations?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor);
  return items;
}
/** Somebody who has registered and shown their mail. */
async function applicant(more: object = {}) {
  const said = application(more);
  expect((await register(said)).status).toBe(202);
  const { code } = await mailTo(said.email);
  expect((await show(code)).status).toBe(204);
  const item = (await waiting()).find(({ email }) => email === said.email);
  return { ...said, id: item.id as string, item };
}
const confirm = (id: string, patientId: string = randomUUID(), call = desk) =>
  call('POST', `/api/auth/registrations/${id}/confirmation`, { patientId });

describe('a registration', () => {
  it('waits for the practice once the mail has come, can do nothing meanwhile, and signs in when it is confirmed', async () => {
    const said = application();
    expect(await register(said)).toMatchObject({ status: 202 });
    expect((await login(said.email)).body.code).toBe('AUTH.BAD_CREDENTIALS');
    const mail = await mailTo(said.email);
    expect(mail.purpose).toBe('registration');
    expect((await waiting()).map(({ email }) => email)).not.toContain(said.email);
    expect((await show(mail.code)).status).toBe(204);
    const { phone: _, ...told } = said;
    const [item] = (await waiting()).filter(({ email }) => email === said.email);
    expect(item).toMatchObject({ ...told, phone: '+33639981234' });
    const waits = await login(said.email);
    expect([waits.status, waits.body.code, waits.body.expiresAt]).toEqual([
      403,
      'AUTH.REGISTRATION_WAITS',
      item.expiresAt,
    ]);
    expect(waits.headers.getSetCookie()).toEqual([]);
    expect((await login(said.email, 'another grey mare')).body.code).toBe('AUTH.BAD_CREDENTIALS');

    const patientId = randomUUID();
    const { status, body } = await confirm(item.id, patientId);
    expect([status, body]).toEqual([201, { userId: expect.any(String), patientId }]);
    const { call } = await signIn(auth, said.email);
    expect((await call('GET', '/api/auth/me')).body).toMatchObject({ id: body.userId, roles: ['patient'], patientId });
    expect((await waiting()).map(({ id }) => id)).not.toContain(item.id);
    expect((await confirm(item.id, patientId)).body.code).toBe('AUTH.NO_SUCH_REGISTRATION');
    expect(
      auth.published.filter(
        ({ type, data }) => type === 'user.created' && (data as { userId: string }).userId === body.userId,
      ),
    ).toHaveLength(1);
  });

  it('is confirmed once, and who did so and was not answered learns as whom', async () => {
    const { id } = await applicant();
    const key = { 'idempotency-key': randomUUID() };
    const body = { patientId: randomUUID() };
    const ask = () => desk('POST', `/api/auth/registrations/${id}/confirmation`, body, key);
    const first = await ask();
    expect(first.status).toBe(201);
    const again = await ask();
    // As a process leaves it that dies between storing and answering.
    await auth.sql.query(
      `update idempotency_key set answer = null, claimed_at = claimed_at - interval '61 seconds' where key = $1`,
      [key['idempotency-key']],
    );
    for (const { status, body } of [again, await ask()]) expect([status, body]).toEqual([201, first.body]);
  });

  it('is refused, and nothing of it stays', async () => {
    const { id, email } = await applicant();
    expect((await desk('DELETE', `/api/auth/registrations/${id}`)).status).toBe(204);
    expect((await desk('DELETE', `/api/auth/registrations/${id}`)).body.code).toBe('AUTH.NO_SUCH_REGISTRATION');
    expect((await login(email)).body.code).toBe('AUTH.BAD_CREDENTIALS');
    const { rows } = await auth.sql.query('select from registration where id = $1', [id]);
    expect(rows).toEqual([]);
    auth.clock.advanceBy(mailPauseMs);
    await applicant({ email });
  });

  it('is seen and decided by the desk and by admins alone', async () => {
    const { id } = await applicant();
    const patient = (await signIn(auth, (await buildUser(auth, { roles: ['patient'] })).email)).call;
    const doctor = (await signIn(auth, (await buildUser(auth, { roles: ['practitioner'] })).email)).call;
    for (const call of [patient, doctor]) {
      expect((await call('GET', '/api/auth/registrations')).status).toBe(403);
      expect((await confirm(id, randomUUID(), call)).status).toBe(403);
      expect((await call('DELETE', `/api/auth/registrations/${id}`)).status).toBe(403);
    }
    expect((await waiting(auth.admin)).map((each) => each.id)).toContain(id);
  });

  it('is on the audit trail, with whom it became, and its name in no event, and sealed in the store', async () => {
    const said = await applicant({ familyName: 'Zwolle-Estienne' });
    const patientId = randomUUID();
    const { userId } = (await confirm(said.id, patientId)).body;
    const { rows } = await auth.sql.query(
      'select action, subjects, outcome from audit_event where $1 = any(subjects) order by sequence',
      [said.id],
    );
    const confirmed = rows.find(({ action }) => action === 'POST /api/auth/registrations/:id/confirmation');
    expect(confirmed.subjects).toEqual(expect.arrayContaining([said.id, patientId, userId]));
    expect(rows.map(({ action }) => action)).toContain('POST /api/auth/registrations/shown');
    const another = await applicant({ familyName: 'Zwolle-Estienne' });
    const stored = await auth.sql.query('select r::text from registration r where id = $1', [another.id]);
    expect(JSON.stringify([auth.published, stored.rows])).not.toContain('Zwolle');
  });
});

describe('whether somebody is known', () => {
  it('is told by neither answer, header nor time', async () => {
    const known = (await buildUser(auth, { roles: ['patient'] })).email;
    const gone = await buildUser(auth, { roles: ['patient'] });
    await auth.admin('PATCH', `/api/auth/users/${gone.id}`, { active: false }, { 'if-match': '*' });
    const pending = (await applicant()).email;
    const of = async (email: string) => {
      const begun = performance.now();
      const { status, body, headers } = await register(application({ email }));
      const names = [...headers.keys()].filter((name) => !['date', 'x-request-id'].includes(name));
      return { ms: performance.now() - begun, seen: JSON.stringify([status, body, names]) };
    };
    const times: Record<string, number[]> = {};
    for (let round = 0; round < 7; round += 1) {
      for (const [kind, email] of Object.entries({
        known,
        gone: gone.email,
        pending,
        nobody: `${randomUUID()}@home.example`,
      })) {
        const { ms, seen } = await of(email);
        times[kind] = [...(times[kind] ?? []), ms];
        expect(JSON.parse(seen)[0]).toBe(202);
        expect(seen).toBe((await of(`${randomUUID()}@home.example`)).seen);
      }
    }
    const fastest = Object.values(times).map((all) => Math.min(...all));
    expect(Math.max(...fastest) - Math.min(...fastest)).toBeLessThan(60);
    // Only who reads the mail learns of it.
    expect((await mailTo(known)).purpose).toBe('reset');
    expect(await mailsOf(auth, gone.email)).toEqual([]);
    expect((await login(known)).status).toBe(200);
  });

  it('is told by no sign-in before the mail has come', async () => {
    const known = (await buildUser(auth, { roles: ['patient'] })).email;
    const nobody = `${randomUUID()}@home.example`;
    for (const email of [known, nobody]) await register(application({ email }));
    const answers = await Promise.all([known, nobody].map((email) => login(email, anotherPassword)));
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array(2).fill([401, 'AUTH.BAD_CREDENTIALS']),
    );
  });
});

describe('a second registration', () => {
  it('of a patient who has a login is no takeover: the desk is told of the login, and it stays as it is', async () => {
    const patientId = randomUUID();
    const owner = await buildUser(auth, { roles: ['patient'], patientId });
    const { id, email } = await applicant();
    const { status, body } = await confirm(id, patientId);
    expect([status, body.code, body.userId]).toEqual([409, 'AUTH.PATIENT_HAS_LOGIN', owner.id]);
    expect((await login(owner.email)).status).toBe(200);
    expect((await login(email)).body.code).toBe('AUTH.REGISTRATION_WAITS');
    // It is another patient after all.
    expect((await confirm(id)).status).toBe(201);
  });

  it('by who reads the same mail takes the place of the first; one by who does not changes nothing', async () => {
    const first = await applicant();
    auth.clock.advanceBy(mailPauseMs);
    await register(application({ email: first.email }));
    expect((await login(first.email)).body.code).toBe('AUTH.REGISTRATION_WAITS');
    const { code } = await mailTo(first.email);
    await show(code, anotherPassword);
    expect((await waiting()).filter(({ email }) => email === first.email)).toHaveLength(1);
    expect((await login(first.email)).body.code).toBe('AUTH.BAD_CREDENTIALS');
    expect((await login(first.email, anotherPassword)).body.code).toBe('AUTH.REGISTRATION_WAITS');
    expect((await confirm(first.id)).body.code).toBe('AUTH.NO_SUCH_REGISTRATION');
  });

  it("with somebody else's address lets in nobody but its owner, whatever they show of it", async () => {
    const owner = application();
    const theirs = 'the password of another';
    // Who names another's address has no say in how they sign in.
    const tried = await register({ ...owner, password: theirs });
    expect([tried.status, tried.body.fields[0].path]).toEqual([422, 'password']);
    await register(owner, stranger());
    const { code } = await mailTo(owner.email);
    expect((await stranger()('POST', '/api/auth/registrations/shown', { code })).status).toBe(422);
    expect((await show(code)).status).toBe(204);
    const { id } = (await waiting()).find(({ email }) => email === owner.email);
    expect((await login(owner.email, theirs)).body.code).toBe('AUTH.BAD_CREDENTIALS');
    expect((await confirm(id)).status).toBe(201);
    expect((await login(owner.email, theirs)).body.code).toBe('AUTH.BAD_CREDENTIALS');
    expect((await login(owner.email)).status).toBe(200);
  });

  it('of two at once as one patient, and of two who decide one at once, one counts', async () => {
    const patientId = randomUUID();
    const [one, other] = [await applicant(), await applicant()];
    const both = await Promise.all([confirm(one.id, patientId), confirm(other.id, patientId, auth.admin)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const third = await applicant();
    const decided = await Promise.all([
      ...Array.from({ length: 3 }, () => confirm(third.id)),
      desk('DELETE', `/api/auth/registrations/${third.id}`),
    ]);
    expect(decided.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(decided.filter(({ status }) => status === 404)).toHaveLength(3);
  });

  it('is shown with a password that suits the address; one that does not leaves the code good', async () => {
    const said = application();
    await register(said);
    const { code } = await mailTo(said.email);
    for (const [password, reason] of [
      ['short', 'TOO_SHORT'],
      ['Claire Lefèvre 1980', 'KNOWN_WORDS'],
      ['06.39.98.12.34.', 'KNOWN_WORDS'],
      [`my name is ${said.email}`, 'HOLDS_EMAIL'],
    ] as const) {
      const { status, body } = await show(code, password);
      expect([status, body.code]).toEqual([422, 'AUTH.PASSWORD_UNSUITABLE']);
      expect(body.fields).toMatchObject([{ path: 'password', code: reason }]);
    }
    expect((await waiting()).map(({ email }) => email)).not.toContain(said.email);
    expect((await show(code)).status).toBe(204);
  });

  it('is shown by its code once', async () => {
    const said = application();
    await register(said);
    const { code } = await mailTo(said.email);
    const shown = await Promise.all([show(code), show(code)]);
    expect(shown.map(({ status }) => status).sort()).toEqual([204, 401]);
    // Nor does a code of another kind show anything.
    const { id } = await buildUser(auth, { roles: ['patient'] });
    const reset = (await desk('POST', `/api/auth/users/${id}/codes`)).body.code;
    expect((await show(reset)).body.code).toBe('AUTH.NO_SUCH_CODE');
  });
});

describe('the limits of registering', () => {
  it('are some from one network address, whomever they name', async () => {
    const call = stranger();
    const known = (await buildUser(auth, { roles: ['patient'] })).email;
    const statuses = [];
    for (let nth = 0; nth < 12; nth += 1) {
      statuses.push((await register(application(nth % 2 ? { email: known } : {}), call)).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(202));
    const refused = await register(application(), call);
    expect([refused.status, refused.body.code]).toEqual([429, 'AUTH.LOCKED_OUT']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await register(application())).status).toBe(202);
    // Whoever signs in from there is not kept from it.
    expect((await call('POST', '/api/auth/login', { email: known, password: goodPassword })).status).toBe(200);
  });

  it('count what is sent all at once', async () => {
    const call = stranger();
    const sent = await Promise.all(Array.from({ length: 30 }, () => register(application(), call)));
    const statuses = sent.map(({ status }) => status);
    expect([202, 429].map((each) => statuses.filter((status) => status === each).length)).toEqual([10, 20]);
  });

  it('count a network of IPv6 as one', async () => {
    const from = (nth: number) => caller(auth.base, { 'x-forwarded-for': `2001:db8:1:2::${nth.toString(16)}` });
    const statuses = [];
    for (let nth = 1; nth <= 11; nth += 1) statuses.push((await register(application(), from(nth))).status);
    expect(statuses).toEqual([...Array(10).fill(202), 429]);
    expect((await register(application(), caller(auth.base, { 'x-forwarded-for': '2001:db8:1:3::1' }))).status).toBe(
      202,
    );
    // As do those of guesses.
    const guesses = [];
    for (let nth = 1; nth <= 31; nth += 1) {
      guesses.push((await show('7K3F-9QXM-2BTR', goodPassword, from(nth))).body.code);
    }
    expect(new Set(guesses.slice(0, 30))).toEqual(new Set(['AUTH.NO_SUCH_CODE']));
    expect(guesses[30]).toBe('AUTH.LOCKED_OUT');
  });

  it('are for who gets mails that others ask for, too: one, and the next after a wait that grows', async () => {
    const { email } = application();
    const mails = [];
    for (let minute = 0; minute <= 6; minute += 1) {
      expect((await register(application({ email }))).status).toBe(202);
      const { rows } = await auth.sql.query('select from registration where email = $1', [email]);
      mails.push(rows.length);
      auth.clock.advanceBy(60_000);
    }
    expect(mails).toEqual([1, 1, 2, 2, 2, 2, 3]);
  });

  it.each([
    ['wait for their mail', null],
    ['wait for the practice', 'now()'],
  ])('are as many as can be decided, of those who %s', async (_, shownAt) => {
    await auth.sql.query('delete from registration');
    await auth.sql.query(
      `insert into registration (id, email, password_hash, applicant_sealed, created_at, expires_at, shown_at)
       select gen_random_uuid(), 'crowd-' || n, '', '', $1, $2, ${shownAt} from generate_series(1, 999) n`,
      [began, new Date(began.getTime() + 1_000)],
    );
    onTestFinished(async () => void (await auth.sql.query("delete from registration where email like 'crowd-%'")));
    const known = (await buildUser(auth, { roles: ['patient'] })).email;
    // Whether somebody is known is not told by who finds room, either.
    if (shownAt === null) await register(application({ email: known }));
    else await applicant();
    for (const email of [known, `${randomUUID()}@home.example`]) {
      const { status, body } = await register(application({ email }));
      expect([status, body.code]).toEqual([503, 'AUTH.TOO_MANY_REGISTRATIONS']);
    }
    auth.clock.advanceBy(1_001);
    expect((await register(application())).status).toBe(202);
  });

  it('are an hour for the mail, and thirty days for the practice', async () => {
    const said = application();
    await register(said);
    const { code } = await mailTo(said.email);
    auth.clock.advanceBy(hourMs);
    expect((await show(code)).body.code).toBe('AUTH.NO_SUCH_CODE');
    auth.clock.set(began);
    const { id, email } = await applicant();
    auth.clock.advanceBy(30 * dayMs);
    expect((await login(email)).body.code).toBe('AUTH.BAD_CREDENTIALS');
    expect((await confirm(id, randomUUID(), desk)).status).not.toBe(201);
  });

  it.each([
    [{ familyName: '   ' }, 'familyName'],
    [{ givenNames: [] }, 'givenNames'],
    [{ birthDate: '1980-02-30' }, 'birthDate'],
    [{ birthDate: '2101-01-01' }, 'birthDate'],
    [{ email: 'nowhere' }, 'email'],
    [{ email: 'claire@société.example' }, 'email'],
    [{ email: 'a<claire@home.example' }, 'email'],
    [{ phone: '12' }, 'phone'],
    [{ roles: ['admin'] }, 'roles'],
    [{ patientId: randomUUID() }, 'patientId'],
  ])('leave out what cannot be: %j', async (wrong, path) => {
    const { status, body } = await register(application(wrong));
    expect([400, 422]).toContain(status);
    expect(body.fields[0].path).toContain(path);
  });
});
