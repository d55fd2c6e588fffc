import { describe, expect, inject, it } from 'vitest';
import { Cluster, isReady } from '../support/cluster/cluster.ts';
import { until } from '../support/http.ts';
import type {} from '../support/k8s.setup.ts';
import type { Manifest } from '../support/manifests.ts';

const cluster = new Cluster(inject('cluster'));

/** Puts a new pod in the place of the one of a process; resolves to its name. */
async function replace(name: string): Promise<string> {
  const [old] = await cluster.pods(name);
  await cluster.kubectl(['delete', 'pod', old.metadata.name, '-n', 'cabinet', '--grace-period', '0', '--force']);
  let pod: Manifest;
  await until(async () => {
    [pod] = await cluster.pods(name);
    return pod !== undefined && pod.metadata.name !== old.metadata.name;
  });
  return pod.metadata.name;
}

const statusOf = async (pod: string): Promise<Manifest> => await cluster.get(`pod/${pod}`, 'cabinet');

/** Waits until a container of the pod has said this in one line, now or before it was started again. */
async function says(pod: string, container: string, line: RegExp): Promise<void> {
  await until(async () => {
    const written = await Promise.all(
      [[], ['--previous']].map((more) => cluster.logs(pod, container, 'cabinet', ...more).catch(() => '')),
    );
    return written.some((text) => text.split('\n').some((each) => line.test(each)));
  }, 120_000);
  expect(isReady(await statusOf(pod))).toBe(false);
}

/** Resolves when this very pod is ready: nobody touched it. */
const recovers = (pod: string) => until(async () => isReady(await statusOf(pod)), 400_000);

const patch = (what: string, change: object, namespace = 'cabinet') =>
  cluster.kubectl(['patch', ...what.split('/'), '-n', namespace, '--type', 'merge', '-p', JSON.stringify(change)]);

describe('a pod says what is wrong, is not ready, and recovers when it is repaired', () => {
  it('when a secret is missing', async () => {
    const secret = await cluster.kubectl(['get', 'secret', 'practitioner', '-n', 'cabinet', '-o', 'json']);
    await cluster.kubectl(['delete', 'secret', 'practitioner', '-n', 'cabinet']);
    const pod = await replace('practitioner');
    await says(pod, 'app', /^ {2}- SECRET_STORE: there is no secret "practitioner"/);
    const { metadata, ...rest } = JSON.parse(secret);
    const { name, namespace, labels } = metadata;
    await cluster.apply(JSON.stringify({ ...rest, metadata: { name, namespace, labels } }));
    await recovers(pod);
  });

  it('when a setting is wrong', async () => {
    const { data } = await cluster.get('configmap/cabinet', 'cabinet');
    await patch('configmap/cabinet', { data: { METRICS_READERS: 'everybody' } });
    const pod = await replace('gateway');
    await says(pod, 'app', /^ {2}- METRICS_READERS: expected addresses or networks/);
    await patch('configmap/cabinet', { data: { METRICS_READERS: data.METRICS_READERS } });
    await recovers(pod);
  });

  it('when its database cannot be reached', async () => {
    await patch('service/postgres', { spec: { selector: { app: 'nobody' } } }, 'cabinet-servers');
    const pod = await replace('practitioner');
    await says(pod, 'app', /"the database is not ready"/);
    await patch('service/postgres', { spec: { selector: { app: 'postgres' } } }, 'cabinet-servers');
    await recovers(pod);
  });

  it('when the broker cannot be reached', async () => {
    await patch('service/kafka', { spec: { selector: { app: 'nobody' } } }, 'cabinet-servers');
    const pod = await replace('record');
    await says(pod, 'daprd', /kafka/);
    await patch('service/kafka', { spec: { selector: { app: 'kafka' } } }, 'cabinet-servers');
    await recovers(pod);
  });

  it('when it cannot bring its schema up to date', async () => {
    const name = await cluster.sql('select name from mikro_orm_migrations order by id limit 1', 'practitioner');
    await cluster.sql(`delete from mikro_orm_migrations where name = '${name}'`, 'practitioner');
    const pod = await replace('practitioner');
    // What the migration would make is there already.
    await says(pod, 'app', /"TableExistsException".*"the database is not ready"/);
    await cluster.sql(`insert into mikro_orm_migrations (name, executed_at) values ('${name}', now())`, 'practitioner');
    await recovers(pod);
  });
});
