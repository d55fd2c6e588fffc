import { beforeAll, describe, expect, inject, it } from 'vitest';
import { kustomize } from '../../dev/src/kustomize.ts';
import { Cluster } from '../support/cluster/cluster.ts';
import { customResourceDefinitions } from '../support/cluster/custom-resources.ts';
import { until } from '../support/http.ts';
import type {} from '../support/k8s.setup.ts';

const cluster = new Cluster(inject('cluster'));

beforeAll(async () => {
  await cluster.apply(customResourceDefinitions());
});

describe.each(['local', 'production'])('the overlay %s', (overlay) => {
  it('is admitted by the API server, every resource of it, without a warning', async () => {
    const manifests = await kustomize(`k8s/overlays/${overlay}`);
    const dryRun = () => cluster.admits(manifests);
    // A kind that was just defined is served a moment later.
    await until(async () => (await dryRun()).every((line) => !line.includes('no matches for kind')));
    const said = await dryRun();
    expect(said.filter((line) => !line.endsWith('serverside-applied (server dry run)'))).toEqual([]);
    expect(said.length).toBe(manifests.split(/^kind: /m).length - 1);
  });
});

it('the API server refuses what is wrong', async () => {
  const manifests = (await kustomize('k8s/overlays/local')).replace(
    'allowPrivilegeEscalation: false',
    'allowPrivilege: no',
  );
  expect((await cluster.admits(manifests)).some((line) => line.includes('allowPrivilege'))).toBe(true);
});
