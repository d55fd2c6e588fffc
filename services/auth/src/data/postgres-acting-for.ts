import type { ActsFor, Section } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { ActingFor, ToldRelatedPerson } from '../domain/ports.js';
import { renewRights } from './ended-access.js';
import { lockUsers } from './lock-users.js';
import { UserSchema } from './user.schema.js';

/** The patient service lets nobody act for more. */
const actsForMax = 20;

type Row = Omit<ActsFor, 'until' | 'ends'> & { until: string | null; ends: { section: Section; at: string }[] };

/** In what somebody acts now, and which of it ends before the rest. */
function toActsFor({ until, ends, ...row }: Row, now: Date): ActsFor {
  const times = ends.map(({ section, at }) => ({ section, at: new Date(at) }));
  const over = new Set(times.filter(({ at }) => at <= now).map(({ section }) => section));
  const ahead = times.filter(({ at }) => at > now);
  return {
    ...row,
    sections: row.sections.filter((section) => !over.has(section)),
    until: until === null ? undefined : new Date(until),
    ends: ahead.length > 0 ? Object.fromEntries(ahead.map(({ section, at }) => [section, at])) : undefined,
  };
}

export class PostgresActingFor implements ActingFor {
  constructor(
    private readonly orm: Orm,
    private readonly clock: Clock,
  ) {}

  async of(patientId: string, now: Date): Promise<ActsFor[]> {
    const rows = await this.orm.em.fork().execute<Row[]>(
      `select patient_id as "patientId", relationship as "as", sections, until, ends from acting_for
       where related_patient_id = ? and not ended and (until is null or until > ?) order by related_person_id limit ?`,
      [patientId, now, actsForMax],
    );
    return rows.map((row) => toActsFor(row, now));
  }

  /** Keeps what is newer than what is known; whoever it concerns goes on with a new access token. */
  async keep(tx: EntityManager, told: ToldRelatedPerson): Promise<void> {
    await lockUsers(tx);
    const [known] = await tx.execute<{ version: number; related: string }[]>(
      'select version, related_patient_id as related from acting_for where related_person_id = ?',
      [told.relatedPersonId],
    );
    if (known && known.version >= told.version) return;
    const {
      relatedPersonId,
      version,
      patientId,
      relatedPatientId,
      relationship,
      sections,
      until = null,
      ends = [],
    } = told;
    // Told of before somebody was erased, heard after it.
    for (const id of [patientId, relatedPatientId]) if (!(await currentPatientId(tx, id))) return;
    await tx.execute(
      `insert into acting_for
       values (?, ?, ?, ?, ?, array(select jsonb_array_elements_text(?::jsonb)), ?, ?, ?::jsonb)
       on conflict (related_person_id) do update set version = excluded.version, patient_id = excluded.patient_id,
         related_patient_id = excluded.related_patient_id, relationship = excluded.relationship,
         sections = excluded.sections, until = excluded.until, ended = excluded.ended, ends = excluded.ends`,
      [
        relatedPersonId,
        version,
        patientId,
        relatedPatientId,
        relationship,
        JSON.stringify(sections),
        until,
        told.ended,
        JSON.stringify(ends),
      ],
    );
    await this.endRightsOf(tx, [...new Set([known?.related ?? relatedPatientId, relatedPatientId])]);
  }

  /** Nobody acts for a patient who is erased, nor do they for anybody; within the transaction that removes them. */
  async forget(tx: EntityManager, patientId: string): Promise<void> {
    const forgotten = await tx.execute<{ related: string }[]>(
      `delete from acting_for where patient_id = ? or related_patient_id = ? returning related_patient_id as related`,
      [patientId, patientId],
    );
    await this.endRightsOf(tx, [...new Set(forgotten.map(({ related }) => related))]);
  }

  private async endRightsOf(tx: EntityManager, patientIds: string[]): Promise<void> {
    if (patientIds.length === 0) return;
    const users = await tx.find(UserSchema, { patientId: { $in: patientIds } });
    await renewRights(
      tx,
      users.map(({ id }) => id),
      this.clock.now(),
    );
  }
}
