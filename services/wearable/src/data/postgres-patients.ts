import { currentPatientId, earlierIds } from '@cabinet/postgres/gone-patients';
import type { Orm } from '@cabinet/postgres/orm';
import type { Patients } from '../domain/ports.js';

export class PostgresPatients implements Patients {
  constructor(private readonly orm: Orm) {}

  async namesOf(patientId: string): Promise<[current: string, ...others: string[]] | undefined> {
    const em = this.orm.em.fork();
    const current = await currentPatientId(em, patientId);
    return current === undefined ? undefined : [current, ...(await earlierIds(em, current))];
  }
}
