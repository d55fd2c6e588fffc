import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../tests/support/database.ts';
import type { Home } from '../src/home.ts';
import { Progress } from '../src/progress.ts';
import { seededServices } from '../src/seed/index.ts';
import { seedOnce } from '../src/seed/once.ts';
import { temporaryHome } from '../src/testing.ts';

let home: Home;
let asked: string[];
let said: string[];
/** The gateway's answers, in turn; then only refusals. */
let answers: [status: number, body: object][];
let platform: Parameters<typeof seedOnce>[0];
let register: (table: string) => Promise<void>;

const refused: [number, object] = [401, { code: 'AUTH.WRONG', title: 'Wrong' }];
const signedIn: [number, object] = [200, { accessToken: 'token' }];
const progress = new Progress((event) => {
  if (event.type === 'say') said.push(event.text);
});

beforeEach(async () => {
  home = temporaryHome();
  [asked, said, answers] = [[], [], []];
  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    const [status, body] = answers.shift() ?? refused;
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = await createDatabase('seed');
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await query('create table practitioner (id int); create table patient (id int)');
  register = (table) => query(`insert into ${table} values (1)`);
  platform = {
    home,
    services: seededServices,
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    databaseUrl: () => url,
  };
});

it.each(['practitioner', 'patient'])('leaves a practice alone that has a %s, and signs in as nobody', async (table) => {
  await register(table);
  await seedOnce(platform, true, progress);
  expect([asked, said]).toEqual([[], []]);
});

it('never seeds a practice that began without it', async () => {
  await seedOnce(platform, false, progress);
  await seedOnce(platform, true, progress);
  expect(asked).toEqual([]);
});

it('seeds no practice in production, where nobody has the password of the demonstration', async () => {
  const before = process.env.CABINET_MODE;
  process.env.CABINET_MODE = 'production';
  await seedOnce(platform, true, progress).finally(() => {
    if (before === undefined) delete process.env.CABINET_MODE;
    else process.env.CABINET_MODE = before;
  });
  expect(asked).toEqual([]);
  expect(said).toEqual(['Nothing is seeded: in production there are no logins that everybody knows.']);
});

it('says that it cannot sign in, and seeds nobody who came meanwhile', async () => {
  await seedOnce(platform, true, progress);
  expect(asked).toEqual(['POST /api/auth/login']);
  expect(said).toEqual([
    expect.stringMatching(
      /^The demonstration practice is not complete: POST \/api\/auth\/login answered 401 .*\nAlice and Dr Bernard are linked to nobody/,
    ),
  ]);
  await register('patient');
  await seedOnce(platform, true, progress);
  expect(asked).toHaveLength(1);
});

it('goes on where it was cut short, and not once it is done', async () => {
  const broken: [number, object] = [500, { code: 'INTERNAL' }];
  answers = [signedIn, [200, { items: [] }], broken];
  await seedOnce(platform, true, progress);
  expect(asked.at(-1)).toBe('POST /api/practitioners/import');
  await register('practitioner');
  answers = [signedIn, [200, { items: [{ email: 'alice@cabinet.test', patientId: 'p' }] }]];
  await seedOnce(platform, true, progress);
  const sofar = asked.length;
  expect(sofar).toBe(5);
  await seedOnce(platform, true, progress);
  expect(asked).toHaveLength(sofar);
});
