import { auditCollection, mongoAuditEvents } from '@cabinet/mongo/audit';
import { auditEvents, witnessedEvents } from '@cabinet/postgres/audit';
import { AuditKeys, type SealedEvent } from '@cabinet/service/audit/chain';
import { type ChainVerdict, type KnownHead, verifyChain } from '@cabinet/service/audit/verify';
import { readWitnessed } from '@cabinet/service/audit/witness';
import { MongoClient } from 'mongodb';
import pg from 'pg';

/** Where a service's audit trail is, and what seals it (`AUDIT_KEYS`). */
export interface TrailPlace {
  service: string;
  url: string;
  keys: string;
}

/** One trail, open to be read. */
interface OpenTrail {
  service: string;
  keys: AuditKeys;
  pages(): AsyncIterable<SealedEvent[]>;
  witnessed(): Promise<SealedEvent[]>;
  close(): Promise<void>;
}

/**
 * Walks all trails, and compares each with what the others and `noted` say of it.
 * @param noted heads that were kept elsewhere, by service
 */
export async function verifyTrails(
  places: TrailPlace[],
  noted: Record<string, KnownHead[]> = {},
): Promise<Record<string, ChainVerdict>> {
  await using open = new AsyncDisposableStack();
  const trails: OpenTrail[] = [];
  for (const place of places) {
    const trail = await openTrail(place);
    open.defer(() => trail.close());
    trails.push(trail);
  }
  const known = new Map(trails.map(({ service }) => [service, [...(noted[service] ?? [])]]));
  for (const trail of trails) {
    for (const { witnessed = '', at } of await trail.witnessed()) {
      const { service, ...head } = readWitnessed(witnessed);
      known.get(service)?.push({ ...head, at, by: trail.service });
    }
  }
  const verdicts: Record<string, ChainVerdict> = {};
  for (const trail of trails) {
    verdicts[trail.service] = await verifyChain(trail.pages(), trail.keys, known.get(trail.service));
  }
  return verdicts;
}

async function openTrail({ service, url, keys }: TrailPlace): Promise<OpenTrail> {
  const opened = url.startsWith('mongodb') ? await onMongo(url) : await onPostgres(url);
  return { service, keys: new AuditKeys(service, keys.split('|')), ...opened };
}

type Opened = Pick<OpenTrail, 'pages' | 'witnessed' | 'close'>;

async function onPostgres(url: string): Promise<Opened> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const execute = async (sql: string) => (await client.query(sql)).rows;
  return {
    pages: () => auditEvents(execute),
    witnessed: () => witnessedEvents(execute),
    close: () => client.end(),
  };
}

async function onMongo(url: string): Promise<Opened> {
  const client = await MongoClient.connect(url);
  const events = client.db().collection<SealedEvent & { _id: string }>(auditCollection);
  const page = (after: string, limit: number) =>
    events
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  return {
    pages: () => mongoAuditEvents(page),
    witnessed: () => events.find({ witnessed: { $exists: true } }).toArray(),
    close: () => client.close(),
  };
}
