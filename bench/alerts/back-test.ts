import { type Figure, within } from '../figures.ts';
import { pulse, type Stand } from './stand.ts';

/** Smaller for a trial: BENCH_ALERT_BACK_TEST=100000. */
const readingsInAll = Number(process.env.BENCH_ALERT_BACK_TEST ?? 1_000_000);
const perPatient = 1_000;
const days = 30;
const secondsMax = 60;

/** A rule over a month of everybody: read by one service, gone through by the other, and what it would have done. */
export async function measureBackTest(stand: Stand): Promise<Figure[]> {
  const patients = Math.max(1, Math.round(readingsInAll / perPatient));
  await fill(stand, patients);
  const authorization = await stand.signIn();
  const began = performance.now();
  const response = await fetch(`${stand.platform.url('alert')}/api/alert-rules/try-out`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ document: stand.document(), days }),
  });
  const found = (await response.json()) as { patients: number; readings: number; alerts: number };
  const seconds = (performance.now() - began) / 1_000;
  if (!response.ok || found.readings !== patients * perPatient || found.alerts === 0)
    throw new Error(`the back-test answered ${response.status}: ${JSON.stringify(found).slice(0, 300)}`);
  const name = `back-test of ${found.readings} readings of ${found.patients} patients, ${found.alerts} alerts`;
  return [within(name, 's', seconds, secondsMax)];
}

/** A reading each forty minutes of the month, three of a hundred too high, as wearable keeps them; and that their patients were heard. */
async function fill({ readings, alerts }: Stand, patients: number): Promise<void> {
  const { rows } = await readings.query<{ patient_id: string }>(
    `with tracked as (insert into track (patient_id, code) select gen_random_uuid(), $1 from generate_series(1, $2::int)
       returning id, patient_id),
     made as (insert into origin (patient_id, name) select patient_id, 'Montre' from tracked returning id, patient_id),
     filled as (
       insert into reading (effective_at, received_at, value, content_hash, id, identity, track_id, origin_id, offset_minutes, version,
         flags, certainty)
       select at, at, case when n % 100 < 3 then 150 else 60 + n % 40 end, n, gen_random_uuid(), gen_random_uuid(), tracked.id, made.id,
         60, 1, 0, 0
       from tracked join made using (patient_id), generate_series(1, $3::int) as n,
         lateral (select now() - n * interval '40 minutes' as at) as times)
     select patient_id from tracked`,
    [pulse.code, patients, perPatient],
  );
  await readings.query('vacuum analyze reading, track, origin');
  await alerts.query(
    `insert into heard_patient (patient_id, first_at, last_at)
     select id::uuid, now() - interval '30 days', now() from jsonb_array_elements_text($1::jsonb) as id`,
    [JSON.stringify(rows.map(({ patient_id }) => patient_id))],
  );
}
