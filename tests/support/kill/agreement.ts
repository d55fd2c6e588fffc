import { MongoClient } from 'mongodb';
import { processesWith } from '../../../dev/src/processes.ts';
import { type Caller, until } from '../http.ts';
import { readTopic } from '../kafka.ts';
import { platform } from '../platform.ts';
import { query } from '../practice.ts';
import type { KnownVisit, Ledger } from './work.ts';

/** Waits until nothing is on its way any more: no event to tell, none that waits to be handled. */
export async function atRest(): Promise<void> {
  await until(async () => {
    for (const { state } of platform().processes()) if (state !== 'ready') return false;
    for (const service of processesWith('postgres')) {
      const [row] = await query<{ untold: string; waiting: string }>(
        service,
        'select (select count(*) from outbox) as untold, (select count(*) from waiting_event) as waiting',
      );
      if (row?.untold !== '0' || row.waiting !== '0') return false;
    }
    return inRecords(async (db) => {
      const counts = await Promise.all(
        ['journal', 'waiting_event'].map((name) => db.collection(name).countDocuments()),
      );
      return counts.every((count) => count === 0);
    });
  }, 180_000);
}

async function inRecords<T>(work: (db: ReturnType<MongoClient['db']>) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(platform().databaseUrl('record'));
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
}

/** What of the confirmed work is not there, is there twice, or is told otherwise by another service. */
export async function disagreements(ledger: Ledger, secretary: Caller, doctor: Caller): Promise<string[]> {
  return [
    ...ledger.surprises,
    ...(await ofPatients(ledger)),
    ...(await ofVisits(ledger, secretary)),
    ...(await ofNotes(ledger, doctor)),
    ...(await ofReadings(ledger, doctor)),
    ...(await ofRecords(ledger)),
    ...(await ofEncounters(ledger)),
  ];
}

async function ofPatients({ patients }: Ledger): Promise<string[]> {
  const found: string[] = [];
  for (const { id, familyName, mergedInto } of patients) {
    const rows = await query<{ id: string; merged_into: string | null }>(
      'patient',
      'select id, merged_into from patient where family_name = $1',
      [familyName],
    );
    if (rows.length !== 1 || rows[0]?.id !== id) found.push(`patient ${id} is there ${rows.length} times`);
    if ((rows[0]?.merged_into ?? undefined) !== mergedInto) found.push(`patient ${id} is not merged as confirmed`);
  }
  // Nobody who was never confirmed, either: a cut registration that was repeated must be the same.
  const [all] = await query<{ count: string }>(
    'patient',
    "select count(*) from patient where birth_date = '1990-02-03' and family_name ~ '^K[a-z]{12}$'",
  );
  if (Number(all?.count) !== patients.length) found.push(`${all?.count} patients for ${patients.length} confirmed`);
  return found;
}

async function ofVisits({ visits, patients }: Ledger, secretary: Caller): Promise<string[]> {
  const found: string[] = [];
  const told = await query<{ appointment_id: string; status: string; start: Date; version: number }>(
    'patient',
    'select appointment_id, status, "start", version from visit where appointment_id = any($1)',
    [visits.map(({ id }) => id)],
  );
  const toldOf = new Map(told.map((row) => [row.appointment_id, row]));
  const mergedInto = new Map(patients.map((patient) => [patient.id, patient.mergedInto]));
  // Whoever booked may not know of a merge that another worker made.
  const ownerOf = ({ patientId }: KnownVisit) => mergedInto.get(patientId) ?? patientId;
  for (const visit of visits) {
    const { id, status, start } = visit;
    const { body } = await secretary('GET', `/api/appointments/${id}`);
    if (body.status !== status || Date.parse(body.start) !== Date.parse(start)) {
      const why = body.cancellation?.reason ?? 'no reason';
      found.push(`visit ${id} is ${body.status} at ${body.start} (${why}), confirmed ${status} at ${start}`);
    }
    const owner = ownerOf(visit);
    if (body.patientId !== owner) found.push(`visit ${id} is of ${body.patientId}, not of ${owner}`);
    const heard = toldOf.get(id);
    const agrees = heard?.status === body.status && heard?.start.getTime() === Date.parse(body.start);
    if (!agrees) found.push(`visit ${id} is ${body.status}, and ${heard?.status} as patient heard it`);
  }
  return found;
}

