import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { sqlState } from '@cabinet/postgres/sql-state';
import type { Born, Day } from '../domain/ages.js';
import type { Identifier, Patient } from '../domain/patient.js';
import type {
  AfterPatient,
  PatientCriteria,
  PatientStatus,
  Patients,
  PatientTransaction,
  ResolvedIdentifier,
} from '../domain/ports.js';
import type { RelatedPerson } from '../domain/related-person.js';
import type { SecurityLabel } from '../domain/security-label.js';
import type { VisitSummaries } from '../domain/visits.js';
import { IdentifierSchema, PatientSchema } from './patient.schema.js';
import { toPatients } from './patient-rows.js';
import { type PatientEvents, PostgresPatientTransaction } from './postgres-patient-transaction.js';
import type { RelatedPersonEvents } from './postgres-related-persons.js';
import { currentlyRelated, RelatedPersonSchema, toRelatedPerson } from './related-person.schema.js';
import { everyLabelOf, labelsOf } from './security-label-table.js';
import { visitSummaries } from './visit-table.js';

export class PostgresPatients implements Patients {
  constructor(
    private readonly orm: Orm,
    private readonly events: PatientEvents,
    private readonly relatedEvents: RelatedPersonEvents,
    private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<Patient | undefined> {
    const em = this.orm.em.fork();
    const rows = await em.find(PatientSchema, { id });
    return (await withIdentifiers(em, rows))[0];
  }

  async search(criteria: PatientCriteria, limit: number, after?: AfterPatient): Promise<Patient[]> {
    const em = this.orm.em.fork();
    const place = placeAmong(criteria);
    const { where, values } = conditionsOf(criteria);
    if (after) {
      where.push(`(${place.sql}, id) > (?, ?::uuid)`);
      values.push(...place.values, ...after);
    }
    const found = await em.execute<{ id: string }[]>(
      `select id from patient where ${where.join(' and ')} order by ${place.sql}, id limit ?`,
      [...values, ...place.values, limit + 1],
    );
    const rows = await em.find(PatientSchema, { id: { $in: found.map(({ id }) => id) } });
    const order = new Map(found.map(({ id }, nth) => [id, nth]));
    return withIdentifiers(
      em,
      rows.sort((one, other) => (order.get(one.id) as number) - (order.get(other.id) as number)),
    );
  }

  visitsOf(patientIds: string[]): Promise<Map<string, VisitSummaries>> {
    return visitSummaries(this.orm.em.fork(), patientIds, this.clock.now());
  }

  resolve(identifiers: Identifier[]): Promise<ResolvedIdentifier[]> {
    return this.orm.em.fork().execute<ResolvedIdentifier[]>(
      `select system, value, patient_id as "patientId", active
       from jsonb_to_recordset(?::jsonb) as wanted (system text, value text)
         join patient_identifier using (system, value) join patient on patient.id = patient_id`,
      [JSON.stringify(identifiers)],
    );
  }

  async statusOf(ids: string[]): Promise<PatientStatus[]> {
    const rows = await this.orm.em.fork().execute<(PatientStatus & { mergedInto: string | null })[]>(
      `select asked.id as "patientId", asked.active and asked.merged_into is null as active,
         coalesce(survivor.inactive_reason, asked.inactive_reason, '') = 'deceased' as deceased,
         asked.merged_into as "mergedInto"
       from patient as asked left join patient as survivor on survivor.id = asked.merged_into
       where asked.id = any(?::uuid[]) and asked.erased_at is null`,
      [`{${ids.join(',')}}`],
    );
    return rows.map(({ mergedInto, ...status }) => (mergedInto ? { ...status, mergedInto } : status));
  }

  async relatedTo(patientIds: string[], now: Date): Promise<RelatedPerson[]> {
    if (patientIds.length === 0) return [];
    const where = currentlyRelated(patientIds, now);
    return (await this.orm.em.fork().find(RelatedPersonSchema, where, { orderBy: { id: 'asc' } })).map(toRelatedPerson);
  }

  async guardiansNotBy(setting: string, now: Date, { limit, after }: { limit: number; after?: string }) {
    const where = {
      relationship: 'guardian' as const,
      endedAt: null,
      until: { $gt: now },
      $or: [{ agesSetting: null }, { agesSetting: { $ne: setting } }],
      ...(after && { id: { $gt: after } }),
    };
    const rows = await this.orm.em.fork().find(RelatedPersonSchema, where, { orderBy: { id: 'asc' }, limit });
    return rows.map(toRelatedPerson);
  }

  async namesOf(ids: string[]): Promise<Map<string, Pick<Patient, 'familyName' | 'givenNames'>>> {
    if (ids.length === 0) return new Map();
    const rows = await this.orm.em.fork().find(PatientSchema, { id: { $in: ids } });
    return new Map(rows.map(({ id, familyName, givenNames }) => [id, { familyName, givenNames }]));
  }

  async guardiansReachedAt(patientIds: string[], now: Date): Promise<Map<string, string[]>> {
    if (patientIds.length === 0) return new Map();
    const rows = await this.orm.em.fork().execute<{ id: string; values: string[] }[]>(
      `select relation.patient_id as id, jsonb_agg(point ->> 'value') as values
       from related_person as relation join patient on patient.id = relation.related_patient_id,
         jsonb_array_elements(patient.telecom) as point
       where relation.patient_id = any(?::uuid[]) and relation.relationship = 'guardian' and relation.ended_at is null
         and relation.until_at > ?
       group by relation.patient_id`,
      [`{${patientIds.join(',')}}`, now],
    );
    return new Map(rows.map(({ id, values }) => [id, values]));
  }

  async bornIn(ranges: [from: Day, to: Day][]): Promise<Born[]> {
    const within = ranges.map(() => 'birth_date between ?::date and ?::date').join(' or ');
    const rows = await this.orm.em.fork().execute<Born[]>(
      `select id, version, family_name as "familyName", given_names as "givenNames", birth_date::text as "birthDate",
         created_at as "createdAt"
       from patient where (${within}) and active`,
      ranges.flat(),
    );
    return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  }

  async earlierIds(patientId: string): Promise<string[]> {
    const rows = await this.orm.em
      .fork()
      .execute<{ id: string }[]>('select id from patient where merged_into = ?', [patientId]);
    return rows.map(({ id }) => id);
  }

  labelsOf(patientId: string): Promise<SecurityLabel[]> {
    return labelsOf(this.orm.em.fork(), patientId);
  }

  everyLabelOf(patientId: string): Promise<SecurityLabel[]> {
    return everyLabelOf(this.orm.em.fork(), patientId);
  }

  async inTransaction<T>(work: (tx: PatientTransaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await this.orm.em
          .fork()
          .transactional((tx) => work(new PostgresPatientTransaction(tx, this.events, this.relatedEvents)));
        this.events.committed();
        return result;
      } catch (error) {
        // Somebody stored the same identifier in the same moment, or two locked each other out: a further try finds
        // what the other has stored and can say so.
        if (tries === 3 || !['23505', '40P01'].includes(sqlState(error) ?? '')) throw error;
      }
    }
  }
}

