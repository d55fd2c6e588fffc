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

  it('for a new password of a database fails no request, and restarts no process', async () => {
    await using load = await SteadyLoadPod.start(cluster);
    const names = async () => (await cluster.pods('patient')).map(({ metadata }) => metadata.name);
    const before = await names();
    const url = 'postgres://patient_b:another@postgres.cabinet-servers:5432/patient';
    await cluster.sql(
      `create role patient_b login password 'another' in role patient; alter role patient_b set role patient`,
    );
    await cluster.kubectl([
      'patch',
      'secret',
      'patient',
      '-n',
      'cabinet',
      '-p',
      JSON.stringify({ stringData: { DATABASE_URL: url } }),
    ]);
    const [pod = ''] = before;
    await until(async () => (await cluster.logs(pod, 'app')).includes('secrets have changed and are in use'), 120_000);
    await cluster.sql('alter role patient nologin');
    const { answered } = await load.told();
    await until(async () => (await load.told()).answered > answered + 50);
    // What is open under the old login goes on for a quarter of an hour; what is opened meanwhile has the new one.
    const users = `select usename from pg_stat_activity where datname = 'patient' group by 1`;
    await until(async () => (await cluster.sql(users)).includes('patient_b'), 400_000);
    expect((await load.told()).failures).toEqual([]);
    expect(await names()).toEqual(before);
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
