import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { workTree } from '../../dev/cache.mjs';
import { startPlatform } from '../../dev/src/background.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { removeOldHomes } from '../../dev/src/test-servers.ts';
import { until } from './http.ts';

/** Brings up the whole platform once, in a home of its own and on free ports; `platform.ts` hands it to the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeOldHomes();
  const home = join(workTree, '.cabinet/tests', `platform-${process.pid}`);
  const platform = await startPlatform({ home, ports: 'free', build: false });
  await seedIsTold(platform).catch(async (error) => {
    // Else it would run on, with nobody to stop it.
    await platform.down();
    throw error;
  });
  project.provide('platformHome', home);
  // Few, and always the same, where the kills are one test among many.
  const { CABINET_KILLS: kills = '4', CABINET_SEED: seed = '1', CABINET_REMINDERS: reminders = '400' } = process.env;
  project.provide('killing', { kills: Number(kills), seed: Number(seed), reminders: Number(reminders) });
  return async () => {
    await platform.down();
    rmSync(home, { recursive: true, force: true });
  };
}

/** Waits until every registration of the seed has been told and has opened its record: tests start on a system at rest. */
async function seedIsTold(platform: Platform): Promise<void> {
  const sql = new pg.Client({ connectionString: platform.databaseUrl('patient') });
  const mongo = await MongoClient.connect(platform.databaseUrl('record'));
  await sql.connect();
  try {
    await until(async () => {
      const { rows } = await sql.query(
        'select (select count(*) from patient) as patients, (select count(*) from outbox) as untold',
      );
      const records = await mongo.db().collection('medical_record').countDocuments();
      return rows[0].untold === '0' && records >= Number(rows[0].patients);
    }, 900_000);
  } finally {
    await sql.end();
    await mongo.close();
  }
}

declare module 'vitest' {
  export interface ProvidedContext {
    platformHome: string;
    killing: { kills: number; seed: number; reminders: number };
  }
}
