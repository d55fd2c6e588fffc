import { staleVersion } from '@cabinet/kit/http/etag';
import type { EventSource } from '@cabinet/postgres/event-source';
import { forgetAnswersOf, noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { Erasure } from '../domain/erasure.js';
import type { LegalHold } from '../domain/legal-hold.js';
import type { Identifier, Patient } from '../domain/patient.js';
import type { Forgotten, Happening, KnownPerson, PatientTransaction } from '../domain/ports.js';
import type { LabelCode, SecurityLabel } from '../domain/security-label.js';
import { IdentifierSchema, PatientSchema } from './patient.schema.js';
import { toIdentifierRows, toPatients, toRow } from './patient-rows.js';
import { endHolds, holdOf, noteErasure, saveHold } from './postgres-erasures.js';
import { forgetRelatedPersons, PostgresRelatedPersons, type RelatedPersonEvents } from './postgres-related-persons.js';
import { forgetWords } from './postgres-unusual-accesses.js';
import { forgetLabels, removeLabels, saveLabel } from './security-label-table.js';
import { forgetVisits } from './visit-table.js';

// The first of the two numbers of an advisory lock; the second is the birth date.
const birthDateLock = 7_410_003;

export type PatientEvents = EventSource<[Pick<Patient, 'id' | 'version'>, Happening]>;

export class PostgresPatientTransaction implements PatientTransaction {
  readonly related: PostgresRelatedPersons;

  constructor(
    private readonly tx: EntityManager,
    private readonly events: PatientEvents,
    relatedEvents: RelatedPersonEvents,
  ) {
    this.related = new PostgresRelatedPersons(tx, relatedEvents);
  }

  async lock(ids: string[]): Promise<Map<string, Patient>> {
    if (ids.length === 0) return new Map();
    // In order of id, or two who want the same patients could each hold one of them.
    await this.tx.execute('select id from patient where id = any(?::uuid[]) order by id for update', [toArray(ids)]);
    const patients = await this.load(await this.tx.find(PatientSchema, { id: { $in: ids } }));
    return new Map(patients.map((patient) => [patient.id, patient]));
  }

  async lockBirthDates(dates: string[]): Promise<KnownPerson[]> {
    await this.tx.execute(
      `select pg_advisory_xact_lock(?, day - date '1800-01-01')
       from (select distinct unnest(?::date[]) as day order by day) as days`,
      [birthDateLock, toArray(dates)],
    );
    // An import asks for thousands of people: plain rows of what is compared, not entities of everything.
    return this.tx.execute<KnownPerson[]>(
      `select id, family_name as "familyName", birth_name as "birthName", given_names as "givenNames",
         birth_date::text as "birthDate", (
           select coalesce(jsonb_agg(jsonb_build_object('system', system, 'value', value)), '[]')
           from patient_identifier where patient_id = patient.id
         ) as identifiers
       from patient where birth_date = any(?::date[]) and merged_into is null and erased_at is null`,
      [toArray(dates)],
    );
  }

  async holdersOf(identifiers: Identifier[]): Promise<{ identifier: Identifier; patientId: string }[]> {
    if (identifiers.length === 0) return [];
    const rows = await this.tx.execute<{ system: string; value: string; patient_id: string }[]>(
      `select system, value, patient_id from patient_identifier
       where (system, value) in (select * from unnest(?::text[], ?::text[]))`,
      [toArray(identifiers.map(({ system }) => system)), toArray(identifiers.map(({ value }) => value))],
    );
    return rows.map(({ system, value, patient_id }) => ({ identifier: { system, value }, patientId: patient_id }));
  }

  async mergedInto(patientId: string): Promise<Patient[]> {
    return this.load(await this.tx.find(PatientSchema, { mergedInto: patientId }));
  }

  async add(patients: Patient[]): Promise<void> {
    if (patients.length === 0) return;
    await this.insert('patient', patients.map(toRow));
    await this.insert('patient_identifier', patients.flatMap(toIdentifierRows));
    await this.events.enqueueAll(
      this.tx,
      patients.map((patient): [Patient, Happening] => [patient, { kind: 'registered' }]),
    );
  }

  async save(patient: Patient, happening: Happening): Promise<Patient> {
    const next = { ...patient, version: patient.version + 1 };
    const { id, ...changes } = toRow(next);
    const count = await this.tx.nativeUpdate(PatientSchema, { id, version: patient.version }, changes);
    if (count === 0) throw staleVersion();
    await this.tx.nativeDelete(IdentifierSchema, { patientId: id });
    await this.insert('patient_identifier', toIdentifierRows(next));
    await this.events.enqueue(this.tx, next, happening);
    await noteStored(this.tx);
    return next;
  }

  async forget(patientId: string): Promise<Forgotten> {
    const visits = await forgetVisits(this.tx, patientId);
    const relatedPersons = await forgetRelatedPersons(this.tx, patientId);
    await this.tx.execute('delete from age_told where patient_id = ?', [patientId]);
    const unusualAccesses = await forgetWords(this.tx, patientId);
    const labels = await forgetLabels(this.tx, patientId);
    const answers = await forgetAnswersOf(this.tx, patientId);
    return { visits, relatedPersons, labels, unusualAccesses, answers };
  }

  noteErasure(erasure: Erasure): Promise<void> {
    return noteErasure(this.tx, erasure);
  }

  async tellErasedAgain(patientIds: string[]): Promise<void> {
    const erased = [...(await this.lock(patientIds)).values()];
    await this.events.enqueueAll(
      this.tx,
      erased.map((patient): [Patient, Happening] => [patient, { kind: 'erased', isAgain: true }]),
    );
    await noteStored(this.tx);
  }

  holdOf(patientIds: string[], now: Date): Promise<LegalHold | undefined> {
    return holdOf(this.tx, patientIds, now);
  }

  async hold(hold: LegalHold): Promise<void> {
    await saveHold(this.tx, hold);
    await noteStored(this.tx);
  }

  async endHolds(patientIds: string[]): Promise<boolean> {
    const ended = await endHolds(this.tx, patientIds);
    if (ended) await noteStored(this.tx);
    return ended;
  }

  async label(label: SecurityLabel): Promise<SecurityLabel> {
    const there = await saveLabel(this.tx, label);
    await noteStored(this.tx);
    return there;
  }

  async removeLabels(patientIds: string[], code: LabelCode, removal: { at: Date; by: string }): Promise<boolean> {
    const removed = await removeLabels(this.tx, patientIds, code, removal);
    if (removed) await noteStored(this.tx);
    return removed;
  }

  /** Any number of rows in one statement with one parameter. */
  private async insert(table: 'patient' | 'patient_identifier', rows: object[]): Promise<void> {
    if (rows.length === 0) return;
    await this.tx.execute(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, ?::jsonb)`, [
      JSON.stringify(rows.map(toColumns)),
    ]);
  }

  private async load(rows: Parameters<typeof toPatients>[0]): Promise<Patient[]> {
    const ids = rows.map(({ id }) => id);
    const identifiers = ids.length > 0 ? await this.tx.find(IdentifierSchema, { patientId: { $in: ids } }) : [];
    return toPatients(rows, identifiers);
  }
}

const toColumns = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  );

/** An array literal (PostgreSQL 8.15.2) for values that may hold anything. */
const toArray = (values: string[]): string =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
