import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { type Figure, figure, percentile, within } from '../figures.ts';
import { pulse, type Stand } from './stand.ts';

type Say = (text: string) => void;

/** What is sent each second, one level after the other, until it does not hold; smaller for a trial: BENCH_ALERT_RATES=200,400. */
const rates = (process.env.BENCH_ALERT_RATES ?? '1000,2000,3000,4000,6000,8000').split(',').map(Number);
const seconds = Number(process.env.BENCH_ALERT_SECONDS ?? 20);
const senders = 2_000;
/** A device brings what it measured since the last time, not each reading by itself. */
const atOnce = 10;
/** Each so many times what a device brings rings by its last reading; the next time it is over. */
const ringsEvery = 5;
const wantedRate = 1_000;
const p99MsMax = 1_000;
/** Longer nobody waits for what was to ring. */
const drainMsMax = 60_000;

interface Sender {
  token: string;
  sent: number;
}

interface Level {
  rate: number;
  /** Readings a second that were accepted. */
  accepted: number;
  refused: number;
  rang: number;
  /** Readings that were to ring and did not, before one stopped waiting. */
  missed: number;
  p50: number;
  p99: number;
}

/**
 * From the answer that a device's reading is taken until its alert can be read from the database by somebody else: by the outbox, a
 * sidecar, the broker, the other sidecar and the engine. Who sends does not wait for answers, so that a pause is not hidden; who sends
 * and who looks share the machine with all of it.
 */
export async function measureLatency(stand: Stand, say: Say): Promise<Figure[]> {
  const people = await pairDevices(stand);
  const http = new Pool(stand.platform.url('wearable'), { connections: 64 });
  try {
    say('warm ...');
    await runLevel(stand, http, people, 300, 10);
    const levels: Level[] = [];
    for (const rate of rates) {
      const level = await runLevel(stand, http, people, rate, seconds);
      levels.push(level);
      say(described(level));
      if (!holds(level)) break;
    }
    return figuresOf(levels);
  } finally {
    await http.close();
  }
}

const holds = ({ rate, accepted, refused, missed, p99 }: Level): boolean =>
  accepted >= 0.95 * rate && refused === 0 && missed === 0 && p99 < p99MsMax;

const described = ({ rate, accepted, refused, rang, missed, p50, p99 }: Level): string =>
  `  ${rate}/s: ${Math.round(accepted)}/s accepted, ${refused} requests refused, ${rang} rang, ${missed} did not; ` +
  `accepted to stored ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms`;

function figuresOf(levels: Level[]): Figure[] {
  const held = levels.filter(holds);
  const failed = levels.find((level) => !holds(level));
  const wanted = levels.find(({ rate }) => rate === wantedRate);
  const most = Math.max(0, ...held.map(({ rate }) => rate));
  const end = failed ? `no longer at ${failed.rate}` : 'and more was not tried';
  const figures = [
    figure(`readings at which that holds, ${end}`, '/s', most, { name: 'wanted', value: wantedRate }, { atLeast: 1 }),
  ];
  if (!wanted) return figures;
  const name = `reading accepted to alert stored, p99 at ${wantedRate} a second, ${atOnce} in a request`;
  return [
    within(name, 'ms', wanted.p99, p99MsMax),
    figure('the same, half of them', 'ms', wanted.p50, { name: 'p99', value: wanted.p99 }),
    ...figures,
  ];
}

/** Devices that are with somebody each since yesterday, as the practice pairs them. */
async function pairDevices({ readings: sql }: Stand): Promise<Sender[]> {
  const made = Array.from({ length: senders }, () => {
    const token = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(token).digest('base64url');
    return { token, row: { id: randomUUID(), hash, pairing: randomUUID(), patient: randomUUID() } };
  });
  const rows = JSON.stringify(made.map(({ row }) => row));
  const from = 'jsonb_to_recordset($1::jsonb) as row (id uuid, hash text, pairing uuid, patient uuid)';
  await sql.query(
    `insert into device (id, name, token_hash, created_at) select id, 'Montre', hash, now() from ${from}`,
    [rows],
  );
  await sql.query(
    `insert into pairing (id, device_id, patient_id, certainty, since)
     select pairing, id, patient, 'sure', now() - interval '1 day' from ${from}`,
    [rows],
  );
  // Not all of them ring at the same time.
  return made.map(({ token }, nth) => ({ token, sent: nth % ringsEvery }));
}

