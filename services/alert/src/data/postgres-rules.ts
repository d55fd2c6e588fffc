import { staleVersion } from '@cabinet/kit/http/etag';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { PatientDataGone } from '@cabinet/service/http/patient-data';
import type { BackTestResult } from '../domain/back-test-result.js';
import type { GapTiming, Rules } from '../domain/ports.js';
import type { RuleVersion, WatchRule } from '../domain/watch-rule.js';
import type { EnabledRule } from './enabled-rules.js';
import { dateOf, ms } from './fragments.js';
import { waitForPatientChanges } from './patient-changes.js';
import { readSettings } from './read-settings.js';
import type { TellRules } from './tell-rules.js';
import { retimeTick, type Watching } from './watching.js';

interface RuleRow extends Omit<WatchRule, 'patientId' | 'replaces' | 'enabledVersion' | 'at' | 'createdAt'> {
  patientId: string | null;
  replaces: string | null;
  enabledVersion: number | null;
  at: string;
  createdAt: string;
}

const selectRules = `
  select r.id, r.version, v.document, v.author, ${ms('v.at')} as at, r.patient_id as "patientId", r.replaces,
    r.status as state, r.enabled_version as "enabledVersion", ${ms('r.created_at')} as "createdAt"
  from alert_rule r join alert_rule_version v on v.rule_id = r.id and v.version = r.version`;

const toRule = ({ patientId, replaces, enabledVersion, at, createdAt, ...row }: RuleRow): WatchRule => ({
  ...row,
  patientId: patientId ?? undefined,
  replaces: replaces ?? undefined,
  enabledVersion: enabledVersion ?? undefined,
  at: dateOf(at),
  createdAt: dateOf(createdAt),
});

const enabledOf = ({ id, version, document, patientId, replaces }: WatchRule): EnabledRule => ({
  id,
  version,
  document,
  patientId: patientId ?? null,
  replaces: replaces ?? null,
});

export class PostgresRules implements Rules {
  constructor(
    private readonly orm: Orm,
    private readonly watching: Watching,
    private readonly telling: TellRules,
  ) {}

  async find(id: string): Promise<WatchRule | undefined> {
    const [row] = await this.orm.em.fork().execute<RuleRow[]>(`${selectRules} where r.id = ?`, [id]);
    return row && toRule(row);
  }

  async list(patientId?: string): Promise<WatchRule[]> {
    const em = this.orm.em.fork();
    const current = patientId && ((await currentPatientId(em, patientId)) ?? patientId);
    const rows = await em.execute<RuleRow[]>(
      `${selectRules} where r.patient_id is null or r.patient_id = ? order by r.created_at, r.id limit 500`,
      [current ?? null],
    );
    return rows.map(toRule);
  }

  async versions(ruleId: string): Promise<RuleVersion[]> {
    const rows = await this.orm.em
      .fork()
      .execute<(Omit<RuleVersion, 'at'> & { at: string })[]>(
        `select version, document, author, ${ms('at')} as at from alert_rule_version where rule_id = ? order by version desc`,
        [ruleId],
      );
    return rows.map(({ at, ...row }) => ({ ...row, at: dateOf(at) }));
  }

  add(rule: WatchRule): Promise<WatchRule> {
    return this.inTransaction(async (tx) => {
      let { patientId } = rule;
      if (patientId) {
        await waitForPatientChanges(tx);
        patientId = await currentPatientId(tx, patientId);
        if (!patientId) throw new PatientDataGone();
      }
      const stored = { ...rule, patientId };
      await tx.execute(
        `insert into alert_rule (id, version, patient_id, replaces, status, created_at) values (?, ?, ?, ?, ?, ?)`,
        [stored.id, stored.version, patientId ?? null, stored.replaces ?? null, stored.state, stored.createdAt],
      );
      await addVersion(tx, stored);
      return stored;
    });
  }

  async revise(rule: WatchRule): Promise<void> {
    await this.inTransaction(async (tx) => {
      const rows = await tx.execute('update alert_rule set version = ? where id = ? and version = ? returning id', [
        rule.version,
        rule.id,
        rule.version - 1,
      ]);
      if (rows.length === 0) throw staleVersion();
      await addVersion(tx, rule);
    });
  }

