import { until } from '../http.ts';
import { platform } from '../platform.ts';
import { addPractitioner, query, signedInAs } from '../practice.ts';

const sender = 'notification';
/** By whom they were booked, as far as the database knows. */
const booker = 'reminders-while-killed';
const aliveMs = 5_000;

interface Line {
  id: string;
  state: string;
  reason: string | null;
  attempts: number;
  may_have_left_twice: boolean;
}

/** Reminders that are due at once, each of another visit, to the patients of the demonstration in turn. */
export class Reminders {
  readonly mails = new KeptMails();
  readonly #count: number;

  private constructor(count: number) {
    this.#count = count;
  }

  /** Books them, a year ahead where nobody else does, and has the first reminder of each be due. */
  static async due(count: number): Promise<Reminders> {
    const { practitionerId, appointmentTypeId, placeId } = await addPractitioner(await signedInAs('admin'));
    const patients = await patientsWithAddress();
    const made = await query<{ visit: string; patient: string; start: Date }>(
      'appointment',
      `insert into appointment (id, status, patient_id, practitioner_id, appointment_type_id, place_id, zone, "start", "end",
         created_at, created_by)
       select gen_random_uuid(), 'booked', ($4::uuid[])[1 + n % cardinality($4::uuid[])], $1, $2, $3, 'Europe/Paris', at,
         at + interval '15 minutes', now(), $5
       from (select n, date_trunc('day', now()) + interval '400 days' + n * interval '15 minutes' as at
         from generate_series(0, $6::int - 1) as n) as times
       returning id as visit, patient_id as patient, "start"`,
      [practitionerId, appointmentTypeId, placeId, patients, booker, count],
    );
    const reminders = new Reminders(count);
    await reminders.mails.look();
    const visits = [made.map(({ visit }) => visit), made.map(({ patient }) => patient), made.map(({ start }) => start)];
    await query(
      sender,
      `with given as (select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as its (visit, patient, start)),
         known as (
           insert into visit (appointment_id, version, since_version, since, patient_id, appointment_type_id, status, starts_at,
             first_starts_at, kept_from_guardians, planned_by, practitioner_id, place_id)
           select visit, 1, 1, now(), patient, $4::uuid, 'booked', start, start, false, (select coalesce(max(version), 0) from policy),
             $5::uuid, $6::uuid from given)
       insert into decision (id, version, occasion, occasion_id, occasion_version, recipient_id, kind, step, channel, nth, patient_id,
         audience, appointment_id, starts_at, practitioner_id, place_id, kept_from_guardians, due_at, expires_at, next_at, decided_at,
         state, asked_by)
       select gen_random_uuid(), 1, 'appointment', visit, 1, patient, 'reminder', 'P400D', 'email', 0, patient, 'self', visit, start,
         $5::uuid, $6::uuid, false, now(), now() + interval '5 hours', now(), now(), 'planned', $7 from given`,
      [...visits, appointmentTypeId, practitionerId, placeId, booker],
    );
    return reminders;
  }

  /**
   * Kills the sender after every five seconds of its life, once it has sent some, or as soon as another quarter has left, until all have:
   * a machine that is slow has fewer leave in each life, and ends nevertheless. What a dead one was at is taken over as if its lease had
   * ended: how long that takes is no matter here.
   * @returns how often it was killed
   */
  async killTheSender(): Promise<number> {
    const some = Math.max(40, this.#count / 40);
    let kills = 0;
    for (;;) {
      const since = Date.now();
      const before = this.mails.ids.size;
      const mayDie = async () => {
        await this.mails.look();
        const sent = this.mails.ids.size - before;
        const isOld = Date.now() > since + aliveMs && sent >= some;
        return isOld || sent > this.#count / 4 || (await this.left()) === 0;
      };
      await until(mayDie, 300_000, 100);
      if ((await this.left()) === 0) return kills;
      platform().kill(sender);
      kills += 1;
      await until(() => platform().process(sender).state !== 'ready');
      await query(
        sender,
        'update decision set leased_until = clock_timestamp() where lease is not null and asked_by = $1',
        [booker],
      );
      await until(() => platform().process(sender).state === 'ready', 120_000);
    }
  }

  /** How many of them nothing has come of yet. */
  async left(): Promise<number> {
    const [row] = await query<{ count: number }>(
      sender,
      `select count(*)::int from decision where asked_by = $1 and state = 'planned'`,
      [booker],
    );
    return row?.count ?? 0;
  }

  ledger(): Promise<Line[]> {
    return query<Line & Record<string, unknown>>(
      sender,
      'select id, state, reason, attempts, may_have_left_twice from decision where asked_by = $1',
      [booker],
    );
  }

  /** Nobody who comes after them finds any of it. */
  async forget(): Promise<void> {
    await query(
      sender,
      'delete from visit using decision where visit.appointment_id = decision.occasion_id and decision.asked_by = $1',
      [booker],
    );
    await query(sender, 'delete from decision where asked_by = $1', [booker]);
    await query('appointment', 'delete from appointment where created_by = $1', [booker]);
  }
}

/** What the mail server has taken, looked at so often that it has forgotten none of it. */
class KeptMails {
  /** How often each came, by the id of its decision. */
  readonly ids = new Map<string, number>();
  readonly #seen = new Set<string>();

  async look(): Promise<void> {
    const page = 500;
    for (let start = 0; ; start += page) {
      const answer = await fetch(`${platform().mailUrl}/api/v1/messages?start=${start}&limit=${page}`);
      const { messages } = (await answer.json()) as { messages: { ID: string; MessageID: string }[] };
      const fresh = messages.filter(({ ID }) => !this.#seen.has(ID));
      for (const { ID, MessageID } of fresh) {
        this.#seen.add(ID);
        const [id = ''] = MessageID.split('@');
        this.ids.set(id, (this.ids.get(id) ?? 0) + 1);
      }
      // The newest come first; a page may have moved on while the one before was read.
      if (fresh.length === 0 || messages.length < page) return;
    }
  }
}

async function patientsWithAddress(): Promise<string[]> {
  const rows = await query<{ id: string }>(
    'patient',
    `select id from patient where active and jsonb_path_exists(telecom, '$[*] ? (@.value like_regex "^patient[0-9]+@cabinet[.]test$")') order by id`,
  );
  return rows.map(({ id }) => id);
}
