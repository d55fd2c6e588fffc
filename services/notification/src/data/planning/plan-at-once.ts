import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { Kind, Occasion } from '../../domain/decisions/decision.js';
import { usefulMs } from '../../domain/policies/policy.js';
import { insertDecisions, onKey, toNewRow } from '../ledger/decision-rows.js';
import { waitForPatientChanges } from '../patient-changes.js';

interface AtOnce {
  occasion: Occasion;
  occasionId: string;
  kind: Kind;
  patientId?: string;
}

/** Plans mails that leave at once, whatever the policy: they are of somebody's access. */
export class PlanAtOnce {
  constructor(private readonly clock: Clock) {}

  async plan(tx: EntityManager, asked: readonly AtOnce[]): Promise<void> {
    await waitForPatientChanges(tx);
    const now = this.clock.now();
    const rows = [];
    for (const { occasion, occasionId, kind, patientId: told } of asked) {
      const patientId = told && (await currentPatientId(tx, told));
      if (told && !patientId) continue;
      const useful = kind === 'reminder' ? 0 : usefulMs[kind];
      rows.push(
        toNewRow({
          ...{
            id: newId(),
            version: 1,
            occasion,
            occasionId,
            occasionVersion: 1,
            nth: 0,
            kind,
            step: '',
            channel: 'email',
          },
          ...{ recipientId: patientId ?? occasionId, patientId, audience: 'self', keptFromGuardians: false },
          ...{ dueAt: now, nextAt: now, decidedAt: now, expiresAt: new Date(now.getTime() + useful) },
          ...{ state: 'planned', attempts: 0 },
        }),
      );
    }
    if (rows.length > 0) await tx.execute(`${insertDecisions} ${onKey} do nothing`, [JSON.stringify(rows)]);
  }
}
