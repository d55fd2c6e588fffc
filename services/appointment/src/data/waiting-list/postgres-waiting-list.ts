import { staleVersion } from '@cabinet/kit/http/etag';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Appointment } from '../../domain/booking/appointment.js';
import type { Change, Overlap } from '../../domain/booking/ports.js';
import { assertNotGone, patientUnknown } from '../../domain/refusal.js';
import type { WaitingFilter, WaitingList } from '../../domain/waiting-list/ports.js';
import {
  type Candidate,
  type Offer,
  type PlaceInLine,
  priorities,
  type Waiting,
} from '../../domain/waiting-list/waiting.js';
import { type AppointmentRow, AppointmentSchema, toAppointment } from '../booking/appointment.schema.js';
import type { AppointmentCommits } from '../booking/appointment-commits.js';
import type { AppointmentEvents } from '../booking/appointment-events.js';
import { exceptKeptOfNow } from '../booking/postgres-appointments.js';
import { lockPatients, NotAllStored, orOverlap, storeWithin, toStoredRow } from '../booking/store-and-tell.js';
import { storeChanges } from '../booking/store-changes.js';
import { arrayOf } from '../fragments.js';
import { goneAs } from '../gone/gone-as.js';

export class PostgresWaitingList implements WaitingList {
  constructor(
    private readonly orm: Orm,
    private readonly events: AppointmentEvents,
    private readonly commits: AppointmentCommits,
  ) {}

  async add(waiting: Waiting, judge: (active: Waiting[]) => void): Promise<void> {
    // A patient may be merged while we wait for their lock. Then we begin again with the patient they were merged into: a
    // transaction that took both locks one after the other could wait in a circle.
    for (let isStored = false; !isStored; ) {
      const em = this.orm.em.fork();
      const patientId = await currentPatientId(em, waiting.patientId);
      if (!patientId) throw patientUnknown();
      isStored = await em.transactional(async (tx) => {
        await lockPatients(tx, [patientId]);
        if ((await currentPatientId(tx, waiting.patientId)) !== patientId) return false;
        assertNotGone(await goneAs(tx, patientId));
        judge(await select(tx, `where patient_id = ? and ${active} ${inOrder}`, [patientId]));
        await tx.execute(insert, [
          JSON.stringify({ ...waiting, patientId, rank: priorities.indexOf(waiting.priority) }),
        ]);
        return true;
      });
    }
    this.commits.freed();
  }

  async find(id: string): Promise<Waiting | undefined> {
    return (await this.select('where id = ?', [id]))[0];
  }

  async list(filter: WaitingFilter, limit: number, after?: PlaceInLine) {
    const { patientId, practitionerId, practitionerIds, status, exceptKeptOf } = filter;
    const [conditions, values]: [string[], unknown[]] = [['true'], []];
    const where = (condition: string, ...given: unknown[]) => {
      conditions.push(condition);
      values.push(...given);
    };
    // By the id of one who was merged, what the one waits for whom they turned out to be.
    const current = patientId && ((await currentPatientId(this.orm.em.fork(), patientId)) ?? patientId);
    if (current) where('patient_id = ?', current);
    const kept = exceptKeptOfNow({ patientId, exceptKeptOf }, current);
    if (kept) where(`not (patient_id = any(?::uuid[]) and ${isKept('waiting')})`, arrayOf(kept));
    if (practitionerId) where(wanting, wantOf(practitionerId));
    if (practitionerIds) {
      const any = practitionerIds.map(() => wanting).join(' or ');
      where(`(${any || 'false'})`, ...practitionerIds.map(wantOf));
    }
    if (status) where('status = ?', status);
    if (after) {
      const [rank, lapses, createdAt, id] = after;
      where('(priority, lapses, created_at, id) > (?, ?, ?, ?)', rank, lapses, new Date(createdAt), id);
    }
    return this.select(`where ${conditions.join(' and ')} ${inOrder} limit ${limit + 1}`, values);
  }

  async offersOf(waitingId: string): Promise<(Offer & { appointment: Appointment })[]> {
    const em = this.orm.em.fork();
    const offers = await em.execute<OfferRow[]>(
      `select ${offerColumns} from waiting_offer where waiting_id = ? order by offered_at desc, appointment_id desc`,
      [waitingId],
    );
    const rows = await em.find(AppointmentSchema, { id: { $in: offers.map(({ appointmentId }) => appointmentId) } });
    const appointments = new Map(rows.map((row: AppointmentRow) => [row.id, toAppointment(row)]));
    return offers.flatMap((offer) => {
      const appointment = appointments.get(offer.appointmentId);
      return appointment ? [{ ...toOffer(offer), appointment }] : [];
    });
  }

