import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { SharedTrips } from '@cabinet/postgres/shared-trips';
import type { ChannelName } from '../domain/channel.js';
import type { AfterMark, Mark, UnreachableAddress, UnreachableAddresses } from '../domain/channels/unreachable.js';
import type { AddressDigests } from './address-digests.js';
import { waitForPatientChanges } from './patient-changes.js';

interface Row {
  id: string;
  recipient_id: string;
  channel: ChannelName;
  why: Mark;
  said: string;
  since: string | Date;
  notification_id: string;
}

interface Asked {
  recipientId: string;
  channel: ChannelName;
}

interface Note {
  decision_id: string;
  digest: string | undefined;
}

export class PostgresUnreachable implements UnreachableAddresses {
  private readonly questions = new SharedTrips((asked: readonly Asked[]) => this.marksOfAll(asked));
  private readonly notes = new SharedTrips((notes: readonly Note[]) => this.noteAll(notes));

  constructor(
    private readonly orm: Orm,
    private readonly digests: AddressDigests,
  ) {}

  marksOf(recipientId: string, channel: ChannelName): Promise<(address: string) => Mark | undefined> {
    return this.questions.make({ recipientId, channel });
  }

  private async marksOfAll(asked: readonly Asked[]): Promise<((address: string) => Mark | undefined)[]> {
    const rows = await this.execute<{ recipient_id: string; channel: ChannelName; digest: string; why: Mark }>(
      'select recipient_id, channel, digest, why from unreachable_address where recipient_id = any(?::uuid[])',
      [`{${asked.map(({ recipientId }) => recipientId).join(',')}}`],
    );
    return asked.map(({ recipientId, channel }) => {
      const its = rows.filter((row) => row.recipient_id === recipientId && row.channel === channel);
      if (its.length === 0) return () => undefined;
      const marks = new Map(its.map(({ digest, why }) => [digest, why]));
      return (address: string) => this.digests.of(address).flatMap((digest) => marks.get(digest) ?? [])[0];
    });
  }

  noteAddress(decisionId: string, address: string): Promise<void> {
    return this.notes.make({ decision_id: decisionId, digest: this.digests.of(address)[0] });
  }

  private async noteAll(notes: readonly Note[]): Promise<undefined[]> {
    // Of one decision the last: the same row cannot be written twice at once.
    const latest = [...new Map(notes.map((note) => [note.decision_id, note])).values()];
    await this.execute(
      `insert into sent_to
       select decision.id, row.digest from jsonb_to_recordset(?::jsonb) as row (decision_id uuid, digest text)
         join decision on decision.id = row.decision_id
       on conflict (decision_id) do update set digest = excluded.digest where sent_to.digest <> excluded.digest`,
      [JSON.stringify(latest)],
    );
    return notes.map(() => undefined);
  }

  async mark(decisionId: string, why: Mark, text: string, now: Date): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await waitForPatientChanges(tx);
      await markAddress(tx, decisionId, why, text, now);
    });
  }

  async messageOf(provider: string, providerId: string): Promise<string | undefined> {
    const [row] = await this.execute<{ id: string }>(
      'select id from decision where provider = ? and provider_id = ? order by sent_at desc nulls last limit 1',
      [provider, providerId],
    );
    return row?.id;
  }

  async recipientsAt(number: string): Promise<string[]> {
    const rows = await this.execute<{ recipient_id: string }>(
      `select distinct recipient_id from sent_to join decision on decision.id = sent_to.decision_id
       where digest = any(?::text[]) and channel = 'sms' and occasion <> 'code' order by recipient_id`,
      [`{${this.digests.of(number).join(',')}}`],
    );
    return rows.map(({ recipient_id }) => recipient_id);
  }

  async list(asked: string | undefined, limit: number, after?: AfterMark): Promise<UnreachableAddress[]> {
    const [conditions, values]: [string[], unknown[]] = [['true'], []];
    if (asked !== undefined) {
      conditions.push('recipient_id = ?');
      values.push((await currentPatientId(this.orm.em.fork(), asked)) ?? asked);
    }
    if (after) {
      conditions.push('(since, id) < (?, ?::uuid)');
      values.push(new Date(after[0]), after[1]);
    }
    const rows = await this.execute<Row>(
      `select * from unreachable_address where ${conditions.join(' and ')} order by since desc, id desc limit ?`,
      [...values, limit + 1],
    );
    return rows.map(toAddress);
  }

  async clear(id: string): Promise<string | undefined> {
    const [row] = await this.execute<{ recipient_id: string }>(
      'delete from unreachable_address where id = ? returning recipient_id',
      [id],
    );
    return row?.recipient_id;
  }

  private execute<T>(sql: string, values: unknown[]): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

/** Of a code nobody is known whose address it went to. What was refused is refused, whatever was said before. */
export const markAddress = (
  tx: EntityManager,
  decisionId: string,
  why: Mark,
  text: string,
  now: Date,
): Promise<unknown> =>
  tx.execute(
    `insert into unreachable_address (id, recipient_id, channel, digest, why, said, since, notification_id)
     select gen_random_uuid(), recipient_id, channel, digest, ?::text, ?::text, ?::timestamptz, decision.id
     from decision join sent_to on sent_to.decision_id = decision.id
     where decision.id = ? and occasion <> 'code' and channel in ('email', 'sms')
     on conflict (recipient_id, channel, digest) do update set why = excluded.why, said = excluded.said, since = excluded.since,
       notification_id = excluded.notification_id
     where unreachable_address.why = 'complained' and excluded.why = 'refused'`,
    [why, text.slice(0, 500), now, decisionId],
  );

const toAddress = ({ id, recipient_id, channel, why, said, since, notification_id }: Row): UnreachableAddress => ({
  ...{ id, patientId: recipient_id, channel, why, text: said, since: new Date(since) },
  notificationId: notification_id,
});
