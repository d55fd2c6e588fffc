import { auditCollection, mongoAuditEvents } from '@cabinet/mongo/audit';
import { auditEvents } from '@cabinet/postgres/audit';
import { type ChainVerdict, type SealedEvent, verifyChain } from '@cabinet/service/audit/chain';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { Platform } from '../../dev/src/platform.ts';
import { Problem } from '../../dev/src/problem.ts';
import { readProcesses } from '../../dev/src/processes.ts';

/**
 * Recomputes the hash chain of each service's audit trail and shows whether it is whole, with its head: a head that was
 * noted elsewhere shows later whether the end was cut off.
 * @returns the exit code: 1 when a chain is broken
 */
export async function verifyAudit(json: boolean): Promise<number> {
  const platform = Platform.running();
  if (!platform) throw new Problem('Cabinet is not running: npm run up starts it.');
  const verdicts = await verifiedChains(platform);
  if (json) console.log(JSON.stringify(verdicts, null, 2));
  else
    for (const [service, verdict] of Object.entries(verdicts)) console.log(`${service.padEnd(12)} ${inWords(verdict)}`);
  return Object.values(verdicts).every(({ isWhole }) => isWhole) ? 0 : 1;
}

/** The verdict on the chain of each service that keeps a trail. */
export async function verifiedChains(platform: Platform): Promise<Record<string, ChainVerdict>> {
  const verdicts: Record<string, ChainVerdict> = {};
  for (const { name, audited } of readProcesses()) {
    if (audited) verdicts[name] = await verdictOf(platform.databaseUrl(name));
  }
  return verdicts;
}

const verdictOf = (url: string): Promise<ChainVerdict> => (url.startsWith('mongodb') ? onMongo(url) : onPostgres(url));

async function onPostgres(url: string): Promise<ChainVerdict> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await verifyChain(auditEvents(async (sql) => (await client.query(sql)).rows));
  } finally {
    await client.end();
  }
}

async function onMongo(url: string): Promise<ChainVerdict> {
  const client = await MongoClient.connect(url);
  try {
    const events = client.db().collection<SealedEvent & { _id: string }>(auditCollection);
    const page = (after: string, limit: number) =>
      events
        .find({ _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
    return await verifyChain(mongoAuditEvents(page));
  } finally {
    await client.close();
  }
}

const inWords = ({ isWhole, events, brokenAt, head }: ChainVerdict): string =>
  isWhole ? `whole   ${events} events   head ${head}` : `BROKEN at event ${brokenAt}, whole until ${events}`;
