import { staleVersion } from '@cabinet/kit';
import { type EntityManager, tellAll } from '@cabinet/kit/postgres';
import type { Identifier, Patient } from '../domain/patient.js';
import type { Happening, PatientTransaction } from '../domain/ports.js';
import { IdentifierSchema, PatientSchema } from './patient.schema.js';
import { toIdentifierRows, toPatients, toRow } from './patient-rows.js';
import type { Telling } from './postgres-patients.js';
import { forgetVisits } from './visit-table.js';

// The first of the two numbers of an advisory lock; the second is the birth date.
const birthDateLock = 7_410_003;

export class PostgresPatientTransaction implements PatientTransaction {
  constructor(
    private readonly tx: EntityManager,
    private readonly telling: Telling,
  ) {}

  async lock(ids: string[]): Promise<Map<string, Patient>> {
    if (ids.length === 0) return new Map();
    // In order of id, or two who want the same patients could each hold one of them.
    await this.tx.execute('select id from patient where id = any(?::uuid[]) order by id for update', [toArray(ids)]);
    const patients = await this.load(await this.tx.find(PatientSchema, { id: { $in: ids } }));
    return new Map(patients.map((patient) => [patient.id, patient]));
  }

  async lockBirthDates(dates: string[]): Promise<Patient[]> {
    const sorted = [...new Set(dates)].sort();
    await this.tx.execute(
      `select pg_advisory_xact_lock(?, day - date '1800-01-01')
       from (select unnest(?::date[]) as day order by day) as days`,
      [birthDateLock, toArray(sorted)],
    );
    const rows = await this.tx.find(PatientSchema, { birthDate: { $in: sorted }, mergedInto: null, erasedAt: null });
    return this.load(rows);
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
    await this.tx.insertMany(PatientSchema, patients.map(toRow));
    const identifiers = patients.flatMap(toIdentifierRows);
    if (identifiers.length > 0) await this.tx.insertMany(IdentifierSchema, identifiers);
    const { source, toFact } = this.telling;
    await tellAll(
      this.tx,
      source,
      patients.map((patient) => toFact(patient, { kind: 'registered' })),
    );
  }

  async save(patient: Patient, happening: Happening): Promise<Patient> {
    const next = { ...patient, version: patient.version + 1 };
    const { id, ...changes } = toRow(next);
    const count = await this.tx.nativeUpdate(PatientSchema, { id, version: patient.version }, changes);
    if (count === 0) throw staleVersion();
    await this.tx.nativeDelete(IdentifierSchema, { patientId: id });
    const identifiers = toIdentifierRows(next);
    if (identifiers.length > 0) await this.tx.insertMany(IdentifierSchema, identifiers);
    const { source, toFact } = this.telling;
    await tellAll(this.tx, source, [toFact(next, happening)]);
    return next;
  }

  async forget(patientId: string): Promise<void> {
    await forgetVisits(this.tx, patientId);
    // Kept answers to POST hold the patient as they were registered.
    await this.tx.execute("delete from idempotency_key where answer -> 'headers' ->> 'location' = ?", [
      `/api/patients/${patientId}`,
    ]);
  }

  private async load(rows: Parameters<typeof toPatients>[0]): Promise<Patient[]> {
    const ids = rows.map(({ id }) => id);
    const identifiers = ids.length > 0 ? await this.tx.find(IdentifierSchema, { patientId: { $in: ids } }) : [];
    return toPatients(rows, identifiers);
  }
}

/** An array literal (PostgreSQL 8.15.2) for values that may hold anything. */
const toArray = (values: string[]): string =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
