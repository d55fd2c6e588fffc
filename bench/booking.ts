import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Pool } from 'undici';
import type { Platform } from '../dev/src/platform.ts';
import { type Figure, figure } from './figures.ts';
import type { Practice } from './practice.ts';

const clients = 64;
const [warmUp, rounds, perRound] = [1_500, 3, 1_000];
const minute = 60_000;

interface Booking {
  patientId: string;
  practitionerId: string;
  appointmentTypeId: string;
  placeId: string;
  start: Date;
}

/**
 * Bookings a second through gateway, service and PostgreSQL, beside the same rows (the appointment and its event, under
 * the same constraints, in one transaction) by plain SQL over one pool of as many connections as the service has.
 * The two take turns, so that a busy moment of the machine meets both.
 */
export async function measureBooking(platform: Platform, practice: Practice): Promise<Figure> {
  const all = toBook(practice);
  const sql = await plainSql(platform);
  const http = new Pool(practice.gateway, { connections: clients, pipelining: 1 });
  const through = (booking: Booking) => bookThroughGateway(http, practice.authorization, booking);
  const rates = { gateway: [] as number[], sql: [] as number[] };
  try {
    const first = all.splice(0, warmUp);
    await rate(first, through);
    await rate(first, sql.book);
    await sql.clear();
    for (let n = 0; n < rounds; n += 1) {
      const batch = all.splice(0, perRound);
      rates.gateway.push(await rate(batch, through));
      rates.sql.push(await rate(batch, sql.book));
    }
  } finally {
    await http.close();
    await sql.close();
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return figure(
    'bookings through the gateway',
    'per second',
    mean(rates.gateway),
    { name: 'plain SQL', value: mean(rates.sql) },
    { atLeast: 0.25 },
  );
}

/** A different patient each time, with one practitioner after the other, from 30 days ahead on; no two overlap. */
function toBook({ practitioners, patientIds }: Practice): Booking[] {
  const firstDay = Math.floor(Date.now() / (24 * 60 * minute)) + 30;
  return Array.from({ length: warmUp + rounds * perRound }, (_, n) => {
    const { id, placeId, appointmentTypeId } = practitioners[n % practitioners.length] as Practice['practitioners'][0];
    const slot = Math.floor(n / practitioners.length);
    const [day, quarter] = [Math.floor(slot / 40), slot % 40];
    return {
      patientId: patientIds[n % patientIds.length] as string,
      practitionerId: id,
      appointmentTypeId,
      placeId,
      start: new Date((firstDay + day) * 24 * 60 * minute + (8 * 60 + quarter * 15) * minute),
    };
  });
}

async function rate(batch: Booking[], book: (booking: Booking) => Promise<void>): Promise<number> {
  const queue = [...batch];
  const began = performance.now();
  const work = Array.from({ length: clients }, async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await book(next);
  });
  // All have to end before anything is closed, also when one has failed.
  for (const { reason, status } of (await Promise.allSettled(work)) as PromiseRejectedResult[]) {
    if (status === 'rejected') throw reason;
  }
  return (batch.length / (performance.now() - began)) * 1_000;
}

async function bookThroughGateway(
  http: Pool,
  authorization: string,
  { placeId: _, ...booking }: Booking,
): Promise<void> {
  const { statusCode, body } = await http.request({
    method: 'POST',
    path: '/api/appointments',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(booking),
  });
  const text = await body.text();
  if (statusCode !== 201) throw new Error(`booking answered ${statusCode}: ${text}`);
}

async function plainSql(platform: Platform) {
  const pool = new pg.Pool({ connectionString: platform.adminDatabaseUrl('appointment'), max: 10 });
  // A connection that ends while nobody uses it fails the next query, which says more than an event that ends the process.
  pool.on('error', () => undefined);
  await pool.query(`
    drop schema if exists bench cascade;
    create schema bench;
    create table bench.appointment (like public.appointment including all);
    create table bench.outbox (like public.outbox including all)`);
  return {
    async book({ patientId, practitionerId, appointmentTypeId, placeId, start }: Booking): Promise<void> {
      const id = randomUUID();
      const end = new Date(start.getTime() + 15 * minute);
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query(
          `insert into bench.appointment (id, version, status, patient_id, practitioner_id, appointment_type_id, place_id,
             zone, "start", "end", created_at, created_by)
           values ($1, 1, 'booked', $2, $3, $4, $5, 'Europe/Paris', $6, $7, now(), 'bench')`,
          [id, patientId, practitionerId, appointmentTypeId, placeId, start, end],
        );
        await client.query(
          `insert into bench.outbox (event_id, topic, partition_key, event) values ($1, 'appointment', $2, $3)`,
          [
            randomUUID(),
            id,
            JSON.stringify({ id, type: 'appointment.booked', data: { patientId, practitionerId, start, end } }),
          ],
        );
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
    clear: () => pool.query('truncate bench.appointment, bench.outbox'),
    async close(): Promise<void> {
      await pool.query('drop schema bench cascade');
      await pool.end();
    },
  };
}
