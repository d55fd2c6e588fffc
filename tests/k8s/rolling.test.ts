import { describe, expect, inject, it } from 'vitest';
import { readRunFile } from '../../dev/src/run-file.ts';
import { Cluster } from '../support/cluster/cluster.ts';
import { SteadyLoadPod } from '../support/cluster/steady-load-pod.ts';
import { until } from '../support/http.ts';
import type {} from '../support/k8s.setup.ts';

const cluster = new Cluster(inject('cluster'));
const names = readRunFile().apps.map(({ name }) => name);

describe('a rolling restart under steady load', () => {
  it('of every process fails no request', async () => {
    await using load = await SteadyLoadPod.start(cluster);
    for (const name of names) {
      const before = await load.told();
      await cluster.kubectl(['rollout', 'restart', `deployment/${name}`, '-n', 'cabinet']);
      await cluster.settled(name);
      await cluster.gone(name);
      const after = await load.told();
      console.info(`${name}: ${after.answered - before.answered} requests, ${after.failed} failed`);
      expect(after.answered - before.answered).toBeGreaterThan(50);
      expect([name, after.failures.slice(0, 5)]).toEqual([name, []]);
    }
    const { answered, slowest } = await load.told();
    console.info(`${answered} requests; the slowest took ${Math.round(slowest.ms)} ms: ${slowest.what}`);
  }, 1_800_000);

  it('for a new password of a database fails no request', async () => {
    await using load = await SteadyLoadPod.start(cluster);
    const url = 'postgres://patient_b:another@postgres.cabinet-servers:5432/patient';
    await cluster.sql(
      `create role patient_b login password 'another' in role patient; alter role patient_b set role patient`,
    );
    await cluster.kubectl([
      'patch',
      'secret',
      'patient-database',
      '-n',
      'cabinet',
      '-p',
      JSON.stringify({ stringData: { url } }),
    ]);
    await cluster.kubectl(['rollout', 'restart', 'deployment/patient', '-n', 'cabinet']);
    await cluster.settled('patient');
    await cluster.gone('patient');
    await cluster.sql('alter role patient nologin');
    const { answered } = await load.told();
    await until(async () => (await load.told()).answered > answered + 50);
    expect((await load.told()).failures).toEqual([]);
    expect(await cluster.sql(`select usename from pg_stat_activity where datname = 'patient' group by 1`)).toBe(
      'patient_b',
    );
  });

  it('for more replicas, and fewer again, fails no request', async () => {
    await using load = await SteadyLoadPod.start(cluster);
    for (const replicas of [2, 1]) {
      const bounds = { spec: { minReplicas: replicas, maxReplicas: replicas } };
      for (const name of ['appointment', 'gateway']) {
        await cluster.kubectl(['patch', 'hpa', name, '-n', 'cabinet', '-p', JSON.stringify(bounds)]);
        await until(async () => (await cluster.pods(name)).length === replicas, 120_000);
        await cluster.settled(name);
        await cluster.gone(name);
      }
      const { answered } = await load.told();
      await until(async () => (await load.told()).answered > answered + 50);
      expect([replicas, (await load.told()).failures]).toEqual([replicas, []]);
    }
  });
});