async function withIdentifiers(em: EntityManager, rows: Parameters<typeof toPatients>[0]): Promise<Patient[]> {
  const ids = rows.map(({ id }) => id);
  const identifiers = ids.length > 0 ? await em.find(IdentifierSchema, { patientId: { $in: ids } }) : [];
  return toPatients(rows, identifiers);
}

/** As `placeOf` says. Without words it is the name alone, of which there is an index. */
function placeAmong({ words = [] }: PatientCriteria): { sql: string; values: string[] } {
  const ways = words.flat();
  if (ways.length === 0) return { sql: 'sort_name', values: [] };
  const isCalledSo = ways.map(() => 'sort_name like ?').join(' or ');
  return {
    sql: `(case when ${isCalledSo} then '0' else '1' end || sort_name)`,
    values: ways.map((way) => `${way}%`),
  };
}

function conditionsOf(criteria: PatientCriteria) {
  const { words = [], birthDate, identifier, reachedAt = [], active } = criteria;
  const where = ['merged_into is null', 'erased_at is null'];
  const values: unknown[] = [];
  const add = (condition: string, ...its: unknown[]) => {
    where.push(condition);
    values.push(...its);
  };
  // Folded words have letters and digits only, so nothing in them is a wildcard.
  for (const ways of words) {
    add(`(${ways.map(() => 'search_text like ?').join(' or ')})`, ...ways.map((way) => `% ${way}%`));
  }
  if (birthDate) add('birth_date = ?::date', birthDate);
  if (active !== undefined) add('active = ?', active);
  if (reachedAt.length > 0) add('contact_values(telecom, contacts) @> ?::jsonb', JSON.stringify(reachedAt));
  if (identifier) {
    const system = identifier.system ? ' and system = ?' : '';
    add(
      `id in (select patient_id from patient_identifier where value = ?${system})`,
      identifier.value,
      ...(identifier.system ? [identifier.system] : []),
    );
  }
  return { where, values };
}
