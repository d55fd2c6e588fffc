import type { Orm } from '@cabinet/postgres/orm';
import { Prepared } from '@cabinet/postgres/prepared';
import { Batches } from '@cabinet/service/batches';
import type { Taken } from '../../domain/availability/availability.js';
import { type ExternalTime, noExternalTime } from '../../domain/availability/external-time.js';
import type { AgendaPlan, AgendaQuery, Agendas, KeptTime, ResourceUse } from '../../domain/availability/ports.js';
import { emptySchedule, type Schedule } from '../../domain/schedule/schedule.js';
import type { Interval } from '../../domain/time/intervals.js';
import { arrayOf, blocksTimeAt, ms } from '../fragments.js';
import { scheduleColumns } from '../schedule/postgres-schedules.js';

/** How a practitioner's time elsewhere is read with the rest: in one question, by one column. */
export interface ExternalColumn<Row> {
  /** JSON of `Row[]` for `asked.id` between `asked.from` and `asked.until`; null where there is nothing. */
  sql: string;
  toExternal(rows: Row[], now: Date): ExternalTime;
}

/** Asked at every booking and search, so in plain rows, and together by all who ask at the same time. */
export class PostgresAgendas<External> implements Agendas {
  private readonly plans = new Batches((queries: AgendaQuery[]) => this.planAll(queries));
  private readonly takings = new Batches((queries: AgendaQuery[]) => this.takenByAll(queries));
  private readonly planRows: Prepared<PlanRow<External>>;
  private readonly takenRows: Prepared<TakenRow>;

  constructor(
    private readonly orm: Orm,
    private readonly external: ExternalColumn<External>,
  ) {
    this.planRows = new Prepared(orm, 'agenda-plans', plansOfAll(external.sql));
    this.takenRows = new Prepared(orm, 'agendas-taken', takenOfAll);
  }

  plan(query: AgendaQuery): Promise<AgendaPlan> {
    return this.plans.add(query);
  }

  taken(query: AgendaQuery): Promise<Taken[]> {
    return this.takings.add(query);
  }

  private async planAll(queries: AgendaQuery[]): Promise<AgendaPlan[]> {
    const rows = await this.planRows.run([JSON.stringify(widest(queries))]);
    const plans = new Map(rows.map((row) => [row.practitionerId, row]));
    return queries.map(({ practitionerId, now }) => {
      const { external, ...schedule } = plans.get(practitionerId) as PlanRow<External>;
      return {
        schedule: isSet(schedule) ? schedule : emptySchedule(practitionerId),
        external: external ? this.external.toExternal(external, now) : noExternalTime,
      };
    });
  }

  private async takenByAll(queries: AgendaQuery[]): Promise<Taken[][]> {
    const now = new Date(Math.max(...queries.map((query) => query.now.getTime())));
    const rows = await this.takenRows.run([JSON.stringify(widest(queries)), now]);
    const taken = Map.groupBy(rows.map(toTaken), (_, nth) => rows[nth]?.practitioner_id);
    return queries.map(({ practitionerId }) => taken.get(practitionerId) ?? []);
  }

  async keptBy(patientIds: readonly string[], range: Interval, now: Date): Promise<KeptTime[]> {
    return this.orm.em.fork().execute<KeptTime[]>(
      `select id as "appointmentId", ${ms('"start"')} as start, ${ms('"end"')} as end from appointment
       where patient_id = any(?::uuid[]) and kept_from_guardians and during && tstzrange(?, ?) and ${blocksTimeAt}`,
      [arrayOf(patientIds), new Date(range.start), new Date(range.end), now],
    );
  }

  async resourcesTaken(numbers: number[], range: Interval, now: Date): Promise<ResourceUse[]> {
    return this.orm.em.fork().execute<ResourceUse[]>(
      `select number, id as "appointmentId", session_key as session, ${ms('lower(busy)')} as start, ${ms('upper(busy)')} as end
       from appointment, unnest(resources) as number
       where resources && ?::int[] and busy && tstzrange(?, ?) and ${blocksTimeAt}`,
      [arrayOf(numbers), new Date(range.start), new Date(range.end), now],
    );
  }
}

const asked = `jsonb_to_recordset(?::jsonb) as asked (id uuid, "from" timestamptz, until timestamptz)`;

const plansOfAll = (external: string) => `
  select asked.id as "practitionerId", ${scheduleColumns}, (${external}) as external
  from ${asked} left join schedule on practitioner_id = asked.id`;

// `offset 0` keeps the look into each agenda a question of its own, which its index answers: taken together they are thought
// to be many, and a table of a few thousand rows was read whole for one of them.
const takenOfAll = `
  select a.* from ${asked} cross join lateral (
    select practitioner_id, id, appointment_type_id, place_id, session_key, seat, day_place,
      case when kept_from_guardians then patient_id end as kept_of,
      ${ms('"start"')} as visit_start, ${ms('"end"')} as visit_end, ${ms('lower(busy)')} as start, ${ms('upper(busy)')} as end
    from appointment
    where practitioner_id = asked.id and busy && tstzrange("from", until) and ${blocksTimeAt} offset 0) as a`;

/** One question for each practitioner, whose answer has what all who ask about that one want to know. */
function widest(queries: AgendaQuery[]): object[] {
  const ranges = new Map<string, Interval>();
  for (const { practitionerId, range } of queries) {
    const { start, end } = ranges.get(practitionerId) ?? range;
    ranges.set(practitionerId, { start: Math.min(start, range.start), end: Math.max(end, range.end) });
  }
  return [...ranges].map(([id, { start, end }]) => ({ id, from: new Date(start), until: new Date(end) }));
}

/** What is of a schedule is null where none was set. */
interface PlanRow<External> extends Schedule {
  external: External[] | null;
}

const isSet = ({ version }: Schedule): boolean => version !== null;

interface TakenRow {
  practitioner_id: string;
  id: string;
  appointment_type_id: string;
  place_id: string;
  session_key: string;
  seat: number | null;
  day_place: number | null;
  kept_of: string | null;
  visit_start: number;
  visit_end: number;
  start: number;
  end: number;
}

const toTaken = (row: TakenRow): Taken => ({
  appointmentId: row.id,
  appointmentTypeId: row.appointment_type_id,
  placeId: row.place_id,
  session: row.session_key,
  seat: row.seat ?? undefined,
  dayPlace: row.day_place ?? undefined,
  keptOf: row.kept_of ?? undefined,
  visit: { start: row.visit_start, end: row.visit_end },
  start: row.start,
  end: row.end,
});
