import { setTimeout as delay } from 'node:timers/promises';
import { storeFaultOf } from '@cabinet/kit/away';
import type { Orm } from '@cabinet/postgres/orm';
import { Prepared } from '@cabinet/postgres/prepared';
import { SharedTrips } from '@cabinet/postgres/shared-trips';
import { type ChannelName, channelNames } from '../../domain/channel.js';
import type { Decision, Hold } from '../../domain/decisions/decision.js';
import type { Beginning, Claimed, DueDecisions, Happening, Result, SentToday, Told } from '../../domain/ports.js';
import type { SaidBefore } from '../../domain/sending/judge.js';
import type { NotificationEvents } from '../notification-events.js';
import { type DecisionRow, decisionColumns, toDecision } from './decision-rows.js';
import { SaidBeforeThem } from './said-before.js';
import { type Ended, storeResults } from './store-results.js';

/** Claims take their turn, so that what is said together is never shared between two processes. */
const claims = 7_410_011;

/** So long a database that is away is waited for with what came of messages: it is known here alone, and not known they would leave again. */
const awayMsMax = 30_000;
const againMs = 250;

// By the clock of the database, which all replicas share: the clock of one that jumps ends no lease of another.
const unleased = '(leased_until is null or leased_until < clock_timestamp())';

// The leases of what is said together end at one instant: nobody finds some of it without the rest.
const beginMessages = `
  with asked as (
    select * from jsonb_to_recordset(?::jsonb) as row (nth integer, id uuid, lease uuid, seconds float8, is_carrier boolean, covers jsonb)),
  its as (
    select decision.id, asked.nth, asked.seconds, asked.is_carrier, asked.covers from decision join asked on asked.id = decision.id
    where decision.lease = asked.lease and leased_until > clock_timestamp() and state = 'planned'
    order by decision.id for update of decision),
  whole as (
    select its.nth from its group by its.nth having count(*) = (select count(*) from asked where asked.nth = its.nth))
  update decision set leased_until = statement_timestamp() + make_interval(secs => its.seconds),
    is_begun = decision.is_begun or its.is_carrier, attempts = decision.attempts + its.is_carrier::integer,
    covers = case when its.is_carrier then its.covers else decision.covers end
  from its where decision.id = its.id and its.nth in (select nth from whole) returning its.nth`;

/** Messages that are on their way at the same time share their trips to the database. */
export class PostgresDueDecisions implements DueDecisions {
  private readonly questions = new SharedTrips((asked: readonly Decision[]) => this.said.of(asked));
  private readonly beginnings = new SharedTrips((all: readonly Begun[]) => this.beginAll(all));
  private readonly endings = new SharedTrips((all: readonly Ended[]) => this.finishAll(all));

  private readonly said: SaidBeforeThem;
  private readonly begunRows: Prepared<{ nth: number }>;

  constructor(
    private readonly orm: Orm,
    private readonly events: NotificationEvents,
  ) {
    this.said = new SaidBeforeThem(orm);
    this.begunRows = new Prepared(orm, 'begin-messages', beginMessages);
  }

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

  begin(message: Beginning, lease: { id: string; ms: number }): Promise<boolean> {
    return this.beginnings.make({ message, lease });
  }

  private async beginAll(all: readonly Begun[]): Promise<boolean[]> {
    const asked = all.flatMap(({ message: { carrierId, ids, covers }, lease }, nth) =>
      ids.map((id) => ({ nth, id, lease: lease.id, seconds: lease.ms / 1_000, is_carrier: id === carrierId, covers })),
    );
    const begun = new Set((await this.begunRows.run([JSON.stringify(asked)])).map(({ nth }) => nth));
    return all.map((_, nth) => begun.has(nth));
  }

  async finish(results: readonly Result[], lease: string, now: Date): Promise<string[]> {
    return results.length === 0 ? [] : this.endings.make({ results, lease, now });
  }

  private async finishAll(all: readonly Ended[]): Promise<string[][]> {
    const stored = await this.storeAll(all);
    this.events.committed();
    return all.map(({ results }) => results.flatMap(({ id }) => (stored.has(id) ? [] : [id])));
  }

  private async storeAll(all: readonly Ended[]): Promise<Set<string>> {
    for (const until = performance.now() + awayMsMax; ; await delay(againMs)) {
      try {
        return await this.orm.em.fork().transactional((tx) => storeResults(tx, this.events, all));
      } catch (error) {
        if (storeFaultOf(error) !== 'away' || performance.now() > until) throw error;
      }
    }
  }

  async release(lease: string): Promise<void> {
    await this.execute('update decision set lease = null, leased_until = null where lease = ? and not is_begun', [
      lease,
    ]);
  }

  async endStale(now: Date): Promise<number> {
    const ended = await this.orm.em.fork().transactional(async (tx) => {
      const rows = await tx.execute<Suppressed[]>(
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

  saidBefore(decision: Decision): Promise<SaidBefore> {
    return this.questions.make(decision);
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

interface Begun {
  message: Beginning;
  lease: { id: string; ms: number };
}

interface Suppressed {
  id: string;
  version: number;
  patientId: string | null;
  kind: Told['kind'];
  channel: Told['channel'];
  reason: Told['reason'] | null;
  state: string;
}
