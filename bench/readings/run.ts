import { CompressionTypes } from 'kafkajs';
import { type Figure, figure, median, pairedFigure, toTable, within } from '../figures.ts';
import { Stand } from './stand.ts';

type Say = (text: string) => void;

const day = 86_400_000;
/** Smaller for a trial: BENCH_READINGS=200000 BENCH_EXPORT_MIB=32. */
const readingsInAll = Number(process.env.BENCH_READINGS ?? 10_000_000);
const exportMiB = Number(process.env.BENCH_EXPORT_MIB ?? 1_024);
const ingested = Math.min(readingsInAll, 60_000);
const senders = 8;
const batch = 1_000;

/** What wearable takes in, and how fast it draws what it has. */
export async function measureReadings(say: Say): Promise<Figure[]> {
  say('start ...');
  await using stand = await Stand.start();
  const figures: Figure[] = [];
  const measured = (...found: Figure[]) => {
    figures.push(...found);
    say(toTable(found));
  };
  say(`ingest of ${ingested} readings ...`);
  measured(await measureIngest(stand));
  say(`an export of ${exportMiB} MiB ...`);
  measured(...(await measureExport(stand)));
  say(`curves among ${readingsInAll} readings ...`);
  measured(...(await measureCurves(stand)));
  return figures;
}

const readingAt = (ms: number, value: number) => ({
  code: '8867-4',
  value,
  unit: '/min',
  effectiveAt: new Date(ms).toISOString(),
});

/** Readings of as many people as there are senders, in batches. */
function batchesFor(round: number): object[][] {
  const count = Math.ceil(ingested / senders / batch);
  const first = Date.now() - (round + 1) * 3 * day;
  return Array.from({ length: count }, (_, nth) =>
    Array.from({ length: batch }, (_, at) => readingAt(first + (nth * batch + at) * 10_000, 60 + (at % 40))),
  );
}

/**
 * The same client sends the same readings to the service, which answers when they are stored with what is told of them, and to Kafka, one
 * message each, acknowledged by the broker.
 */
async function measureIngest(stand: Stand): Promise<Figure> {
  const producer = stand.kafka.producer();
  await producer.connect();
  const rounds: { service: number; plain: number }[] = [];
  try {
    for (let round = 0; round < 3; round += 1) {
      const people = await Promise.all(Array.from({ length: senders }, () => stand.patient()));
      const batches = batchesFor(round);
      const rate = async (send: (person: (typeof people)[number], readings: object[]) => Promise<unknown>) => {
        const began = performance.now();
        await Promise.all(
          people.map(async (person) => {
            for (const readings of batches) await send(person, readings);
          }),
        );
        return (people.length * batches.length * batch * 1_000) / (performance.now() - began);
      };
      const plain = await rate(({ patientId }, readings) =>
        producer.send({
          topic: 'plain',
          acks: -1,
          compression: CompressionTypes.None,
          messages: readings.map((reading) => ({ key: patientId, value: JSON.stringify(reading) })),
        }),
      );
      const service = await rate(async ({ patientId, request }, readings) => {
        while ((await request('POST', '/api/readings', { patientId, readings })).status === 429);
      });
      rounds.push({ service, plain });
    }
  } finally {
    await producer.disconnect();
  }
  const peer = { name: 'plain Kafka', values: rounds.map(({ plain }) => plain) };
  return pairedFigure(
    'readings taken',
    '/s',
    rounds.map(({ service }) => service),
    peer,
    { atLeast: 0.5 },
  );
}

const head = '<?xml version="1.0"?>\n<!DOCTYPE HealthData []>\n<HealthData locale="fr_FR">\n';
const partBytes = 4 * 1024 * 1024;

/** As watches write them: one record in four is of something that is kept here. */
function recordsOf(part: number): string {
  const lines: string[] = [];
  const begin = Date.parse('2016-01-01T00:00:00Z');
  for (let bytes = 0, nth = 0; bytes < partBytes - 2_000; nth += 1) {
    const at = new Date(begin + (part * 12_000 + nth) * 30_000).toISOString().replace('T', ' ').slice(0, 19);
    const kind = nth % 4 === 0 ? 'HKQuantityTypeIdentifierHeartRate' : 'HKQuantityTypeIdentifierFlightsClimbed';
    const line = ` <Record type="${kind}" sourceName="Montre" sourceVersion="10.1" device="&lt;&lt;HKDevice: 0x${nth.toString(16)}&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2&gt;" unit="count/min" creationDate="${at} +0100" startDate="${at} +0100" endDate="${at} +0100" value="${60 + (nth % 40)}">\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="0"/>\n </Record>\n`;
    lines.push(line);
    bytes += line.length;
  }
  return lines.join('');
}

