import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { type ChannelName, channelNames } from '../../domain/channel.js';
import type { Decision, Hold } from '../../domain/decisions/decision.js';
import type { Beginning, Claimed, DueDecisions, Happening, Result, SentToday, Told } from '../../domain/ports.js';
import type { SaidBefore } from '../../domain/sending/judge.js';
import type { Meeting } from '../../domain/visit.js';
import type { NotificationEvents } from '../notification-events.js';
import { hideWhatBecameKept } from '../planning/hide-what-is-kept.js';
import { type DecisionRow, decisionColumns, toDecision } from './decision-rows.js';
import { applyReceipts } from './postgres-receipts.js';

/** Claims take their turn, so that what is said together is never shared between two processes. */
const claims = 7_410_011;

// By the clock of the database, which all replicas share: the clock of one that jumps ends no lease of another.
const unleased = '(leased_until is null or leased_until < clock_timestamp())';

export class PostgresDueDecisions implements DueDecisions {
  constructor(
    private readonly orm: Orm,
    private readonly events: NotificationEvents,
  ) {}

  async claim(now: Date, limit: number, lease: { id: string; ms: number }): Promise<Claimed[]> {
    const rows = await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [claims]);
      return tx.execute<(DecisionRow & { was_begun: boolean })[]>(
        `with due as (
           select id, together from decision where state = 'planned' and next_at <= ? and ${unleased}
           order by next_at, id limit ? for update skip locked),
         beside as (
           select other.id from decision as other
           where other.state = 'planned' and other.together in (select together from due) and ${unleased.replaceAll('leased', 'other.leased')}
             and other.expires_at > ?
           for update skip locked),
         taken as (
           update decision set lease = ?, leased_until = statement_timestamp() + make_interval(secs => ?)
           where id in (select id from due union select id from beside)
           returning *)
         select ${decisionColumns.replaceAll('decision.', '')}, is_begun as was_begun from taken order by starts_at, id`,
        [now, limit, now, lease.id, lease.ms / 1_000],
      );
    });
    return rows.map(({ was_begun, ...row }) => ({ decision: toDecision(row), wasBegun: was_begun }));
  }

  // The leases of what is said together end at one instant: nobody finds some of it without the rest.
  async begin({ carrierId, ids, covers }: Beginning, lease: { id: string; ms: number }): Promise<boolean> {
    const begun = await this.execute(
      `with its as (
         select id, id = ? as is_carrier from decision
         where id = any(?::uuid[]) and lease = ? and leased_until > clock_timestamp() and state = 'planned' for update)
       update decision set leased_until = statement_timestamp() + make_interval(secs => ?), is_begun = is_begun or is_carrier,
         attempts = attempts + is_carrier::integer, covers = case when is_carrier then ?::jsonb else covers end
       from its where decision.id = its.id and (select count(*) from its) = ? returning decision.id`,
      [carrierId, `{${ids.join(',')}}`, lease.id, lease.ms / 1_000, covers ? JSON.stringify(covers) : null, ids.length],
    );
    return begun.length > 0;
  }

  async finish(results: readonly Result[], lease: string, now: Date): Promise<string[]> {
    if (results.length === 0) return [];
    const done = await this.orm.em.fork().transactional(async (tx) => {
      const rows = await this.store(tx, results, lease, now);
      const together = results.filter(({ sent }) => sent?.covers).map(({ id }) => id);
      if (together.length > 0) await hideWhatBecameKept(tx, together);
      const over = rows.filter(({ state }) => state !== 'planned');
      await this.events.enqueueAll(
        tx,
        over.map(({ state, ...told }): [Told, Happening] => [told, state as Happening]),
      );
      const left = results.flatMap(({ sent }) => sent?.providerId ?? []);
      await applyReceipts(tx, this.events, left, now);
      return rows.length < results.length ? [...rows, ...(await this.releaseEnded(tx, results, lease))] : rows;
    });
    this.events.committed();
    const stored = new Set(done.map(({ id }) => id));
    return results.flatMap(({ id }) => (stored.has(id) ? [] : [id]));
  }

  // What has left has left, also when it was superseded while it was on its way; nothing else revives what somebody ended.
  private async store(tx: EntityManager, results: readonly Result[], lease: string, now: Date) {
    const rows = await tx.execute<Stored[]>(
      `update decision set version = decision.version + 1, decided_at = ?, state = row.state, reason = row.reason, hold = row.hold,
         failure_class = coalesce(row.failure_class, case when row.state = 'planned' then decision.failure_class end),
         failure_text = coalesce(row.failure_text, case when row.state = 'planned' then decision.failure_text end),
         next_at = coalesce(row.next_at, decision.next_at), lease = null, leased_until = null,
         is_begun = decision.is_begun and coalesce(row.is_open, false), sent_at = row.sent_at, provider = coalesce(row.provider, decision.provider), provider_id = row.provider_id,
         parts = row.parts, cost = row.cost,
         covers = coalesce(row.covers, case when decision.is_begun and row.is_open then decision.covers end),
         may_have_left_twice = decision.may_have_left_twice or coalesce(row.may_have_left_twice, false),
         kept_from_guardians = decision.kept_from_guardians or coalesce(row.is_kept, false),
         template = row.template, template_version = row.template_version, language = row.language,
         text_values = row.text_values, text_hash = encode(sha256(convert_to(row.text_values::text, 'UTF8')), 'hex')
       from jsonb_to_recordset(?::jsonb) as row (id uuid, state text, reason text, hold text, failure_class text, failure_text text,
         next_at timestamptz, sent_at timestamptz, provider text, provider_id text, parts integer, cost integer, covers jsonb,
         may_have_left_twice boolean, is_kept boolean, is_open boolean, template text, template_version text, language text, text_values jsonb)
       where decision.id = row.id and lease = ? and (decision.state = 'planned' or row.state = 'sent')
       returning decision.id, decision.version, patient_id as "patientId", kind, channel, decision.reason, decision.state`,
      [now, JSON.stringify(results.map(toResultRow)), lease],
    );
    return rows.map(({ patientId, reason, ...row }) => ({
      ...row,
      patientId: patientId ?? undefined,
      reason: reason ?? undefined,
    }));
  }

  /** What was suppressed while somebody was at it stays so, and is nobody's any more. */
  private releaseEnded(tx: EntityManager, results: readonly Result[], lease: string): Promise<{ id: string }[]> {
    return tx.execute(
      `update decision set lease = null, leased_until = null, is_begun = false
       where id = any(?::uuid[]) and lease = ? and state <> 'planned' returning id`,
      [`{${results.map(({ id }) => id).join(',')}}`, lease],
    );
  }

  async release(lease: string): Promise<void> {
    await this.execute('update decision set lease = null, leased_until = null where lease = ? and not is_begun', [
      lease,
    ]);
  }

  async endStale(now: Date): Promise<number> {
    const ended = await this.orm.em.fork().transactional(async (tx) => {
      const rows = await tx.execute<Stored[]>(
        `update decision set version = version + 1, decided_at = ?, state = 'suppressed', hold = null,
           reason = case when starts_at <= ? then 'past' else 'stale' end, lease = null, leased_until = null
         where id in (
           select id from decision where state in ('planned', 'held') and expires_at <= ?
             and (state = 'held' or not is_begun and ${unleased})
           order by expires_at limit 2000 for update skip locked)
         returning id, version, patient_id as "patientId", kind, channel, reason, state`,
        [now, now, now],
      );
      await this.events.enqueueAll(
        tx,
        rows.map(({ state, ...told }): [Told, Happening] => [
          { ...told, patientId: told.patientId ?? undefined, reason: told.reason ?? undefined },
          state as Happening,
        ]),
      );
      return rows.length;
    });
    if (ended > 0) this.events.committed();
    return ended;
  }

  async takeUp(holds: readonly Hold[], before: Date, now: Date, channels = channelNames as readonly ChannelName[]) {
    const taken = await this.execute(
      `update decision set version = version + 1, state = 'planned', hold = null, next_at = ?, decided_at = ?
       where state = 'held' and hold = any(?::text[]) and channel = any(?::text[]) and decided_at < ? and expires_at > ? returning id`,
      [now, now, `{${holds.join(',')}}`, `{${channels.join(',')}}`, before, now],
    );
    return taken.length;
  }

  async saidBefore({ occasionId, occasionVersion, recipientId }: Decision): Promise<SaidBefore> {
    const [row] = await this.execute<{
      last: ToldMeeting | null;
      kind: string | null;
      first: ToldMeeting | null;
      is_unsaid: boolean;
      is_in_calendar: boolean;
    }>(
      `select last.meeting as last, last.kind, (select jsonb_build_object('start', first_starts_at,
           'practitionerId', first_practitioner_id, 'placeId', first_place_id) from visit where appointment_id = asked.id) as first,
         exists (select from decision where occasion_id = asked.id and occasion_version < ? and kind = 'confirmation'
           and state = 'suppressed' and reason = 'superseded') as is_unsaid,
         exists (select from decision where occasion_id = asked.id and recipient_id = ? and channel = 'email'
           and kind in ('confirmation', 'moved') and sent_at is not null) as is_in_calendar
       from (select ?::uuid as id) as asked
         left join lateral (select kind, jsonb_build_object('start', starts_at, 'practitionerId', practitioner_id,
             'placeId', place_id) as meeting from decision where occasion_id = asked.id and occasion_version < ?
           and sent_at is not null order by occasion_version desc, sent_at desc limit 1) as last on true`,
      [occasionVersion, recipientId, occasionId, occasionVersion],
    );
    if (!row) return {};
    return {
      last: toMeeting(row.last),
      isCancelled: row.kind === 'cancelled',
      isUnsaid: row.is_unsaid,
      isInCalendar: row.is_in_calendar,
      first: toMeeting(row.first),
    };
  }

  async sentSince(since: Date, recipientIds: readonly string[]): Promise<SentToday> {
    const [channels, recipients] = await Promise.all([
      this.execute<{ channel: ChannelName; count: string }>(
        'select channel, count(*) from decision where sent_at >= ? group by channel',
        [since],
      ),
      this.execute<{ recipient_id: string; count: string }>(
        'select recipient_id, count(*) from decision where recipient_id = any(?::uuid[]) and sent_at >= ? group by recipient_id',
        [`{${recipientIds.join(',')}}`, since],
      ),
    ]);
    return {
      byChannel: new Map(channels.map(({ channel, count }) => [channel, Number(count)])),
      byRecipient: new Map(recipients.map(({ recipient_id, count }) => [recipient_id, Number(count)])),
    };
  }

  private execute<T>(sql: string, values: unknown[]): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

