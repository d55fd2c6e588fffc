import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cutOff } from '../../../tests/support/database.ts';
import { deliverTo } from '../../../tests/support/events.ts';
import { until } from '../../../tests/support/http.ts';
import { Random } from '../../../tests/support/kill/random.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { replay } from '../src/domain/engine/replay.js';
import { ruleDocument } from '../src/domain/engine/rule.js';
import { type AlertService, buildDoctor, documentFor, enabledRule, pulse, startService, turnOn } from './support.ts';

let service: AlertService;
let scissors: pg.Client;

beforeAll(async () => {
  service = await startService();
  scissors = new pg.Client({ connectionString: service.databaseUrl, application_name: 'scissors' });
  // Those of the test are cut as well, but for one.
  service.sql.on('error', () => undefined);
  await scissors.connect();
  await turnOn(service);
});
afterAll(async () => {
  await scissors?.end();
  await service?.stop();
});

it('work that is cut off at any point loses no reading and doubles no episode, while processes join and leave', async () => {
  const { practitionerId, call } = await buildDoctor(service);
  const document = documentFor(practitionerId);
  const ruleId = await enabledRule(call, document);
  const patients = Array.from({ length: 5 }, () => randomUUID());
  const values = [100, 130, 140, 100];
  const log = patients.map((id) => Array.from({ length: 32 }, (_, nth) => pulse(id, nth, values[nth % 4] as number)));
  const batches = Array.from({ length: 8 }, (_, nth) =>
    log
      .flatMap((its) => its.slice(nth * 4, nth * 4 + 4))
      .map((data) => ({
        ...{ id: randomUUID(), type: 'reading-taken', source: 'wearable' },
        ...{ partitionkey: data.patientId, data },
      })),
  );
  const random = new Random(7);
  let cuts = 0;
  const deliver = async (batch: (typeof batches)[number], base: () => string) => {
    for (let tries = 0; ; tries += 1) {
      const answer = deliverTo(base(), appApiToken)('readings', ...batch).catch(() => undefined);
      if (tries < 2) {
        await delay(random.between(0, 40));
        cuts += (await cutOff(scissors)).rowCount ?? 0;
      }
      const statuses: { status: string }[] = (await answer)?.body?.statuses ?? [];
      if (statuses.length === batch.length && statuses.every(({ status }) => status === 'SUCCESS')) return;
      await delay(20);
    }
  };

  const here = () => service.base;
  for (const batch of batches.slice(0, 4)) await deliver(batch, here);
  const joined = await service.replica();
  const rest = batches.slice(4);
  // Both hear the same at once, as when what one had not acknowledged is given to the other.
  await Promise.all([
    ...rest.map((batch) => deliver(batch, here)),
    ...rest.map((batch) => deliver(batch, () => joined)),
  ]);
  await service.restart();

  await until(async () => {
    const { rows } = await service.sql.query(
      `select (select count(*)::int from outbox) + (select count(*)::int from waiting_event)
         + (select count(*)::int from alert_step where done_at is null and due_at <= $1) as left`,
      [service.clock.now()],
    );
    return rows[0].left === 0;
  });
  expect(cuts).toBeGreaterThan(batches.length);
  expect((await service.sql.query('select * from dead_letter')).rows).toEqual([]);
  const { rows } = await service.sql.query(
    'select key, patient_id as "patientId", started_at as start, count from alert where rule_id = $1 order by key',
    [ruleId],
  );
  const watch = ruleDocument.parse(document);
  const expected = patients.flatMap((patientId, nth) => {
    const from = Date.parse('2026-11-20T09:00:00Z');
    const rule = { id: ruleId, version: 1, watch };
    return replay(rule, patientId, log[nth] ?? [], from, from + 7_200_000, 'Europe/Paris').episodes;
  });
  expect(expected).toHaveLength(5 * 8);
  expect(rows.map(({ start, ...row }) => ({ ...row, start: start.toISOString() }))).toEqual(
    expected
      .map(({ key, patientId, start, count }) => ({ key, patientId, start: new Date(start).toISOString(), count }))
      .sort((one, other) => (one.key < other.key ? -1 : 1)),
  );

  // A fact may be brought to the broker twice under one id, of which who hears it takes one; no step has two.
  const steps = new Map<string, Set<string>>();
  for (const { id, type, data } of service.published) {
    if (type !== 'alert.called') continue;
    const { alertId, generation, step } = data as Record<string, unknown>;
    const key = `${alertId} ${generation} ${step}`;
    steps.set(key, (steps.get(key) ?? new Set()).add(id));
  }
  expect([...steps.values()].filter((ids) => ids.size > 1)).toEqual([]);
});
