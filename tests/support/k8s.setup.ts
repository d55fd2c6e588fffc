import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stringify } from 'yaml';
import { workTree } from '../../dev/cache.mjs';
import { kustomize } from '../../dev/src/kustomize.ts';
import { Problem } from '../../dev/src/problem.ts';
import { extensionsOf, processesWith } from '../../dev/src/processes.ts';
import { Progress, ProgressDisplay } from '../../dev/src/progress.ts';
import { readRunFile } from '../../dev/src/run-file.ts';
import { seed } from '../../dev/src/seed/index.ts';
import { buildImages } from '../../tools/src/images.ts';
import { bringCluster, Cluster, type ClusterAddress } from './cluster/cluster.ts';
import { bringImages } from './stand-ins.ts';

const namespaces = ['cabinet', 'cabinet-servers', 'ingress-nginx'];
const servers = ['postgres:18', 'mongo:8', 'apache/kafka:4.1.0', 'eclipse-mosquitto:2.0'];

/** Brings a cluster, the servers and the overlay `local` in it, and the demonstration practice; `cluster.ts` is a hand on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const progress = new Progress(new ProgressDisplay().show);
  const address = bringCluster();
  const cluster = new Cluster(address);
  await requireEmpty(cluster);
  execFileSync(join(import.meta.dirname, 'base-image.sh'), { stdio: 'inherit' });
  await buildImages(progress);
  await bringImages(servers);
  const { apps } = readRunFile();
  await progress.step('images into the cluster', async () =>
    cluster.load([...servers, ...apps.map(({ name }) => `cabinet/${name}`)]),
  );
  try {
    await progress.step('servers in the cluster', () => startServers(cluster));
    await progress.step('the practice in the cluster', async () => {
      await cluster.apply(await kustomize('k8s/overlays/local'));
      await Promise.all(apps.map(({ name }) => cluster.settled(name)));
      await cluster.apply(readFileSync(join(import.meta.dirname, 'cluster/entrance.yaml'), 'utf8'));
      await cluster.settled('entrance', 'ingress-nginx');
    });
    await using gateway = await cluster.reachGateway();
    await seed({ url: () => gateway.url, services: apps.map(({ name }) => name) }, progress);
  } catch (error) {
    console.error(await cluster.kubectl(['get', 'pods', '-A']));
    throw error;
  }
  project.provide('cluster', address);
  return async () => {
    await cluster.kubectl(['delete', 'namespace', '--ignore-not-found', ...namespaces]);
  };
}

async function requireEmpty(cluster: Cluster): Promise<void> {
  if (!(await cluster.kubectl(['get', 'crd', 'components.dapr.io', '--ignore-not-found']))) {
    throw new Problem('the cluster has no Dapr: install its control plane, see docs/operate.md.');
  }
  const taken = await cluster.kubectl(['get', 'namespace', '--ignore-not-found', '-o', 'name', ...namespaces]);
  if (taken) {
    throw new Problem(
      `the cluster has ${taken.trim().split('\n').join(', ')} already, and the tests would remove them: ` +
        `kubectl delete namespace ${namespaces.join(' ')} when they may go.`,
    );
  }
}

/** One PostgreSQL for all, where each service has a database and role of its own, as the overlay's secrets say. */
async function startServers(cluster: Cluster): Promise<void> {
  const owner = readFileSync(join(workTree, 'tools/images/postgres/owner.sh'), 'utf8');
  const perOwner = processesWith('postgres')
    .map((name) => `(\nexport OWNER=${name} EXTENSIONS="${extensionsOf(name).join(' ')}"\n${owner})\n`)
    .join('');
  const metadata = { name: 'postgres-owners', namespace: 'cabinet-servers' };
  const passwords = Object.fromEntries(processesWith('postgres').map((name) => [`${name}-postgres`, name]));
  await cluster.apply(readFileSync(join(import.meta.dirname, 'cluster/servers.yaml'), 'utf8'));
  await cluster.apply(
    [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'owners.sh': perOwner } },
      { apiVersion: 'v1', kind: 'Secret', metadata, stringData: passwords },
    ]
      .map((each) => stringify(each))
      .join('---\n'),
  );
  for (const name of ['postgres', 'mongodb', 'kafka', 'mosquitto']) await cluster.settled(name, 'cabinet-servers');
}

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: ClusterAddress;
  }
}
