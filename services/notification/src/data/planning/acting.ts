import type { Section } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { SharedTrips } from '@cabinet/postgres/shared-trips';
import type { ActingNow, Families } from '../../domain/neighbours.js';
import { waitForPatientChanges } from '../patient-changes.js';
import type { PlanVisits } from './plan-visits.js';
import { selectVisits } from './visit-rows.js';

export interface ToldActing {
  relatedPersonId: string;
  version: number;
  patientId: string;
  relatedPatientId: string;
  relationship: 'guardian' | 'carer';
  sections: string[];
  until?: string;
  ends?: { section: string; at: string }[];
  hasEnded: boolean;
}

interface Row {
  patientId: string;
  recipientId: string;
  as: 'guardian' | 'carer';
  sections: Section[];
  until: string | Date | null;
  ends: { section: Section; at: string }[];
}

const toActing = ({ patientId: _, until, ends, ...row }: Row): ActingNow => ({
  ...row,
  until: until === null ? undefined : new Date(until),
  ends: Object.fromEntries(ends.map(({ section, at }) => [section, new Date(at)])),
});

/** Who acts for whom, kept as it is told. */
export class Acting implements Families {
  private readonly questions = new SharedTrips((patientIds: readonly string[]) => this.actingForAll(patientIds));

  constructor(
    private readonly orm: Orm,
    private readonly plan: PlanVisits,
    private readonly clock: Clock,
  ) {}

  actingFor(patientId: string): Promise<ActingNow[]> {
    return this.questions.make(patientId);
  }

  private async actingForAll(patientIds: readonly string[]): Promise<ActingNow[][]> {
    const rows = await this.orm.em.fork().execute<Row[]>(
      `select patient_id as "patientId", related_patient_id as "recipientId", relationship as "as", sections, until, ends from acting
       where patient_id = any(?::uuid[]) and related_patient_id <> patient_id and not has_ended
       order by relationship desc, related_person_id`,
      [`{${patientIds.join(',')}}`],
    );
    const acting = Map.groupBy(rows, (row) => row.patientId);
    return patientIds.map((id) => (acting.get(id.toLowerCase()) ?? []).map(toActing));
  }

  /** Keeps what is newer than what is known, and plans anew what lies ahead. */
  async keep(tx: EntityManager, told: ToldActing): Promise<void> {
    await waitForPatientChanges(tx);
    const patientId = await currentPatientId(tx, told.patientId);
    const relatedPatientId = await currentPatientId(tx, told.relatedPatientId);
    // Told of before somebody was erased, heard after it.
    if (!patientId || !relatedPatientId) return;
    const kept = await tx.execute<unknown[]>(
      `insert into acting values (?, ?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?)
       on conflict (related_person_id) do update set version = excluded.version, patient_id = excluded.patient_id,
         related_patient_id = excluded.related_patient_id, relationship = excluded.relationship,
         sections = excluded.sections, until = excluded.until, ends = excluded.ends, has_ended = excluded.has_ended
       where acting.version < excluded.version returning related_person_id`,
      [
        ...[told.relatedPersonId, told.version, patientId, relatedPatientId, told.relationship],
        ...[JSON.stringify(told.sections), told.until ?? null, JSON.stringify(told.ends ?? []), told.hasEnded],
      ],
    );
    if (kept.length === 0) return;
    const ahead = await selectVisits(
      tx,
      `where patient_id = ? and status = 'booked' and starts_at > ? order by appointment_id for update`,
      [patientId, this.clock.now()],
    );
    await this.plan.replan(tx, ahead);
  }
}