  async enable(rule: WatchRule, at: Date, by: string, basis: object): Promise<void> {
    await this.inTransaction(async (tx) => {
      if (rule.patientId) await waitForPatientChanges(tx);
      const rows = await tx.execute(
        `update alert_rule set status = 'enabled', enabled_version = ? where id = ? and version = ? returning id`,
        [rule.version, rule.id, rule.version],
      );
      if (rows.length === 0) throw staleVersion();
      await tx.execute(
        'insert into alert_rule_enabling (rule_id, version, at, by, basis) values (?, ?, ?, ?, ?::jsonb)',
        [rule.id, rule.version, at, by, JSON.stringify(basis)],
      );
      const { firstOnAt, zone } = await readSettings(tx);
      const { kind } = rule.document.condition;
      if (rule.patientId && kind === 'gap' && firstOnAt)
        await this.watching.expect(tx, enabledOf(rule), rule.patientId, at, zone);
      await this.telling.tell(tx);
    });
    this.telling.committed();
  }

  async disable({ id, version }: WatchRule): Promise<void> {
    await this.inTransaction(async (tx) => {
      const rows = await tx.execute(
        `update alert_rule set status = 'disabled' where id = ? and version = ? returning id`,
        [id, version],
      );
      if (rows.length === 0) throw staleVersion();
      await tx.execute('delete from engine_state where rule_id = ?', [id]);
      await this.telling.tell(tx);
    });
    this.telling.committed();
  }

  async noteBackTest({ id, version }: WatchRule, at: Date, by: string, result: BackTestResult): Promise<void> {
    await this.inTransaction((tx) =>
      tx.execute(
        'insert into back_test (id, rule_id, rule_version, ran_at, ran_by, result) values (uuidv7(), ?, ?, ?, ?, ?::jsonb)',
        [id, version, at, by, JSON.stringify(result)],
      ),
    );
  }

  async backTestOf(ruleId: string, version: number, since: Date): Promise<BackTestResult | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ result: BackTestResult }[]>(
        `select result from back_test where rule_id = ? and rule_version = ? and ran_at >= ? order by ran_at desc limit 1`,
        [ruleId, version, since],
      );
    return row?.result;
  }

  async retime({ ruleId, patientId, minutes, reason, author, at }: GapTiming): Promise<void> {
    await this.inTransaction(async (tx) => {
      await waitForPatientChanges(tx);
      const current = await currentPatientId(tx, patientId);
      if (!current) throw new PatientDataGone();
      await tx.execute(
        'insert into gap_timing (rule_id, patient_id, minutes, reason, author, at) values (?, ?, ?, ?, ?, ?)',
        [ruleId, current, minutes, reason, author, at],
      );
      const [rule] = await tx.execute<RuleRow[]>(`${selectRules} where r.id = ?`, [ruleId]);
      const { zone } = await readSettings(tx);
      if (rule) await retimeTick(tx, enabledOf(toRule(rule)), current, minutes, zone);
    });
  }

  async timingsOf(ruleId: string, patientId?: string): Promise<GapTiming[]> {
    const rows = await this.orm.em.fork().execute<(Omit<GapTiming, 'at'> & { at: string })[]>(
      `select rule_id as "ruleId", patient_id as "patientId", minutes, reason, author, ${ms('at')} as at from gap_timing
       where rule_id = ? and (?::uuid is null or patient_id = ?) order by position desc limit 500`,
      [ruleId, patientId ?? null, patientId ?? null],
    );
    return rows.map(({ at, ...row }) => ({ ...row, at: dateOf(at) }));
  }

  private inTransaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.orm.em.fork().transactional(async (tx) => {
      const done = await work(tx);
      await noteStored(tx);
      return done;
    });
  }
}

const addVersion = (tx: EntityManager, { id, version, document, author, at }: WatchRule): Promise<unknown> =>
  tx.execute('insert into alert_rule_version (rule_id, version, document, author, at) values (?, ?, ?::jsonb, ?, ?)', [
    id,
    version,
    JSON.stringify(document),
    author,
    at,
  ]);
