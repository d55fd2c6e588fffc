import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PostgresAuditTrail } from '@cabinet/postgres/audit';
import { auditTable, auditTableInParts } from '@cabinet/postgres/audit-tables';
import { type Orm, openDatabase } from '@cabinet/postgres/orm';
import { AuditKeys, chainStart, type Head, type SealedEvent, seal } from '@cabinet/service/audit/chain';
import { verifyChain } from '@cabinet/service/audit/verify';
import pg from 'pg';
import { startTestServers, templateDatabase } from '../../dev/src/test-servers.ts';
import { verifyTrails } from '../../operations/src/audit-trails.ts';
import { PatientSchema } from '../../services/patient/dist/data/patient.schema.js';
import { type Figure, figure, median, toTable, within } from '../figures.ts';
import { auditSecret, buildEvent } from './events.ts';
import { measureReads } from './reads.ts';

type Say = (text: string) => void;

const verified = 300_000;
const searched = Number(process.env.BENCH_AUDIT_EVENTS ?? 10_000_000);
const writingMs = 8_000;

/** The audit trail on PostgreSQL: how fast it is written, verified and searched, and what it costs a read. */
export async function measureAudit(say: Say): Promise<Figure[]> {
  say('start ...');
  const servers = await startTestServers();
  const createDatabase = async (name: string): Promise<string> => {
    const admin = new pg.Client({ connectionString: servers.postgresAdminUrl });
    await admin.connect();
    await admin.query(`create database ${name} template ${templateDatabase}`);
    await admin.end();
    const url = new URL(servers.postgresAdminUrl);
    url.pathname = name;
    return url.href;
  };
  try {
    const figures: Figure[] = [];
    const measured = (...found: Figure[]) => {
      figures.push(...found);
      say(toTable(found));
    };
    say('reads with and without ...');
    measured(...(await measureReads(createDatabase)));
    say('writing ...');
    measured(await measureWriting(createDatabase));
    say('verify ...');
    measured(await measureVerifying(createDatabase));
    say(`search in ${searched} events ...`);
    measured(...(await measureSearch(createDatabase, say)));
    return figures;
  } finally {
    await servers.stop();
  }
}

type CreateDatabase = (name: string) => Promise<string>;

async function withTable<T>(url: string, work: (orm: Orm) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(auditTable);
  await client.query(auditTableInParts);
  await client.end();
  const orm = openDatabase({ url, entities: [PatientSchema], migrations: [] });
  try {
    return await work(orm);
  } finally {
    await orm.close(true);
  }
}

/** Two processes that write the same chain at once, beside two that insert the same lines with neither chain nor key. */
async function measureWriting(createDatabase: CreateDatabase): Promise<Figure> {
  const url = await createDatabase('bench_audit_writing');
  await withTable(url, async (orm) => {
    await orm.em.fork().execute('create table plain_event as select * from audit_event limit 0');
  });
  const rounds: { chain: number; plain: number }[] = [];
  for (let round = 0; round < 3; round += 1) {
    rounds.push({ plain: await writeTogether(url, 'plain'), chain: await writeTogether(url, 'chain') });
  }
  const verdict = (await verifyTrails([{ service: 'bench', url, keys: auditSecret }])).bench;
  if (!verdict?.isWhole) throw new Error(`the chain of two writers is broken: ${JSON.stringify(verdict?.faults[0])}`);
  const plain = median(rounds.map((each) => each.plain));
  const chain = median(rounds.map((each) => each.chain));
  return figure('audit events written by two processes', '/s', chain, { name: 'without chain', value: plain });
}

async function writeTogether(url: string, kind: 'chain' | 'plain'): Promise<number> {
  const writers = [1, 2].map(() =>
    spawn(process.execPath, [join(import.meta.dirname, 'writer-process.ts'), kind, String(writingMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, DATABASE_URL: url },
    }),
  );
  const counts = await Promise.all(writers.map(countOf));
  return (counts.reduce((sum, each) => sum + each, 0) / writingMs) * 1_000;
}

const countOf = async (writer: ChildProcess): Promise<number> =>
  Number(String((await once(writer.stdout as NodeJS.ReadableStream, 'data'))[0]));

