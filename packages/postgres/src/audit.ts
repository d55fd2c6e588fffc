import {
  type AuditEvent,
  type ChainVerdict,
  chainStart,
  type SealedEvent,
  seal,
  verifyChain,
} from '@cabinet/service/audit/chain';
import type { AuditTrail } from '@cabinet/service/audit/trail';
import { Batches } from '@cabinet/service/batches';
import type { Orm } from './orm.js';
import { sqlState } from './sql-state.js';

/**
 * The table of the audit trail, for a migration. A trigger refuses every change and removal, also by the service's own
 * role; the hash chain shows what somebody with more rights may have done.
 */
export const auditTable = `
create table audit_event (
  sequence bigint primary key,
  at timestamptz(3) not null,
  actor text not null,
  roles text[] not null,
  action text not null,
  subjects text[] not null,
  outcome integer not null,
  request_id text not null,
  address text,
  hash text not null
);
create index audit_event_subjects on audit_event using gin (subjects);
create function refuse_change_of_audit() returns trigger language plpgsql as
  'begin raise exception ''audit events are neither changed nor removed''; end';
create trigger audit_event_stays before update or delete or truncate on audit_event
  for each statement execute function refuse_change_of_audit();
`;

export class PostgresAuditTrail implements AuditTrail {
  private readonly batches = new Batches(async (events: AuditEvent[]) => {
    await this.store(events);
    return [];
  });
  /** As this process left it; another may have gone on since, which the next insert shows. */
  private last?: ChainEnd;

  constructor(private readonly orm: Orm) {}

  append(event: AuditEvent): Promise<void> {
    return this.batches.add(event);
  }

  /** Recomputes the whole chain. */
  verify(): Promise<ChainVerdict> {
    return verifyChain(auditEvents((sql) => this.orm.em.fork().execute(sql)));
  }

  private async store(events: AuditEvent[]): Promise<void> {
    for (let isStored = false; !isStored; ) {
      let end: ChainEnd = this.last ?? (await readLast(this.orm));
      const sealed = events.map((event) => {
        const next = seal(event, end.sequence + 1, end.hash);
        end = next;
        return next;
      });
      isStored = await this.insert(sealed);
      this.last = isStored ? end : undefined;
    }
  }

  /** @returns false when another process has taken these places in the chain */
  private async insert(sealed: SealedEvent[]): Promise<boolean> {
    try {
      await this.orm.em.fork().execute(
        `insert into audit_event (sequence, at, actor, roles, action, subjects, outcome, request_id, address, hash)
         select sequence, at, actor, roles, action, subjects, outcome, "requestId", address, hash
         from jsonb_to_recordset(?::jsonb) as row (sequence bigint, at timestamptz, actor text, roles text[],
           action text, subjects text[], outcome integer, "requestId" text, address text, hash text)`,
        [JSON.stringify(sealed)],
      );
      return true;
    } catch (error) {
      this.last = undefined;
      if (sqlState(error) === uniqueViolation) return false;
      throw error;
    }
  }
}

type ChainEnd = Pick<SealedEvent, 'sequence' | 'hash'>;
const uniqueViolation = '23505';

async function readLast(orm: Orm): Promise<ChainEnd> {
  const [row] = await orm.em
    .fork()
    .execute<{ sequence: string; hash: string }[]>(
      'select sequence, hash from audit_event order by sequence desc limit 1',
    );
  return row ? { sequence: Number(row.sequence), hash: row.hash } : { sequence: 0, hash: chainStart };
}

/** All audit events in order; `execute` runs a query on the service's database. */
export async function* auditEvents(execute: (sql: string) => Promise<object[]>): AsyncGenerator<SealedEvent> {
  for (let after = 0, size = pageSize; size === pageSize; ) {
    const rows = (await execute(
      `select sequence, at, actor, roles, action, subjects, outcome, request_id, address, hash
       from audit_event where sequence > ${after} order by sequence limit ${pageSize}`,
    )) as Row[];
    size = rows.length;
    for (const row of rows) {
      after = Number(row.sequence);
      yield toSealedEvent(row);
    }
  }
}

const pageSize = 1_000;

interface Row extends Omit<SealedEvent, 'sequence' | 'at' | 'requestId' | 'address'> {
  sequence: string;
  at: Date;
  request_id: string;
  address: string | null;
}

const toSealedEvent = ({ request_id, address, ...row }: Row): SealedEvent => ({
  ...row,
  sequence: Number(row.sequence),
  at: new Date(row.at),
  requestId: request_id,
  address: address ?? undefined,
});
