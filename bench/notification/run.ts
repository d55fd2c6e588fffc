import { setTimeout as delay } from 'node:timers/promises';
import { type Figure, figure, median, percentile, toTable, within } from '../figures.ts';
import { appointmentTypeId, patientId, placeId, practitionerId, sqlId, sqlStart, startOf, visitId } from './people.ts';
import { measureSending } from './sending.ts';
import { Stand } from './stand.ts';

type Say = (text: string) => void;

/** Smaller for a trial: BENCH_DECISIONS=200000 BENCH_REMINDERS=5000. */
const decisions = Number(process.env.BENCH_DECISIONS ?? 5_000_000);
const reminders = Number(process.env.BENCH_REMINDERS ?? 50_000);

const patients = 20_000;
const bookings = 300;
/** Bookings that are heard of at once, as a sidecar delivers them under load. */
const bulk = 100;
const policyPath = '/api/notification-policies/current';

/** Messages: how they are planned, found in the ledger, planned anew and sent, all of it beside a ledger of years. */
export async function measureNotification(say: Say): Promise<Figure[]> {
  say('start ...');
  await using stand = await Stand.start();
  const figures: Figure[] = [];
  const measured = (...found: Figure[]) => {
    figures.push(...found);
    say(toTable(found));
  };
  say(`${decisions} decisions ...`);
  await fill(stand);
  say('the ledger ...');
  measured(...(await measureLedger(stand)));
  say('planning ...');
  measured(...(await measurePlanning(stand)));
  say(`a policy for ${2 * reminders} reminders ...`);
  measured(...(await measurePolicy(stand)));
  say(`${reminders} reminders ...`);
  measured(...(await measureSending(stand, reminders)));
  return figures;
}

/** Of three years until the day before yesterday: nearly all left; one in a hundred failed, and one did not leave. */
async function fill({ sql }: Stand): Promise<void> {
  const step = 250_000;
  for (let from = 0; from < decisions; from += step) {
    await sql.query(
      `insert into decision (id, version, occasion, occasion_id, occasion_version, recipient_id, kind, step, channel, nth, patient_id,
         audience, appointment_id, starts_at, kept_from_guardians, due_at, expires_at, next_at, decided_at, state, reason,
         failure_class, failure_text, attempts, provider, provider_id, sent_at, template, template_version, language, text_hash)
       select ${sqlId('c000')}, 2, 'appointment', ${sqlId('b000', 'n / 3')}, 1, patient, case n % 3 when 0 then 'confirmation' else 'reminder' end,
         case n % 3 when 0 then '' when 1 then 'P7D' else 'P1D' end, 'email', 0, patient, 'self', ${sqlId('b000', 'n / 3')},
         at + interval '1 day', false, at, at + interval '5 hours', at, at, state,
         case state when 'suppressed' then 'superseded' end, case state when 'failed' then 'permanent-address' end,
         case state when 'failed' then 'the mail server said 550 5.1.1 User unknown' end,
         case state when 'suppressed' then 0 else 1 end, case state when 'suppressed' then null else 'smtp' end,
         case state when 'sent' then 'smtp:' || n || '@cabinet.example' end, case state when 'sent' then at end,
         'reminder', 'file:1', 'fr', md5(n::text) || md5(n::text)
       from (select n, ${sqlId('b000', `n / 3 * 7919 % ${patients}`)} as patient,
           now() - interval '2 days' - ($2 - n) * interval '${Math.floor((3 * 365 * 86_400_000) / decisions)} milliseconds' as at,
           case n % 100 when 17 then 'failed' when 18 then 'suppressed' else 'sent' end as state
         from generate_series($1::bigint, least($1 + ${step}, $2::bigint) - 1) as n) as made`,
      [from, decisions],
    );
  }
  await sql.query('vacuum analyze decision');
}

async function measureLedger(stand: Stand): Promise<Figure[]> {
  const ask = await stand.as('secretary');
  const { rows } = await stand.sql.query(
    'select patient_id, appointment_id, due_at from decision tablesample system (1) order by random() limit 220',
  );
  const slowest = async (what: string, query: (row: (typeof rows)[number]) => Record<string, string>) => {
    const times: number[] = [];
    for (const row of rows) {
      const began = performance.now();
      const { items } = await ask('GET', `/api/notifications?${new URLSearchParams(query(row))}`);
      times.push(performance.now() - began);
      if (items.length === 0) throw new Error(`there is nothing ${what}`);
    }
    // The first ones also compile what answers.
    const ms = percentile(times.slice(20), 0.95);
    return within(`the ledger ${what}, among ${decisions}, 95 % of 200`, 'ms', ms, 30);
  };
  return [
    await slowest('of a patient', ({ patient_id }) => ({ patientId: patient_id })),
    await slowest('of what was sent to a patient', ({ patient_id }) => ({ patientId: patient_id, state: 'sent' })),
    await slowest('of an appointment', ({ appointment_id }) => ({ appointmentId: appointment_id })),
    await slowest('of a day', ({ due_at }) => ({ day: due_at.toISOString().slice(0, 10) })),
  ];
}

