import type { Orm } from '@cabinet/postgres/orm';
import { Prepared } from '@cabinet/postgres/prepared';
import type { Decision } from '../../domain/decisions/decision.js';
import type { SaidBefore } from '../../domain/sending/judge.js';
import type { Meeting } from '../../domain/visit.js';

interface ToldMeeting {
  start: string | null;
  practitionerId: string | null;
  placeId: string | null;
}

interface Row {
  last: ToldMeeting | null;
  kind: string | null;
  first: ToldMeeting | null;
  is_unsaid: boolean;
  is_in_calendar: boolean;
}

const question = `
  select last.meeting as last, last.kind, (select jsonb_build_object('start', first_starts_at,
      'practitionerId', first_practitioner_id, 'placeId', first_place_id) from visit where appointment_id = asked.id) as first,
    exists (select from decision where occasion_id = asked.id and occasion_version < asked.below and kind = 'confirmation'
      and state = 'suppressed' and reason = 'superseded') as is_unsaid,
    exists (select from decision where occasion_id = asked.id and recipient_id = asked.recipient and channel = 'email'
      and kind in ('confirmation', 'moved') and sent_at is not null) as is_in_calendar
  from jsonb_to_recordset(?::jsonb) as asked (nth integer, id uuid, below integer, recipient uuid)
    left join lateral (select kind, jsonb_build_object('start', starts_at, 'practitionerId', practitioner_id,
        'placeId', place_id) as meeting from decision where occasion_id = asked.id and occasion_version < asked.below
      and sent_at is not null order by occasion_version desc, sent_at desc limit 1) as last on true
  order by asked.nth`;

/** What had been said of visits before the versions that decisions are of. */
export class SaidBeforeThem {
  private readonly rows: Prepared<Row>;

  constructor(orm: Orm) {
    this.rows = new Prepared(orm, 'said-before', question);
  }

  /** In their order. */
  async of(decisions: readonly Decision[]): Promise<SaidBefore[]> {
    const asked = decisions.map(({ occasionId, occasionVersion, recipientId }, nth) => ({
      ...{ nth, id: occasionId, below: occasionVersion, recipient: recipientId },
    }));
    const rows = await this.rows.run([JSON.stringify(asked)]);
    return rows.map((row) => ({
      last: toMeeting(row.last),
      isCancelled: row.kind === 'cancelled',
      isUnsaid: row.is_unsaid,
      isInCalendar: row.is_in_calendar,
      first: toMeeting(row.first),
    }));
  }
}

const toMeeting = (told: ToldMeeting | null): Meeting | undefined =>
  told?.start
    ? {
        start: new Date(told.start),
        practitionerId: told.practitionerId ?? undefined,
        placeId: told.placeId ?? undefined,
      }
    : undefined;