async function ofNotes({ notes }: Ledger, doctor: Caller): Promise<string[]> {
  const found: string[] = [];
  const [first] = notes;
  if (!first) return found;
  const texts: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await doctor(
      'GET',
      `/api/records/${first.patientId}/notes?limit=100${cursor ? `&cursor=${cursor}` : ''}`,
    );
    texts.push(...page.body.items.map(({ text }: { text: string }) => text));
    cursor = page.body.nextCursor;
    if (!cursor) break;
  }
  for (const { text, id } of notes) {
    const times = texts.filter((each) => each === text).length;
    if (times !== 1) found.push(`note ${id} is there ${times} times`);
  }
  return found;
}

/**
 * Each reading is there once, was told once and was heard, and rang live as it does when all of them are run through the rule anew;
 * no two episodes are of one time, and each step was told once.
 */
async function ofReadings({ readings, watched }: Ledger, doctor: Caller): Promise<string[]> {
  if (!watched) return ['nobody is watched'];
  const { rule } = watched;
  const kept = await query<{ id: string }>('wearable', 'select id from reading where id = any($1)', [readings]);
  const times = Map.groupBy(kept, ({ id }) => id);
  const found = readings.flatMap((id) => {
    const count = times.get(id)?.length ?? 0;
    return count === 1 ? [] : [`reading ${id} is there ${count} times`];
  });
  const [live] = await query<{ alerts: number }>(
    'alert',
    'select count(*)::int as alerts from alert where rule_id = $1 and not is_late and retracted_at is null',
    [rule],
  );
  const { body: replayed } = await doctor('POST', `/api/alert-rules/${rule}/back-tests`, { days: 1 });
  if (live?.alerts !== replayed.alerts) found.push(`${live?.alerts} alerts live, ${replayed.alerts} in a replay`);
  const doubled = await query<{ one: string; other: string }>(
    'alert',
    `select one.key as one, other.key as other from alert one join alert other on other.rule_id = one.rule_id and other.id > one.id
     where one.rule_id = $1 and not one.is_late and not other.is_late and one.retracted_at is null and other.retracted_at is null
       and one.started_at <= coalesce(other.cleared_at, 'infinity') and other.started_at <= coalesce(one.cleared_at, 'infinity')`,
    [rule],
  );
  found.push(...doubled.map(({ one, other }) => `${one} and ${other} are one episode`));
  found.push(...(await unheard(readings)));
  const twice = await query<{ alert_id: string; step: number }>(
    'alert',
    `select alert_id, details->'step' as step from alert_note where kind = 'called'
     group by 1, 2 having count(*) > 1`,
  );
  return [...found, ...twice.map(({ alert_id, step }) => `step ${step} of alert ${alert_id} was told twice`)];
}

/** Of each reading one event is told, however often the broker has it, and the alert service has heard it. */
async function unheard(readings: readonly string[]): Promise<string[]> {
  const told = (await readTopic(platform().kafka, 'readings')) as { id: string; data: { readingId: string } }[];
  const byReading = Map.groupBy(told, ({ data }) => data.readingId);
  const heard = await query<{ id: string }>(
    'alert',
    `select event_id as id from inbox where consumer = 'evaluate-rules' and event_id = any($1)`,
    [told.map(({ id }) => id)],
  );
  const ids = new Set(heard.map(({ id }) => id));
  return readings.flatMap((reading) => {
    const events = [...new Set(byReading.get(reading)?.map(({ id }) => id))];
    if (events.length !== 1) return [`reading ${reading} is told by ${events.length} events`];
    return events.every((id) => ids.has(id)) ? [] : [`reading ${reading} was not heard`];
  });
}

/** Each patient who was registered has a record, and that of a merged one has gone over. */
const ofRecords = ({ patients }: Ledger): Promise<string[]> =>
  inRecords(async (db) => {
    const found: string[] = [];
    const records = db.collection<{ _id: string; status: string }>('medical_record');
    for (const { id, mergedInto } of patients) {
      const record = await records.findOne({ _id: id });
      const expected = mergedInto ? 'merged' : 'open';
      if (record?.status !== expected) found.push(`record ${id} is ${record?.status ?? 'missing'}, not ${expected}`);
    }
    return found;
  });

/** Each visit that took place has one encounter. */
const ofEncounters = ({ visits }: Ledger): Promise<string[]> =>
  inRecords(async (db) => {
    const found: string[] = [];
    const records = db.collection<{ _id: string; entries: { kind: string }[] }>('medical_record');
    for (const { id, patientId, status } of visits) {
      if (status !== 'fulfilled') continue;
      const entries = (await records.findOne({ _id: patientId }))?.entries ?? [];
      const encounters = entries.filter((entry) => entry.kind === 'encounter' && JSON.stringify(entry).includes(id));
      if (encounters.length !== 1) found.push(`visit ${id} has ${encounters.length} encounters`);
    }
    return found;
  });