const booked = (n: number, firstDay: number) => {
  const start = startOf(n, firstDay);
  return {
    type: 'appointment.booked',
    data: {
      ...{ appointmentId: visitId(n), version: 1, patientId: patientId(n), practitionerId, placeId, appointmentTypeId },
      ...{ status: 'booked', start: start.toISOString(), end: new Date(start.getTime() + 900_000).toISOString() },
    },
  };
};

/** What stands between a booking and its confirmation: from when a sidecar tells of it until all that is sent of it is decided. */
async function measurePlanning(stand: Stand): Promise<Figure[]> {
  const first = 1_000_000;
  const times: number[] = [];
  for (let n = first; n < first + bookings; n += 1) {
    const began = performance.now();
    await stand.hear(booked(n, stand.firstDay));
    times.push(performance.now() - began);
    // Its confirmation leaves before the next one is told of.
    await delay(40);
  }
  const together: number[] = [];
  for (let nth = 0; nth < 10; nth += 1) {
    const from = first + bookings + nth * bulk;
    const began = performance.now();
    await stand.hear(...Array.from({ length: bulk }, (_, more) => booked(from + more, stand.firstDay)));
    together.push((performance.now() - began) / bulk);
  }
  const { rows } = await stand.sql.query('select count(*)::int from decision where occasion_id = $1', [visitId(first)]);
  if (rows[0].count < 3) throw new Error('nothing was planned of a booking');
  const ms = median(times.slice(50));
  return [
    within('a booking planned, confirmation and reminders, median', 'ms', ms, 5),
    figure(`a booking planned, ${bulk} told of at once`, 'ms', median(together), { name: 'one alone', value: ms }),
  ];
}

/** As many visits as reminders are to be sent, two of each; by a policy that is new, and by one that takes its place. */
async function measurePolicy(stand: Stand): Promise<Figure[]> {
  await stand.sql.query(
    `insert into visit (appointment_id, version, since_version, since, patient_id, appointment_type_id, status, starts_at,
       first_starts_at, kept_from_guardians, planned_by, is_found, practitioner_id, place_id, first_practitioner_id, first_place_id)
     select ${sqlId('9000')}, 1, 1, now() - interval '1 day', ${sqlId('a000')}, $3::uuid, 'booked', ${sqlStart}, ${sqlStart}, false, 0,
       false, $4::uuid, $5::uuid, $4::uuid, $5::uuid
     from generate_series(0, $2::int - 1) as n`,
    [new Date(stand.firstDay), reminders, appointmentTypeId, practitionerId, placeId],
  );
  await stand.sql.query('vacuum analyze visit');
  const planned = await replanned(stand, '10:00');
  await stand.sql.query('vacuum analyze decision');
  const again = await replanned(stand, '11:30');
  return [
    figure(`${2 * reminders} reminders planned at first`, 's', planned, { name: 'planned anew', value: again }),
    within(`${2 * reminders} planned reminders recomputed after a change of policy`, 's', again, 60),
  ];
}

/** Sets a policy, and waits until every visit ahead is planned by it. @returns after how many seconds */
async function replanned(stand: Stand, at: string): Promise<number> {
  const ask = await stand.as('admin');
  const { policy, version } = await ask('GET', policyPath);
  const next = {
    ...policy,
    reminders: [7, 1].map((daysBefore) => ({ channel: 'email', daysBefore, at })),
    dailyBudget: { ...policy.dailyBudget, email: 10_000_000 },
  };
  const began = performance.now();
  await ask('PUT', policyPath, next, { 'if-match': `"v${version}"` });
  const left = async () => {
    const { rows } = await stand.sql.query(
      `select count(*)::int from visit where status = 'booked' and planned_by <= $1 and starts_at > now()`,
      [version],
    );
    return rows[0].count as number;
  };
  while ((await left()) > 0) await delay(200);
  const seconds = (performance.now() - began) / 1_000;
  const { rows } = await stand.sql.query(
    `select count(*)::int from decision where kind = 'reminder' and state = 'planned' and channel = 'email' and occasion_id >= $1
       and occasion_id < $2`,
    [visitId(0), visitId(reminders)],
  );
  if (rows[0].count !== 2 * reminders) throw new Error(`${rows[0].count} reminders stand, and not ${2 * reminders}`);
  return seconds;
}
