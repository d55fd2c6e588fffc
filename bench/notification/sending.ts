import { setTimeout as delay } from 'node:timers/promises';
import { startMailServer } from '../../tests/support/mailpit.ts';
import { type Figure, figure, median, within } from '../figures.ts';
import { nodemailerAlone } from './mail-server.ts';
import { visitId } from './people.ts';
import type { Stand } from './stand.ts';

/** What leaves each second when 50,000 leave within two minutes. */
const wantedASecond = 500;
const memoryMiBMax = 256;
const aloneMax = 10_000;
const toMailpit = 2_000;

/**
 * Reminders that are due at once, one recipient in a hundred of whom is refused, beside nodemailer alone, which sends as many, or 10,000,
 * to the same server over as many connections: before, and after.
 */
export async function measureSending(stand: Stand, reminders: number): Promise<Figure[]> {
  const { port } = stand.mailServer;
  const beside = Math.min(reminders, aloneMax);
  const before = await nodemailerAlone(port, beside);
  await stand.mailServer.taken();
  const memory = await sendAll(stand, reminders);
  const { mails, different, ms } = await stand.mailServer.taken();
  await assertAllTold(stand, reminders, { mails, different });
  const rate = (mails / ms) * 1_000;
  const after = await nodemailerAlone(port, beside);
  const peer = { name: 'nodemailer alone', value: (before + after) / 2 };
  return [
    figure(`due reminders sent, of ${reminders}`, '/s', rate, { name: 'wanted', value: wantedASecond }, { atLeast: 1 }),
    figure('due reminders sent, beside a library that decides and keeps nothing', '/s', rate, peer),
    figure('what Mailpit takes of nodemailer alone', '/s', await mailpitAlone(), peer),
    within(`memory of the service at most, ${reminders} reminders`, 'MiB', stand.memoryMiB('VmHWM'), memoryMiBMax),
    bounded(memory),
  ];
}

/** Has the first reminder of each visit be due in a moment, and waits until none is. @returns the service's memory meanwhile, in MiB */
async function sendAll(stand: Stand, reminders: number): Promise<number[]> {
  const { sql } = stand;
  await sql.query(
    `update decision set due_at = now() + interval '30 seconds', next_at = now() + interval '30 seconds',
       expires_at = now() + interval '5 hours'
     where kind = 'reminder' and step = 'P7D' and state = 'planned' and occasion_id >= $1 and occasion_id < $2`,
    [visitId(0), visitId(reminders)],
  );
  await sql.query('vacuum analyze decision');
  const left = async () => {
    const { rows } = await sql.query(
      `select count(*)::int as count from decision where state = 'planned' and next_at < now() + interval '1 minute'`,
    );
    return rows[0].count as number;
  };
  const memory: number[] = [];
  while ((await left()) > 0) {
    memory.push(stand.memoryMiB('VmRSS'));
    await delay(1_000);
  }
  return memory;
}

async function assertAllTold({ sql }: Stand, reminders: number, came: { mails: number; different: number }) {
  const { rows } = await sql.query(
    `select state, count(*)::int from decision where kind = 'reminder' and step = 'P7D' and occasion_id >= $1 and occasion_id < $2
     group by state`,
    [visitId(0), visitId(reminders)],
  );
  const told = Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  const failed = Math.ceil(reminders / 100);
  const isWhole = told.failed === failed && told.sent === reminders - failed;
  if (!isWhole || came.mails !== told.sent || came.different !== told.sent)
    throw new Error(`the ledger and the mail server disagree: ${JSON.stringify({ told, came })}`);
}

/** What is in memory grows with none of what has left. */
function bounded(memory: readonly number[]): Figure {
  const part = (from: number, to: number) =>
    median(memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to)));
  const peer = { name: 'after a fifth', value: part(0.2, 0.4) };
  return figure('memory of the service in the last fifth', 'MiB', part(0.8, 1), peer, { atMost: 1.3 });
}

async function mailpitAlone(): Promise<number> {
  const server = await startMailServer();
  try {
    return await nodemailerAlone(server.port, toMailpit);
  } finally {
    await server.stop();
  }
}