  async isAnybodyThere(): Promise<boolean> {
    return (await this.orm.em.fork().execute(`select from waiting where ${active} limit 1`)).length > 0;
  }

  async wantedPractitioners(): Promise<string[]> {
    const rows = await this.orm.em.fork().execute<{ id: string }[]>(
      `select distinct want->>'practitionerId' as id from waiting, jsonb_array_elements(wants) as want
       where status = 'waitlist' order by id`,
    );
    return rows.map(({ id }) => id);
  }

  async inOrder(practitionerId: string): Promise<Omit<Candidate, 'busy'>[]> {
    const waiting = await this.select(`where ${active} and ${wanting} ${inOrder}`, [wantOf(practitionerId)]);
    const offered = await this.orm.em.fork().execute<{ waitingId: string; practitionerId: string; start: string }[]>(
      `select waiting_id as "waitingId", practitioner_id as "practitionerId", "start"
         from waiting_offer join appointment on id = appointment_id where waiting_id = any(?::uuid[])`,
      [arrayOf(waiting.map(({ id }) => id))],
    );
    const byWaiting = Map.groupBy(offered, ({ waitingId }) => waitingId);
    return waiting.map((each) => ({
      waiting: each,
      offered: (byWaiting.get(each.id) ?? []).map(({ start, ...rest }) => ({ ...rest, start: Date.parse(start) })),
    }));
  }

  offer(waiting: Waiting, offer: Offer, hold: Appointment): Promise<'stored' | Overlap> {
    return orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        const turned = await tx.execute(
          `update waiting set status = 'proposed', version = version + 1
           where id = ? and version = ? and status = 'waitlist' returning id`,
          [waiting.id, waiting.version],
        );
        if (turned.length === 0) throw new NotAllStored();
        const stored = await storeWithin(tx, [toStoredRow(hold, this.events)]);
        if (stored.length === 0) throw new NotAllStored();
        await tx.execute(
          `insert into waiting_offer (appointment_id, waiting_id, status, offered_at, ends_at, passed_over)
           values (?, ?, ?, ?, ?, ?::jsonb)`,
          [hold.id, waiting.id, offer.status, offer.offeredAt, offer.endsAt, JSON.stringify(offer.passedOver)],
        );
        await this.events.enqueue(tx, hold, 'offered');
      });
      this.commits.committed();
    });
  }

  async settle(now: Date): Promise<void> {
    await settleOffers(this.orm.em.fork(), this.events, now);
  }

  async keep({ id, version }: Waiting, keptFromGuardians: boolean, changes: Change[]): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      if (changes.length > 0) await storeChanges(tx, changes, this.events);
      const rows = await tx.execute(
        'update waiting set kept_from_guardians = ?, version = version + 1 where id = ? and version = ? returning id',
        [keptFromGuardians, id, version],
      );
      if (rows.length === 0) throw staleVersion();
      await noteStored(tx);
    });
    this.commits.committed();
  }

  async end(waiting: Waiting, ended: NonNullable<Waiting['ended']>, changes: Change[]): Promise<void> {
    // Whoever answered since the entry was read is heard first: it is then of another version.
    await this.settle(ended.at);
    await this.changeActive(waiting, `status = 'cancelled', ended = ?::jsonb`, ended, changes);
  }

  narrow(waiting: Waiting, wants: Waiting['wants'], changes: Change[]): Promise<void> {
    return this.changeActive(waiting, 'wants = ?::jsonb', wants, changes);
  }

  private async changeActive({ id, version }: Waiting, set: string, value: object, changes: Change[]): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      if (changes.length > 0) await storeChanges(tx, changes, this.events);
      const rows = await tx.execute(
        `update waiting set ${set}, version = version + 1 where id = ? and version = ? and ${active} returning id`,
        [JSON.stringify(value), id, version],
      );
      if (rows.length === 0) throw staleVersion();
      await noteStored(tx);
    });
    this.commits.freed();
  }

  private select(rest: string, values: unknown[]): Promise<Waiting[]> {
    return select(this.orm.em.fork(), rest, values);
  }
}

async function select(em: EntityManager, rest: string, values: unknown[]): Promise<Waiting[]> {
  const rows = await em.execute<WaitingRow[]>(`select ${columns} from waiting ${rest}`, values);
  return rows.map(toWaiting);
}