async function measureExport(stand: Stand): Promise<Figure[]> {
  const { patientId, request } = await stand.patient();
  const begun = JSON.parse(
    (await request('POST', '/api/readings/imports', { patientId, format: 'apple-health' })).text,
  );
  const began = performance.now();
  let offset = 0;
  const send = async (text: string, isLast: boolean) => {
    const bytes = Buffer.from(text);
    const path = `/api/readings/import?importId=${begun.id}&offset=${offset}&isLast=${isLast}`;
    while ((await request('POST', path, bytes)).status === 429);
    offset += bytes.length;
  };
  await send(head, false);
  for (let part = 0; offset < exportMiB * 1024 * 1024; part += 1) await send(recordsOf(part), false);
  await send('</HealthData>\n', true);
  const seconds = (performance.now() - began) / 1_000;
  return [
    within(`memory of the service, an export of ${exportMiB} MiB`, 'MiB', stand.memoryPeakMiB(), 512),
    figure('an export, read and stored', 'MiB/s', exportMiB / seconds, { name: 'nothing', value: 1 }),
  ];
}

/** People with a reading a minute for a year, until there are as many as wanted. */
async function fill(stand: Stand, patientId: string): Promise<Date> {
  const each = Math.min(365 * 1_440, readingsInAll);
  const to = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const people = Math.max(1, Math.round(readingsInAll / each));
  for (let nth = 0; nth < people; nth += 1) {
    const { rows } = await stand.sql.query(
      `with whose as (select ${nth === 0 ? '$1::uuid' : 'gen_random_uuid()'} as id${nth === 0 ? '' : ' where $1::uuid is not null'}),
         tracked as (insert into track (patient_id, code) select id, '8867-4' from whose returning id),
         made as (insert into origin (patient_id, name) select id, 'Montre' from whose returning id)
       select tracked.id as track, made.id as origin from tracked, made`,
      [patientId],
    );
    const { track, origin } = rows[0];
    await stand.sql.query(
      `insert into reading (effective_at, received_at, value, content_hash, id, identity, track_id, origin_id, offset_minutes, version,
         flags, certainty)
       select $3::timestamptz - n * interval '1 minute', now(), 60 + n % 40, n, gen_random_uuid(), gen_random_uuid(), $1, $2, 60, 1, 0, 0
       from generate_series(1, $4::int) as n`,
      [track, origin, to, each],
    );
    await stand.sql.query(
      `insert into reading_hour (hour, low, high, total, track_id, origin_id, count)
       select date_trunc('hour', effective_at), min(value), max(value), sum(value), track_id, origin_id, count(*)
       from reading where track_id = $1 group by 1, track_id, origin_id`,
      [track],
    );
  }
  await stand.sql.query('vacuum analyze reading, reading_hour');
  return to;
}

async function measureCurves(stand: Stand): Promise<Figure[]> {
  const { patientId, request } = await stand.patient();
  const to = await fill(stand, patientId);
  const of = async (resolution: string, days: number): Promise<number> => {
    const taken: number[] = [];
    for (let nth = 0; nth < 25; nth += 1) {
      // Another one each time: the database remembers pages, and nobody remembers answers.
      const until = to.getTime() - nth * 3_600_000;
      const [from, end] = [until - days * day, until].map((ms) => new Date(ms).toISOString()) as [string, string];
      const query = new URLSearchParams({ patientId, code: '8867-4', from, to: end, resolution });
      const began = performance.now();
      const { text } = await request('GET', `/api/readings?${query}`);
      if (nth >= 5) taken.push(performance.now() - began);
      if (!text.includes('"at"')) throw new Error(`there is no curve: ${text.slice(0, 200)}`);
    }
    return median(taken);
  };
  return [
    within('a year by days', 'ms', await of('daily', 365), 100),
    within('a year by hours', 'ms', await of('hourly', 365), 100),
    within('a week as it was', 'ms', await of('raw', 7), 100),
  ];
}