/** Events of a real trail in a second of this process's processor, beside the same in memory: hashing alone. */
async function measureVerifying(createDatabase: CreateDatabase): Promise<Figure> {
  const url = await createDatabase('bench_audit_verifying');
  const keys = new AuditKeys('bench', [auditSecret]);
  await withTable(url, async (orm) => {
    const trail = new PostgresAuditTrail(orm, keys);
    for (let n = 0; n < verified; n += 5_000) {
      await Promise.all(Array.from({ length: 5_000 }, (_, more) => trail.append(buildEvent(n + more))));
    }
  });
  const chain: SealedEvent[] = [];
  for (let n = 0, last: Head = chainStart; n < verified; n += 1) {
    const next = seal(buildEvent(n), last, keys);
    chain.push(next);
    last = next;
  }
  const hashing: number[] = [];
  const verifying: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    hashing.push(await perSecond(async () => (await verifyChain([chain], keys)).events));
    verifying.push(
      await perSecond(async () => {
        const { bench } = await verifyTrails([{ service: 'bench', url, keys: auditSecret }]);
        if (!bench?.isWhole) throw new Error('the trail of the benchmark is broken');
        return bench.events;
      }),
    );
  }
  const name = `events verified in a second of one core, hashing alone ${Math.round(median(hashing))}`;
  return figure(name, '/s', median(verifying), { name: 'wanted', value: 100_000 }, { atLeast: 1 });
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  const events = await work();
  const { user, system } = process.cpuUsage(before);
  return (events / (user + system)) * 1_000_000;
}

const questions = {
  'a patient': { subjects: ['patient-4711'] },
  'somebody seen in one event of ten': { subjects: ['practitioner-3'] },
  'nobody known': { subjects: ['patient-none'] },
  'an actor': { actor: 'user-17' },
  'a rare action': { action: 'POST /api/patients/:id/erase' },
  'an actor and a rare action': { actor: 'user-17', action: 'POST /api/patients/:id/erase' },
  'a day two years ago': { from: new Date('2024-11-22'), to: new Date('2024-11-23') },
  'a patient within a month': { subjects: ['patient-4711'], from: new Date('2024-11-01'), to: new Date('2024-12-01') },
  'the latest': {},
};

async function measureSearch(createDatabase: CreateDatabase, say: Say): Promise<Figure[]> {
  const url = await createDatabase('bench_audit_search');
  return withTable(url, async (orm) => {
    const execute = (sql: string) => orm.em.fork().execute(sql);
    const step = 500_000;
    for (let from = 1; from <= searched; from += step) {
      await execute(`select make_audit_part(${from}), make_audit_part(${from + step})`);
      await execute(generate(from, Math.min(from + step - 1, searched)));
      if (from % 2_000_000 === 1) say(`  ${from + step - 1} ...`);
    }
    await execute('vacuum analyze audit_event');
    const trail = new PostgresAuditTrail(orm, new AuditKeys('bench', [auditSecret]));
    const figures: Figure[] = [];
    for (const [name, question] of Object.entries(questions)) {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const begun = performance.now();
        await trail.find({ ...question, limit: 51 });
        times.push(performance.now() - begun);
      }
      figures.push(
        within(`50 of ${searched / 1e6} M audit events, of ${name}, slowest of 5`, 'ms', Math.max(...times), 1_000),
      );
    }
    return figures;
  });
}

/** Events of three years: 50 users, 20,000 patients, ten practitioners, of whom each event concerns one of each. */
const generate = (from: number, to: number): string => `
  insert into audit_event (sequence, at, actor, roles, purpose, action, subjects, outcome, request_id, key_id, hash)
  select n, timestamptz '2023-11-22' + n * interval '${Math.floor((3 * 365 * 86_400_000) / searched)} milliseconds', 'user-' || n % 50,
    '{practitioner}', 'TREAT', case when n % 1000000 = 17 then 'POST /api/patients/:id/erase' else 'GET /api/patients/:id' end,
    array['patient-' || (n * 7919 % 20000), 'practitioner-' || n % 10], 200, 'r' || n, '00000000', md5(n::text) || md5(n::text)
  from generate_series(${from}::bigint, ${to}::bigint) n`;
