import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Decision, DecisionKey, State } from '../../domain/decisions/decision.js';
import { PatientUnknown, UnderWay } from '../../domain/errors.js';
import type { AfterDecision, Ledger, LedgerFilter } from '../../domain/ports.js';
import type { Values } from '../../domain/templates/template.js';
import type { NotificationEvents } from '../notification-events.js';
import { waitForPatientChanges } from '../patient-changes.js';
import { tellSuppressed } from '../planning/suppressed.js';
import {
  type DecisionRow,
  decisionColumns,
  decisionKey,
  insertDecisions,
  newRows,
  onKey,
  toDecision,
  toNewRow,
} from './decision-rows.js';

export class PostgresLedger implements Ledger {
  /** @param stored called when something that may be due at once is committed */
  constructor(
    private readonly orm: Orm,
    private readonly events: NotificationEvents,
    private readonly stored: () => void,
  ) {}

  async find(id: string): Promise<Decision | undefined> {
    const [row] = await this.select('where id = ?', [id]);
    return row;
  }

  async valuesOf(id: string): Promise<Values | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ text_values: Values | null }[]>('select text_values from decision where id = ?', [id]);
    return row?.text_values ?? undefined;
  }

  async list(filter: LedgerFilter, limit: number, after?: AfterDecision): Promise<Decision[]> {
    const [conditions, values]: [string[], unknown[]] = [['true'], []];
    const where = (condition: string, ...given: unknown[]) => {
      conditions.push(condition);
      values.push(...given);
    };
    const { patientId: asked, exceptKeptOf = [], from, to, state, kind, kinds, channel, appointmentId } = filter;
    if (asked) where('patient_id = ?', (await currentPatientId(this.orm.em.fork(), asked)) ?? asked);
    if (exceptKeptOf.length > 0) {
      const wards = await Promise.all(exceptKeptOf.map((id) => currentPatientId(this.orm.em.fork(), id)));
      const ids = [...exceptKeptOf, ...wards.flatMap((id) => id ?? [])];
      where('(not kept_from_guardians or patient_id is null or patient_id <> all(?::uuid[]))', `{${ids.join(',')}}`);
    }
    if (from) where('due_at >= ?', from);
    if (to) where('due_at < ?', to);
    if (state) where('state = ?', state);
    if (kind) where('kind = ?', kind);
    if (kinds) where('kind = any(?::text[])', `{${kinds.join(',')}}`);
    if (channel) where('channel = ?', channel);
    // An appointment is the occasion of all that is about it, and by that the key of the lines finds them.
    if (appointmentId) where(`occasion_id = ? and occasion = 'appointment'`, appointmentId);
    if (after) where('(due_at, id) < (?, ?)', new Date(after[0]), after[1]);
    return this.select(`where ${conditions.join(' and ')} order by due_at desc, id desc limit ${limit + 1}`, values);
  }

  async add(decisions: readonly Decision[]): Promise<Decision[]> {
    const stored = await this.orm.em.fork().transactional(async (tx) => {
      await waitForPatientChanges(tx);
      const rows = [];
      for (const decision of decisions) {
        const patientId = decision.patientId && (await currentPatientId(tx, decision.patientId));
        if (decision.patientId && !patientId) throw new PatientUnknown('patientIds');
        rows.push(toNewRow({ ...decision, patientId }));
      }
      await this.endHeld(tx, decisions);
      await tx.execute(`${insertDecisions} ${onKey} do nothing`, [JSON.stringify(rows)]);
      await noteStored(tx);
      return tx.execute<DecisionRow[]>(
        `select ${decisionColumns} from decision where (${decisionKey}) in (select ${decisionKey} from ${newRows})`,
        [JSON.stringify(rows)],
      );
    });
    this.stored();
    const standing = new Map(stored.map(toDecision).map((each) => [keyOf(each), each]));
    return [...new Set(decisions.map(keyOf))].flatMap((key) => standing.get(key) ?? []);
  }

  /** What was held, and is sent again, would leave a second time once it is taken up. */
  private async endHeld(tx: EntityManager, decisions: readonly Decision[]): Promise<void> {
    const again = decisions.flatMap(({ resendOf, decidedAt }) => (resendOf ? [{ id: resendOf, decidedAt }] : []));
    for (const { id, decidedAt } of again) {
      const [before] = await tx.execute<{ state: State }[]>('select state from decision where id = ? for update', [id]);
      if (before?.state === 'planned') throw new UnderWay();
      await tellSuppressed(
        tx,
        this.events,
        `update decision set version = version + 1, state = 'suppressed', reason = 'superseded', hold = null, decided_at = ?
         where id = ? and state = 'held'`,
        [decidedAt, id],
      );
    }
  }

  async resentTimes(decision: Decision): Promise<number> {
    const [row] = await this.orm.em.fork().execute<{ nth: number }[]>(
      `select max(nth) as nth from decision where occasion_id = ? and occasion_version = ? and recipient_id = ? and kind = ?
         and step = ? and channel = ?`,
      [
        decision.occasionId,
        decision.occasionVersion,
        decision.recipientId,
        decision.kind,
        decision.step,
        decision.channel,
      ],
    );
    return row?.nth ?? 0;
  }

  private async select(rest: string, values: unknown[]): Promise<Decision[]> {
    const rows = await this.orm.em
      .fork()
      .execute<DecisionRow[]>(`select ${decisionColumns} from decision ${rest}`, values);
    return rows.map(toDecision);
  }
}

const keyOf = ({ occasionId, occasionVersion, recipientId, kind, step, channel, nth }: DecisionKey): string =>
  [occasionId, occasionVersion, recipientId, kind, step, channel, nth].join('|');