interface ToldMeeting {
  start: string | null;
  practitionerId: string | null;
  placeId: string | null;
}

const toMeeting = (told: ToldMeeting | null): Meeting | undefined =>
  told?.start
    ? {
        start: new Date(told.start),
        practitionerId: told.practitionerId ?? undefined,
        placeId: told.placeId ?? undefined,
      }
    : undefined;

interface Stored {
  id: string;
  version: number;
  patientId: string | null;
  kind: Told['kind'];
  channel: Told['channel'];
  reason: Told['reason'] | null;
  state: string;
}

const toResultRow = ({
  id,
  state,
  reason,
  hold,
  failure,
  mayHaveSent,
  nextAt,
  sent,
  written,
  isKept,
  isOpen,
}: Result) => ({
  id,
  state,
  reason,
  hold,
  failure_class: failure?.class,
  failure_text: failure?.text.slice(0, 500),
  next_at: nextAt,
  sent_at: sent?.sentAt,
  provider: sent?.provider ?? mayHaveSent,
  provider_id: sent?.providerId,
  parts: sent?.parts,
  cost: sent?.cost,
  covers: sent?.covers,
  may_have_left_twice: sent?.mayHaveLeftTwice,
  is_kept: isKept,
  is_open: isOpen,
  template: written?.template,
  template_version: written?.templateVersion,
  language: written?.language,
  // What did not leave is read by nobody, and would be forgotten by nobody.
  text_values: sent && written?.values,
});
