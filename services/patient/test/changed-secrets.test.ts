import { withSecrets } from '@cabinet/kit/secrets';
import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/http.ts';
import { SidecarWithSecrets } from '../../../tests/support/secret-store.ts';
import { startForTest } from '../../../tests/support/service.ts';
import { type Overrides, startPatient } from '../src/app.js';
import { type Config, readConfig } from '../src/config.js';
import { buildPatient } from './support.ts';

const [first, second] = ['the first key that seals in this test', 'the second key that follows the first'];
const keys = (key: string) => ({ AUDIT_KEYS: key, EVENT_KEYS: `patient=${key}` });

async function client(url: string): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  onTestFinished(() => pool.end());
  return pool;
}

it('secrets that change in the store are used without a restart and without a failed request', async () => {
  const databaseUrl = await createDatabase('patient');
  const role = new URL(databaseUrl).username;
  const admin = await client(inject('postgresAdminUrl'));
  await using sidecar = await SidecarWithSecrets.make();
  sidecar.put({ patient: { DATABASE_URL: databaseUrl, ...keys(first) } });
  const settings = { APP_PORT: '0', JWKS_URL: 'http://127.0.0.1:1/not-asked', LOG_LEVEL: 'silent' };
  // It begins without its sidecar, and waits for it.
  const reading = withSecrets('patient', { ...settings, ...sidecar.environment, SECRETS_EVERY_SECONDS: '0.2' });
  await sidecar.start();
  const config = readConfig({ ...(await reading), CABINET_MODE: 'demonstration' });
  const { APP_API_TOKEN, JWKS_URL, ...read } = config;
  const service = await startForTest<Config, Overrides>(startPatient, {
    databaseUrl: config.DATABASE_URL,
    settings: read,
  });
  onTestFinished(() => service.stop());
  const secretary = await service.as({ roles: ['secretary'] });

  const asked = { answered: 0, failures: [] as unknown[] };
  let goesOn = true;
  onTestFinished(() => {
    goesOn = false;
  });
  const load = Array.from({ length: 4 }, async () => {
    while (goesOn) {
      const { status, body } = await secretary('POST', '/api/patients', buildPatient());
      if (status === 201) asked.answered += 1;
      else asked.failures.push(body);
    }
  });
  const many = async () => {
    const { answered } = asked;
    await until(() => asked.answered > answered + 20 || asked.failures.length > 0);
  };
  const sql = await client(databaseUrl);
  const sealedBy = async () => (await sql.query('select distinct key_id from audit_event')).rows.length;
  await many();
  expect(await sealedBy()).toBe(1);

  await admin.query(`create role ${role}_b login password 'another' in role ${role}`);
  await admin.query(`alter role ${role}_b set role ${role}`);
  const DATABASE_URL = Object.assign(new URL(databaseUrl), { username: `${role}_b`, password: 'another' }).href;
  sidecar.put({ patient: { DATABASE_URL, ...keys(`${second}|${first}`) } });
  await sidecar.stop();
  // Who runs goes on while the store is away.
  await many();
  await sidecar.start();
  await until(async () => (await sealedBy()) === 2);
  await admin.query(`alter role ${role} nologin`);
  await many();

  // What is malformed changes nothing.
  sidecar.put({ patient: { DATABASE_URL, AUDIT_KEYS: 'short', EVENT_KEYS: `patient=${second}` } });
  await sidecar.stop();
  await sidecar.start();
  await many();
  goesOn = false;
  await Promise.all(load);
  expect(asked.failures).toEqual([]);

  // A connection that is new signs in by the new login: as many are wanted at once as there may be.
  const sessions = async () => {
    await Promise.all(Array.from({ length: 20 }, () => secretary('POST', '/api/patients', buildPatient())));
    const { rows } = await admin.query(`select distinct usename from pg_stat_activity where usename like '${role}%'`);
    return rows.map(({ usename }) => usename);
  };
  await until(async () => (await sessions()).includes(`${role}_b`));
}, 180_000);

it('a secret that is not in the store stops the start with a sentence', async () => {
  await using sidecar = await SidecarWithSecrets.make();
  sidecar.put({ auth: { KEY: 'of another' } });
  await sidecar.start();
  await expect(withSecrets('patient', sidecar.environment)).rejects.toThrow(
    'SECRET_STORE: there is no secret "patient" of the store "secrets"; put it there, under this name',
  );
}, 60_000);
