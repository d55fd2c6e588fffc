import { MongoClient } from 'mongodb';
import pg from 'pg';
import type { Platform } from '../dev/src/platform.ts';

/** Waits until all that the seed had to tell has been told and heard, so that nothing but the measured load runs. */
export async function atRest(platform: Platform): Promise<void> {
  const mongo = await MongoClient.connect(platform.databaseUrl('record'));
  try {
    for (;;) {
      const [patients, appointments] = [await count(platform, 'patient'), await count(platform, 'appointment')];
      const heard = await count(platform, 'patient', 'inbox');
      const records = await mongo.db().collection('medical_record').countDocuments();
      const untold = (await count(platform, 'patient', 'outbox')) + (await count(platform, 'appointment', 'outbox'));
      if (heard >= appointments && records >= patients && untold === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await mongo.close();
  }
}

/** Rows of a table, by default the one that is named as its service. */
async function count(platform: Platform, service: string, table = service): Promise<number> {
  const client = new pg.Client({ connectionString: platform.databaseUrl(service) });
  await client.connect();
  try {
    const { rows } = await client.query(`select count(*) as rows from ${table}`);
    return Number(rows[0].rows);
  } finally {
    await client.end();
  }
}