/** What it measured in the seconds until now, a moment apart. */
function batchOf(sender: Sender): { body: string; rings: boolean } {
  sender.sent += 1;
  const rings = sender.sent % ringsEvery === 0;
  const now = Date.now();
  const readings = Array.from({ length: atOnce }, (_, nth) => ({
    ...pulse,
    value: rings && nth === atOnce - 1 ? 150 : 70 + nth,
    effectiveAt: new Date(now - (atOnce - 1 - nth)).toISOString(),
  }));
  return { body: JSON.stringify({ readings }), rings };
}

async function runLevel(stand: Stand, http: Pool, people: Sender[], rate: number, forSeconds: number): Promise<Level> {
  const acceptedAt = new Map<string, number>();
  const storedAt = new Map<string, number>();
  const looking = new AbortController();
  const looked = lookForAlerts(stand, storedAt, looking.signal);
  looked.catch(() => looking.abort());
  const failures: unknown[] = [];
  let [accepted, refused, lastAt] = [0, 0, 0];
  const send = async (sender: Sender) => {
    const { body, rings } = batchOf(sender);
    const headers = { 'content-type': 'application/json', 'device-token': sender.token };
    const answer = await http.request({ method: 'POST', path: '/api/readings/from-device', headers, body });
    const said = (await answer.body.json()) as { stored: number; outcomes: { readingId?: string }[] };
    if (answer.statusCode !== 202) {
      refused += 1;
      return;
    }
    lastAt = performance.now();
    accepted += said.stored;
    const last = said.outcomes.at(-1)?.readingId;
    if (rings && last) acceptedAt.set(last, lastAt);
  };
  const requests = Math.round((rate * forSeconds) / atOnce);
  const everyMs = (atOnce * 1_000) / rate;
  const began = performance.now();
  const sent: Promise<void>[] = [];
  // Each begins at its time, whatever became of those before; a device has one request under way, as there are so many of them.
  for (let nth = 0; nth < requests; nth += 1) {
    const early = began + nth * everyMs - performance.now();
    if (early > 1) await delay(early);
    sent.push(send(people[nth % people.length] as Sender).catch((error) => void failures.push(error)));
  }
  await Promise.all(sent);
  if (failures.length > 0) {
    looking.abort();
    throw failures[0];
  }
  const missing = () => [...acceptedAt.keys()].filter((id) => !storedAt.has(id)).length;
  const until = performance.now() + drainMsMax;
  while (missing() > 0 && performance.now() < until && !looking.signal.aborted) await delay(50);
  looking.abort();
  await looked;
  const taken = [...acceptedAt].flatMap(([id, at]) => {
    const stored = storedAt.get(id);
    return stored === undefined ? [] : [Math.max(0, stored - at)];
  });
  const missed = acceptedAt.size - taken.length;
  // What never came took longer than anything that did.
  const all = [...taken, ...Array.from({ length: missed }, () => drainMsMax)];
  const perSecond = (accepted * 1_000) / (lastAt - began);
  const [p50, p99] = [percentile(all, 0.5), percentile(all, 0.99)];
  return { rate, accepted: perSecond, refused, rang: acceptedAt.size, missed, p50, p99 };
}

/** Notes when the alert that a reading began can first be read; changes have the order in which they were committed. */
async function lookForAlerts({ alerts: sql }: Stand, storedAt: Map<string, number>, over: AbortSignal): Promise<void> {
  const { rows: last } = await sql.query<{ position: string | null }>(
    'select max(position) as position from alert_change',
  );
  let position = last[0]?.position ?? '0';
  while (!over.aborted) {
    const { rows } = await sql.query<{ position: string; reading: string }>(
      `select c.position, a.because->>0 as reading from alert_change c join alert a on a.id = c.alert_id
       where c.position > $1 order by c.position limit 2000`,
      [position],
    );
    const at = performance.now();
    for (const row of rows) {
      position = row.position;
      if (!storedAt.has(row.reading)) storedAt.set(row.reading, at);
    }
    if (rows.length === 0) await delay(10);
  }
}
