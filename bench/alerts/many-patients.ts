import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@cabinet/kit/ids';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { Pool } from 'undici';
import { secret } from '../../dev/src/secrets.ts';
import { type Figure, figure, toTable } from '../figures.ts';
import { pulse, type Stand } from './stand.ts';

type Say = (text: string) => void;

/** BENCH_ALERT_PATIENTS=1000000 goes up to a million. */
const patientsMax = Number(process.env.BENCH_ALERT_PATIENTS ?? 100_000);
const sizes = [1_000, 10_000, 100_000, 1_000_000].filter((size) => size <= patientsMax);
/** As the sidecar brings them. */
const atOnce = 100;
const deliveriesAtOnce = 4;
/** So many readings are delivered at each size to see what one costs. */
const measured = 10_000;
const restMs = 10_000;

interface Size {
  patients: number;
  /** Readings a second. */
  rate: number;
  memoryMiB: number;
  bytesPerPatient: number;
}

/**
 * What each patient costs who is watched, and whether a reading costs more where very many are. Readings are brought to the service
 * as its sidecar brings them: no outbox and no broker are in these figures.
 */
export async function measureManyPatients(stand: Stand, say: Say): Promise<Figure[]> {
  const http = new Pool(stand.platform.url('alert'), { connections: deliveriesAtOnce, headersTimeout: 0 });
  const deliver = deliverTo(stand, http);
  const patients: string[] = [];
  const found: Size[] = [];
  try {
    for (const size of sizes) {
      say(`  ${size} patients ...`);
      while (patients.length < size) {
        const more = Array.from({ length: Math.min(10_000, size - patients.length) }, () => randomUUID());
        patients.push(...more);
        await deliver(more);
      }
      const began = performance.now();
      await deliver(Array.from({ length: measured }, (_, nth) => patients[(nth * 7_919) % size] as string));
      const rate = (measured * 1_000) / (performance.now() - began);
      const [memoryMiB, bytes] = [await memoryAtRest(stand), await bytesPerPatient(stand)];
      found.push({ patients: size, rate, memoryMiB, bytesPerPatient: bytes });
    }
  } finally {
    await http.close();
  }
  const figures = figuresOf(found);
  say(toTable(figures));
  return figures;
}

function figuresOf(found: Size[]): Figure[] {
  const [first] = found;
  if (!first) return [];
  return found.flatMap((each) => {
    const { patients } = each;
    const isFirst = each === first;
    const beside = (of: 'rate' | 'memoryMiB' | 'bytesPerPatient') => ({
      name: `of ${first.patients} patients`,
      value: first[of],
    });
    const flat = isFirst ? undefined : { atMost: 1.25 };
    const nearly = isFirst ? undefined : { atLeast: 0.5 };
    return [
      figure(`memory of the watch, ${patients} patients`, 'MiB', each.memoryMiB, beside('memoryMiB'), flat),
      figure(`database, for each of ${patients} patients`, 'bytes', each.bytesPerPatient, beside('bytesPerPatient')),
      figure(`readings brought to the watch alone, ${patients} patients`, '/s', each.rate, beside('rate'), nearly),
    ];
  });
}

/** Delivers a reading of each of these patients, in their order, signed as wearable signs. */
function deliverTo({ platform }: Stand, http: Pool) {
  const keys = new EventKeys(new Map([['wearable', [secret(platform.home, 'event-key-wearable')]]]));
  const headers = { 'content-type': 'application/json', 'dapr-api-token': platform.appApiToken('alert') };
  const entryOf = (patientId: string, nth: number) => {
    const at = new Date().toISOString();
    const what = { readingId: newId(), patientId, ...pulse, value: 70 + (nth % 30), effectiveAt: at, receivedAt: at };
    const event = {
      id: newId(),
      type: 'reading-taken',
      source: 'wearable',
      partitionkey: patientId,
      data: { ...what, certainty: 'sure', flags: [] },
    };
    const message = JSON.stringify({ ...event, signature: keys.sign('readings', event) });
    return {
      entryId: String(nth),
      event: Buffer.from(message).toString('base64'),
      metadata: { __partition: '0', __offset: String(nth) },
      contentType: 'application/octet-stream',
    };
  };
  const send = async (patientIds: string[]) => {
    const body = JSON.stringify({ entries: patientIds.map(entryOf) });
    const answer = await http.request({ method: 'POST', path: '/events/readings', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200)
      throw new Error(`a delivery was answered ${answer.statusCode}: ${text.slice(0, 300)}`);
  };
  return async (patientIds: string[]): Promise<void> => {
    let next = 0;
    const work = Array.from({ length: deliveriesAtOnce }, async () => {
      while (next < patientIds.length) {
        const these = patientIds.slice(next, next + atOnce);
        next += atOnce;
        await send(these);
      }
    });
    await Promise.all(work);
  };
}

/** The least within some seconds: what was needed for a moment is given back. */
async function memoryAtRest(stand: Stand): Promise<number> {
  let least = stand.memoryMiB();
  for (const until = performance.now() + restMs; performance.now() < until; ) {
    await delay(500);
    least = Math.min(least, stand.memoryMiB());
  }
  return least;
}

async function bytesPerPatient({ alerts }: Stand): Promise<number> {
  const { rows } = await alerts.query<{ bytes: string }>(
    `select (pg_total_relation_size('engine_state') + pg_total_relation_size('heard_patient'))
       / greatest(1, (select count(*) from heard_patient)) as bytes`,
  );
  return Number(rows[0]?.bytes);
}
