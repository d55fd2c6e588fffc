import type { EntityManager } from '@cabinet/postgres/orm';
import type { Happening, Result, Told } from '../../domain/ports.js';
import type { NotificationEvents } from '../notification-events.js';
import { hideWhatBecameKept } from '../planning/hide-what-is-kept.js';
import { applyReceipts } from './postgres-receipts.js';

/** What came of decisions that a process had under its lease. */
export interface Ended {
  results: readonly Result[];
  lease: string;
  now: Date;
}

interface Stored {
  id: string;
  version: number;
  patientId: string | null;
  kind: Told['kind'];
  channel: Told['channel'];
  reason: Told['reason'] | null;
  state: string;
}

/** Stores what came of them, and tells it. @returns the ids of which something was stored */
export async function storeResults(
  tx: EntityManager,
  events: NotificationEvents,
  all: readonly Ended[],
): Promise<Set<string>> {
  const given = all.flatMap(({ results, lease, now }) => results.map((result) => toRow(result, lease, now)));
  const stored = await store(tx, given);
  const together = given.filter(({ sent_at, covers }) => sent_at && covers).map(({ id }) => id);
  if (together.length > 0) await hideWhatBecameKept(tx, together);
  const over = stored.filter(({ state }) => state !== 'planned');
  await events.enqueueAll(
    tx,
    over.map(({ state, patientId, reason, ...its }): [Told, Happening] => [
      { ...its, patientId: patientId ?? undefined, reason: reason ?? undefined },
      state as Happening,
    ]),
  );
  const left = given.flatMap(({ provider_id }) => provider_id ?? []);
  const latest = all.reduce((last, { now }) => (now > last ? now : last), new Date(0));
  await applyReceipts(tx, events, left, latest);
  const ended = stored.length < given.length ? await releaseEnded(tx, given) : [];
  return new Set([...stored, ...ended].map(({ id }) => id));
}

type Row = ReturnType<typeof toRow>;

// What has left has left, also when it was superseded while it was on its way; nothing else revives what somebody ended.
const store = (tx: EntityManager, rows: readonly Row[]): Promise<Stored[]> =>
  tx.execute<Stored[]>(
    `update decision set version = decision.version + 1, decided_at = row.decided_at, state = row.state, reason = row.reason,
       hold = row.hold,
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
     from jsonb_to_recordset(?::jsonb) as row (id uuid, lease uuid, decided_at timestamptz, state text, reason text, hold text,
       failure_class text, failure_text text,
       next_at timestamptz, sent_at timestamptz, provider text, provider_id text, parts integer, cost integer, covers jsonb,
       may_have_left_twice boolean, is_kept boolean, is_open boolean, template text, template_version text, language text, text_values jsonb)
     where decision.id = row.id and decision.lease = row.lease and (decision.state = 'planned' or row.state = 'sent')
     returning decision.id, decision.version, patient_id as "patientId", kind, channel, decision.reason, decision.state`,
    [JSON.stringify(rows)],
  );

/** What was suppressed while somebody was at it stays so, and is nobody's any more. */
const releaseEnded = (tx: EntityManager, rows: readonly Row[]): Promise<{ id: string }[]> =>
  tx.execute(
    `update decision set lease = null, leased_until = null, is_begun = false
     from jsonb_to_recordset(?::jsonb) as row (id uuid, lease uuid)
     where decision.id = row.id and decision.lease = row.lease and decision.state <> 'planned' returning decision.id`,
    [JSON.stringify(rows.map(({ id, lease }) => ({ id, lease })))],
  );

const toRow = (
  { id, state, reason, hold, failure, nextAt, sent, written, ...its }: Result,
  lease: string,
  now: Date,
) => ({
  ...{ id, lease, decided_at: now, state, reason, hold },
  failure_class: failure?.class,
  failure_text: failure?.text.slice(0, 500),
  next_at: nextAt,
  sent_at: sent?.sentAt,
  provider: sent?.provider ?? its.mayHaveSent,
  provider_id: sent?.providerId,
  parts: sent?.parts,
  cost: sent?.cost,
  covers: sent?.covers,
  may_have_left_twice: sent?.mayHaveLeftTwice,
  is_kept: its.isKept,
  is_open: its.isOpen,
  template: written?.template,
  template_version: written?.templateVersion,
  language: written?.language,
  // What did not leave is read by nobody, and would be forgotten by nobody.
  text_values: sent && written?.values,
});