/** What became of an offer stands in its appointment: it is read from there, and whoever waits is told on by it. */
export const settleOffers = (em: EntityManager, { name }: AppointmentEvents, now: Date): Promise<unknown> =>
  em.execute(settle, [now, name, now, name, now]);

/** Of an entry `w`: it is kept from guardians, or a visit that it replaces, or one that was offered. */
export const isKept = (w: string): string => `(${w}.kept_from_guardians
  or exists (select from appointment a where a.id = ${w}.replaces and a.kept_from_guardians)
  or exists (select from waiting_offer o join appointment a on a.id = o.appointment_id
    where o.waiting_id = ${w}.id and a.kept_from_guardians))`;

const active = `status in ('waitlist', 'proposed')`;
const inOrder = 'order by priority, lapses, created_at, id';
const wanting = 'wants @> ?::jsonb';
const wantOf = (practitionerId: string): string => JSON.stringify([{ practitionerId }]);

const insert = `
  insert into waiting (id, status, patient_id, wants, from_date, until_date, times, notice_minutes, priority, replaces,
    reason, kept_from_guardians, created_at, created_by)
  select id, status, "patientId", wants, "fromDate", "untilDate", times, "noticeMinutes", rank, replaces, reason,
    "keptFromGuardians", "createdAt", "createdBy"
  from jsonb_to_record(?::jsonb) as row (id uuid, status text, "patientId" uuid, wants jsonb,
    "fromDate" date, "untilDate" date, times jsonb, "noticeMinutes" int, rank int, replaces uuid, reason text,
    "keptFromGuardians" boolean, "createdAt" timestamptz, "createdBy" text)`;

const settle = `
  with answered as (
    update waiting_offer o set answered_at = ?, status = case
      when a.status not in ('cancelled', 'noshow') then 'accepted'
      when a.cancellation->>'by' = ? then 'lapsed' else 'refused' end
    from appointment a
    where a.id = o.appointment_id and o.status = 'open' and (a.status <> 'pending' or a.held_until is null)
    returning o.waiting_id, o.status
  ), turned as (
    update waiting w set version = version + 1, status = case answered.status when 'accepted' then 'booked' else 'waitlist' end,
      lapses = lapses + case answered.status when 'lapsed' then 1 else 0 end
    from answered where w.id = answered.waiting_id and w.status = 'proposed'
  )
  update waiting set status = 'cancelled', version = version + 1,
    ended = jsonb_build_object('why', 'over', 'at', ?::timestamptz, 'by', ?::text)
  where status = 'waitlist' and until_date < (?::timestamptz at time zone 'UTC')::date - 1`;

const columns = `id, version, status, patient_id as "patientId", wants, from_date::text as "fromDate",
  until_date::text as "untilDate", times, notice_minutes as "noticeMinutes", priority, lapses, replaces,
  (select practitioner_id from appointment where id = replaces) as "replacesOf", reason, ended,
  ${isKept('waiting')} as "keptFromGuardians", created_at as "createdAt", created_by as "createdBy"`;

const offerColumns = `appointment_id as "appointmentId", waiting_id as "waitingId", status, offered_at as "offeredAt",
  ends_at as "endsAt", answered_at as "answeredAt", passed_over as "passedOver"`;

interface WaitingRow extends Omit<Waiting, 'priority' | 'createdAt' | 'ended' | 'reason' | 'replaces' | 'replacesOf'> {
  priority: number;
  createdAt: string;
  reason: string | null;
  replaces: string | null;
  replacesOf: string | null;
  ended: (Omit<NonNullable<Waiting['ended']>, 'at'> & { at: string }) | null;
}

interface OfferRow extends Omit<Offer, 'offeredAt' | 'endsAt' | 'answeredAt'> {
  offeredAt: string;
  endsAt: string;
  answeredAt: string | null;
}

const toWaiting = ({ priority, createdAt, ended, reason, replaces, replacesOf, ...row }: WaitingRow): Waiting => ({
  ...row,
  priority: priorities[priority] ?? 'routine',
  replaces: replaces ?? undefined,
  replacesOf: replacesOf ?? undefined,
  reason: reason ?? undefined,
  ended: ended ? { ...ended, at: new Date(ended.at) } : undefined,
  createdAt: new Date(createdAt),
});

const toOffer = ({ offeredAt, endsAt, answeredAt, ...row }: OfferRow): Offer => ({
  ...row,
  offeredAt: new Date(offeredAt),
  endsAt: new Date(endsAt),
  answeredAt: answeredAt ? new Date(answeredAt) : undefined,
});
