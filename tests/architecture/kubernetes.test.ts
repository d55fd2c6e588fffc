import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { kustomize } from '../../dev/src/kustomize.ts';
import { readJobs, readProcesses, topicsOf as toldBy } from '../../dev/src/processes.ts';
import { readResources, resourcesOf, topicsOf } from '../../dev/src/resources.ts';
import { readRunFile } from '../../dev/src/run-file.ts';
import { processTokenVariable as tokenOf } from '../../dev/src/secrets.ts';
import { importLimits } from '../../gateway/src/routes.ts';
import { annotationsOf, type Manifest, namesOf, ofKind, render } from '../support/manifests.ts';
import { type End, lets } from '../support/network.ts';

const root = join(import.meta.dirname, '../..');
const { apps, resources: resourceFolders } = readRunFile();
const services = readdirSync(join(root, 'services')).sort();
const kinds = {
  perProcess: ['Deployment', 'Service', 'ServiceAccount', 'PodDisruptionBudget'],
  dapr: ['Component', 'Resiliency', 'Subscription'],
};

describe.each(['local', 'production'])('the overlay %s', (overlay) => {
  let manifests: Manifest[];
  let deployments: Manifest[];
  // The first time on a machine, kustomize is built.
  beforeAll(async () => {
    manifests = await render(overlay);
    deployments = ofKind(manifests, 'Deployment');
  }, 600_000);

  const containersOf = (deployment: Manifest): Manifest[] => deployment.spec.template.spec.containers;
  const has = (kind: string, name: string) => namesOf(ofKind(manifests, kind)).includes(name);
  /** The keys of a Secret, given here or fetched by an ExternalSecret. */
  const keysOfSecret = (name: string): string[] => {
    const secret = ofKind(manifests, 'Secret').find(({ metadata }) => metadata.name === name);
    const external = ofKind(manifests, 'ExternalSecret').find(({ metadata }) => metadata.name === name);
    return secret ? Object.keys(secret.data) : (external?.spec.data ?? []).map((each: Manifest) => each.secretKey);
  };
  /** The store's entry that an ExternalSecret is a copy of. */
  const copiedFrom = (name: string): string | undefined =>
    ofKind(manifests, 'ExternalSecret').find(({ metadata }) => metadata.name === name)?.spec.dataFrom?.[0].extract.key;
  const valuesOf = (name: string): Record<string, string> | undefined => {
    const secret = ofKind(manifests, 'Secret').find(({ metadata }) => metadata.name === name);
    const text = ([key, value]: [string, string]) => [key, Buffer.from(value, 'base64').toString()];
    return secret && Object.fromEntries(Object.entries<string>(secret.data).map(text));
  };

  /** What a sidecar's environment takes from Secrets. */
  const fromSecrets = (deployment: Manifest) =>
    (annotationsOf(deployment)['dapr.io/env-from-secret']?.split(',') ?? []).map((each) => {
      const [, variable = '', secret = '', key = ''] = /^(\w+)=([\w-]+):(\w+)$/.exec(each) ?? [];
      return { variable, secret, key };
    });

  it('has everything that a process needs, for each process of the run file', () => {
    const processes = apps.map(({ name }) => name).sort();
    for (const kind of kinds.perProcess) expect([kind, namesOf(ofKind(manifests, kind))]).toEqual([kind, processes]);
    // The registry keeps its leases in memory, so it does not scale by replicas.
    const scaled = processes.filter((name) => name !== 'registry');
    expect(namesOf(ofKind(manifests, 'HorizontalPodAutoscaler'))).toEqual(scaled);
  });

  it("has the sidecars' resources of the one machine, all of them, unchanged in what they are", () => {
    const wanted = readResources(resourceFolders).map(({ kind, name, scopes }) => ({ kind, name, scopes }));
    const found = manifests
      .filter(({ kind }) => kinds.dapr.includes(kind))
      .map(({ kind, metadata, scopes }) => ({ kind, name: metadata.name, scopes: scopes ?? [] }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(found.sort(byName)).toEqual(wanted.sort(byName));
  });

  it('lets the same processes ask the same things as on one machine, and nobody anything else', () => {
    const [{ spec }] = ofKind(manifests, 'Configuration');
    const access = parse(readFileSync(join(root, 'dapr/access.yaml'), 'utf8'));
    expect(spec.accessControl).toEqual(access.spec.accessControl);
    const { defaultAction, policies } = spec.accessControl;
    expect(new Set([defaultAction, ...policies.map((each: Manifest) => each.defaultAction)])).toEqual(
      new Set(['deny']),
    );
    const paths = policies.flatMap((each: Manifest) => each.operations.map(({ name }: Manifest) => name));
    expect(paths.filter((path: string) => !path.startsWith('/api/'))).toEqual([]);
  });

  it('runs all in the one namespace, which admits only what is restricted', () => {
    const [namespace] = ofKind(manifests, 'Namespace');
    expect(namespace.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    const elsewhere = manifests.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== namespace.metadata.name,
    );
    expect(elsewhere.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });

  it('names each process, its port, its account and its sidecar alike', () => {
    for (const deployment of deployments) {
      const { name } = deployment.metadata;
      const port = apps.find((app) => app.name === name)?.ports.app;
      const { spec, metadata } = deployment.spec.template;
      const [container] = containersOf(deployment);
      const annotations = annotationsOf(deployment);
      expect([name, spec.serviceAccountName, spec.hostname, metadata.labels['app.kubernetes.io/name']]).toEqual(
        Array(4).fill(name),
      );
      expect(container.image).toMatch(new RegExp(`(?:^|/)cabinet/${name}(?::|$)`));
      expect(container.ports).toEqual([{ name: 'http', containerPort: port }]);
      expect([annotations['dapr.io/app-id'], annotations['dapr.io/app-port']]).toEqual([name, String(port)]);
      expect(annotations['dapr.io/app-channel-address']).toBe(name);
      const service = ofKind(manifests, 'Service').find(({ metadata }) => metadata.name === name);
      expect(service.spec.ports).toEqual([{ name: 'http', port, targetPort: 'http' }]);
    }
  });

  it('selects by labels that its own pods carry', () => {
    for (const { metadata, spec } of deployments) {
      const name = { 'app.kubernetes.io/name': metadata.name };
      expect(spec.template.metadata.labels).toMatchObject({ ...name, 'app.kubernetes.io/part-of': 'cabinet' });
      const [service, budget] = ['Service', 'PodDisruptionBudget'].map((kind) =>
        ofKind(manifests, kind).find((other) => other.metadata.name === metadata.name),
      );
      expect([spec.selector.matchLabels, service.spec.selector, budget.spec.selector.matchLabels]).toEqual([
        name,
        name,
        name,
      ]);
    }
  });

  it('refers only to what exists: ConfigMaps, Secrets with their keys, ServiceAccounts, Deployments, Services', () => {
    for (const deployment of deployments) {
      expect(has('ServiceAccount', deployment.spec.template.spec.serviceAccountName)).toBe(true);
      for (const { env = [], envFrom = [] } of containersOf(deployment)) {
        for (const { configMapRef, secretRef } of envFrom) {
          if (configMapRef) expect(has('ConfigMap', configMapRef.name)).toBe(true);
          else expect(keysOfSecret(secretRef.name)).not.toEqual([]);
        }
        for (const { valueFrom } of env) {
          if (valueFrom?.secretKeyRef)
            expect(keysOfSecret(valueFrom.secretKeyRef.name)).toContain(valueFrom.secretKeyRef.key);
        }
      }
      const annotations = annotationsOf(deployment);
      expect(has('Configuration', annotations['dapr.io/config'] ?? '')).toBe(true);
      for (const side of ['api', 'app']) {
        expect(keysOfSecret(annotations[`dapr.io/${side}-token-secret`] ?? '')).toEqual(['token']);
      }
      for (const { secret, key } of fromSecrets(deployment)) expect(keysOfSecret(secret)).toContain(key);
    }
    for (const { spec } of ofKind(manifests, 'HorizontalPodAutoscaler')) {
      expect(has('Deployment', spec.scaleTargetRef.name)).toBe(true);
    }
    for (const { spec } of ofKind(manifests, 'Ingress')) {
      for (const path of spec.rules.flatMap((rule: Manifest) => rule.http.paths)) {
        expect(path.backend.service).toEqual({ name: 'gateway', port: { name: 'http' } });
      }
    }
  });

  it('has one Secret for each process, with all that it keeps to itself', () => {
    const processes = readProcesses();
    const resources = readResources(resourceFolders);
    for (const process of processes) {
      const { name, kind, database, secrets, hearsDevices } = process;
      const session = hearsDevices ? ['MQTT_SESSION', 'MQTT_URL'] : [];
      const values = valuesOf(name);
      if (!values) {
        expect([name, copiedFrom(name)]).toEqual([name, `cabinet/${name}`]);
        continue;
      }
      const service = [
        'AUDIT_KEYS',
        'DATABASE_URL',
        'EVENT_KEYS',
        'REGISTRY_TOKEN',
        ...Object.keys(secrets),
        ...session,
      ];
      const tokens = processes.filter((other) => other.kind !== 'registry').map((other) => tokenOf(other.name));
      const wanted = { service, gateway: ['REGISTRY_TOKEN'], registry: tokens }[kind];
      expect([name, Object.keys(values).sort()]).toEqual([name, wanted.sort()]);
      if (!database) continue;
      expect(new URL(values.DATABASE_URL ?? '').pathname).toBe(`/${name}`);
      const keys = (values.EVENT_KEYS ?? '').split(',').map((key) => key.split('=')[0]);
      const tellers = topicsOf(resourcesOf(name, resources)).map(
        (topic) => [...processes, ...readJobs()].find((each) => toldBy(each).includes(topic))?.name,
      );
      expect([name, keys.sort()]).toEqual([name, [...new Set([...tellers, name])].sort()]);
      expect(values.REGISTRY_TOKEN).toBe(valuesOf('registry')?.[tokenOf(name)]);
    }
    const seals = services.map((name) => valuesOf(name)?.AUDIT_KEYS ?? name);
    expect(new Set(seals).size).toBe(services.length);
  });

  it('lets the sidecar of a process read the Secret of its process, and nothing else of the cluster', () => {
    const [store] = ofKind(manifests, 'Component').filter(({ metadata }) => metadata.name === 'secrets');
    expect([store.spec.type, store.spec.metadata]).toEqual(['secretstores.kubernetes', []]);
    expect(ofKind(manifests, 'ClusterRole').concat(ofKind(manifests, 'ClusterRoleBinding'))).toEqual([]);
    for (const deployment of deployments) {
      const { name } = deployment.metadata;
      const [role] = ofKind(manifests, 'Role').filter(({ metadata }) => metadata.name === name);
      expect(role.rules).toEqual([{ apiGroups: [''], resources: ['secrets'], resourceNames: [name], verbs: ['get'] }]);
      const [binding] = ofKind(manifests, 'RoleBinding').filter(({ metadata }) => metadata.name === name);
      expect(binding.roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name });
      expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name, namespace: 'cabinet' }]);
      // The token that this takes is in the sidecar, and not in the container that strangers' requests come to.
      const path = '/var/run/secrets/kubernetes.io/serviceaccount';
      expect(annotationsOf(deployment)['dapr.io/volume-mounts']).toBe(`cluster-token:${path}`);
      for (const { volumeMounts } of containersOf(deployment)) {
        expect(volumeMounts.map((each: Manifest) => each.name)).toEqual(['tmp']);
      }
    }
    expect(namesOf(ofKind(manifests, 'Role'))).toEqual(apps.map((app) => app.name).sort());
  });

  it('gives a process by its environment what it needs before it can ask its sidecar, and no other secret', () => {
    for (const deployment of deployments) {
      const { name } = deployment.metadata;
      const [{ env, envFrom }] = containersOf(deployment) as [Manifest];
      const secrets = env.flatMap((each: Manifest) => each.valueFrom?.secretKeyRef?.name ?? []);
      const isService = services.includes(name);
      expect([name, secrets.sort()]).toEqual([name, [...(isService ? ['app-api-token'] : []), 'dapr-api-token']]);
      expect(envFrom).toEqual([{ configMapRef: { name: expect.stringMatching(/^cabinet/) } }]);
      expect(env).toContainEqual({ name: 'SECRET_STORE', value: 'secrets' });
    }
  });

  it('gives a sidecar the environment that its components ask for, and no other one', () => {
    const [events] = ofKind(manifests, 'Component').filter(({ metadata }) => metadata.name === 'events');
    const asked = events.spec.metadata.map((each: Manifest) => each.envRef).filter(Boolean);
    for (const deployment of deployments) {
      const given = fromSecrets(deployment).map(({ variable }) => variable);
      expect(given).toEqual(events.scopes.includes(deployment.metadata.name) ? asked : []);
    }
  });

  it('runs pods that Pod Security admits as restricted, the injected sidecar included', () => {
    for (const deployment of deployments) {
      const { spec } = deployment.spec.template;
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
      expect([spec.hostNetwork, spec.hostPID, spec.hostIPC, spec.initContainers]).toEqual(Array(4).fill(undefined));
      expect(spec.automountServiceAccountToken).toBe(false);
      const kindsOfVolumes = spec.volumes.flatMap((volume: Manifest) => Object.keys(volume));
      expect(kindsOfVolumes.filter((key: string) => key !== 'name').sort()).toEqual(['emptyDir', 'projected']);
      for (const container of containersOf(deployment)) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
      expect(annotationsOf(deployment)['dapr.io/sidecar-seccomp-profile-type']).toBe('RuntimeDefault');
    }
  });

  it('bounds what each process and each sidecar takes, and has a quarter of a GiB for the two together', () => {
    const mebibytes = (text: string | undefined) => Number(/^(\d+)Mi$/.exec(text ?? '')?.[1]);
    let asked = 0;
    for (const deployment of deployments) {
      const annotations = annotationsOf(deployment);
      for (const { resources } of containersOf(deployment)) {
        expect(mebibytes(resources.limits.memory)).toBeGreaterThan(mebibytes(resources.requests.memory));
        for (const each of [resources.limits, resources.requests]) expect(each.cpu).toBeDefined();
        asked += mebibytes(resources.requests.memory);
      }
      for (const each of ['cpu-request', 'cpu-limit', 'memory-request', 'memory-limit']) {
        expect(annotations[`dapr.io/sidecar-${each}`]).toBeDefined();
      }
      asked += mebibytes(annotations['dapr.io/sidecar-memory-request']);
    }
    // With the 1.5 GiB of the cluster and Dapr's control plane, one of each of ten fits on a node of 4 GiB.
    expect(asked).toBeLessThanOrEqual(256 * deployments.length);
  });

  it('asks the process by its health pages, and lets it finish before it is ended', () => {
    for (const deployment of deployments) {
      const [container] = containersOf(deployment);
      expect(container.startupProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
      expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
      expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' });
      const annotations = annotationsOf(deployment);
      const sidecarSeconds =
        Number.parseInt(annotations['dapr.io/block-shutdown-duration'] ?? '', 10) +
        Number(annotations['dapr.io/graceful-shutdown-seconds']);
      // The process itself gives running requests ten seconds.
      const processSeconds = container.lifecycle.preStop.sleep.seconds + 10;
      const { terminationGracePeriodSeconds } = deployment.spec.template.spec;
      expect(terminationGracePeriodSeconds).toBeGreaterThan(Math.max(sidecarSeconds, processSeconds));
    }
  });

  describe('its network policies', () => {
    const podOf = (name: string): End => {
      const deployment = deployments.find(({ metadata }) => metadata.name === name);
      const { labels } = deployment.spec.template.metadata;
      return { labels, ports: { http: containersOf(deployment)[0].ports[0].containerPort } };
    };
    const inNamespace = (name: string, labels: Record<string, string> = {}): End => ({
      labels,
      namespace: { 'kubernetes.io/metadata.name': name },
    });
    const servers: End = { labels: {}, namespace: { 'cabinet/servers': 'true' } };
    const reach = (from: End, to: End, port: number) => lets(ofKind(manifests, 'NetworkPolicy'), from, to, port);
    const portOf = (name: string) => podOf(name).ports?.http as number;

    it('let the practice work', () => {
      expect(reach(inNamespace('ingress-nginx'), podOf('gateway'), 8080)).toBe(true);
      expect(reach(podOf('gateway'), podOf('registry'), 8761)).toBe(true);
      for (const name of services) {
        expect(reach(podOf('gateway'), podOf(name), portOf(name))).toBe(true);
        expect(reach(podOf(name), podOf('registry'), 8761)).toBe(true);
        // It asks how they are.
        expect(reach(podOf('registry'), podOf(name), portOf(name))).toBe(true);
        if (name !== 'auth') expect(reach(podOf(name), podOf('auth'), 9094)).toBe(true);
        for (const port of [5432, 9092, 27017]) expect(reach(podOf(name), servers, port)).toBe(true);
      }
      for (const { name } of apps) {
        expect(reach(podOf(name), inNamespace('kube-system', { 'k8s-app': 'kube-dns' }), 53)).toBe(true);
        for (const port of [6500, 50001]) expect(reach(podOf(name), inNamespace('dapr-system'), port)).toBe(true);
        for (const port of [portOf(name), 9090]) expect(reach(inNamespace('monitoring'), podOf(name), port)).toBe(true);
      }
    });

    it('let a sidecar reach those that its process may ask, and no other', () => {
      // What each asks for its own work; every service besides has auth keep the heads of its audit trail, and tells
      // patient who looked at patients.
      const work: Record<string, string[]> = {
        alert: ['practitioner', 'wearable'],
        appointment: ['practitioner'],
        auth: ['patient', 'practitioner'],
        notification: ['alert', 'appointment', 'practitioner'],
        patient: ['practitioner'],
        record: ['appointment', 'practitioner', 'wearable'],
        wearable: ['appointment'],
      };
      const heads = (caller: string) => (services.includes(caller) && caller !== 'auth' ? ['auth'] : []);
      const keepsOfPatients = readProcesses()
        .filter(({ patientData }) => patientData)
        .map(({ name }) => name);
      const looks = (caller: string) =>
        keepsOfPatients.includes(caller) && !['auth', 'patient'].includes(caller) ? ['patient'] : [];
      const mayAsk = (caller: string) => [...(work[caller] ?? []), ...heads(caller), ...looks(caller)].sort();
      for (const { name: caller } of apps) {
        const reached = apps.map(({ name }) => name).filter((name) => reach(podOf(caller), podOf(name), 50002));
        expect([caller, reached.sort()]).toEqual([caller, mayAsk(caller)]);
      }
      const { accessControl, nameResolution } = ofKind(manifests, 'Configuration')[0].spec;
      // Dapr's own definition wants all three, and its sidecars do not start without the Configuration.
      expect(Object.keys(nameResolution).sort()).toEqual(['component', 'configuration', 'version']);
      const { policies, defaultAction } = accessControl;
      expect(defaultAction).toBe('deny');
      expect(policies.map(({ appId }: Manifest) => appId).sort()).toEqual(
        apps
          .map(({ name }) => name)
          .filter((name) => mayAsk(name).length > 0)
          .sort(),
      );
      for (const policy of policies) {
        expect([policy.defaultAction, policy.namespace]).toEqual(['deny', 'cabinet']);
      }
    });

    it('keep everything else out', () => {
      const stranger = inNamespace('elsewhere');
      for (const { name } of apps) {
        for (const port of [portOf(name), 3500, 50001, 50002, 9090]) {
          expect(reach(stranger, podOf(name), port)).toBe(false);
        }
        expect(reach(podOf(name), stranger, 443)).toBe(false);
        for (const other of services) {
          if (other !== 'auth' && services.includes(name))
            expect(reach(podOf(name), podOf(other), portOf(other))).toBe(false);
        }
      }
      for (const name of ['gateway', 'registry']) expect(reach(podOf(name), servers, 5432)).toBe(false);
    });
  });
});

describe('the overlay production', () => {
  it('holds no secret, and is reached by TLS only', async () => {
    const manifests = await render('production');
    expect(ofKind(manifests, 'Secret')).toEqual([]);
    const [ingress] = ofKind(manifests, 'Ingress');
    const hosts = ingress.spec.rules.map(({ host }: Manifest) => host);
    expect(ingress.spec.tls.flatMap((tls: Manifest) => tls.hosts)).toEqual(hosts);
    expect(ingress.metadata.annotations['cert-manager.io/cluster-issuer']).toBeDefined();
    const settings = ofKind(manifests, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('cabinet'));
    expect(settings?.data.PASSKEY_ORIGINS).toBe(hosts.map((host: string) => `https://${host}`).join(','));
  });

  it('lets the ingress, and nobody else, ask the pod by which an issuer proves whose name it certifies', async () => {
    const policies = ofKind(await render('production'), 'NetworkPolicy');
    const solver: End = { labels: { 'acme.cert-manager.io/http01-solver': 'true' } };
    const from = (name: string): End => ({ labels: {}, namespace: { 'kubernetes.io/metadata.name': name } });
    expect(lets(policies, from('ingress-nginx'), solver, 8089)).toBe(true);
    expect(lets(policies, from('elsewhere'), solver, 8089)).toBe(false);
    expect(lets(policies, from('ingress-nginx'), solver, 8080)).toBe(false);
  });

  it('waits at the ingress for as long as the gateway does, and takes what it takes', async () => {
    const [{ metadata }] = ofKind(await render('production'), 'Ingress');
    const { bodyMs, timeoutMs, bodyBytesMax } = importLimits;
    const seconds = Number(metadata.annotations['nginx.ingress.kubernetes.io/proxy-read-timeout']);
    expect(seconds * 1_000).toBeGreaterThan(bodyMs + timeoutMs);
    expect(metadata.annotations['nginx.ingress.kubernetes.io/proxy-body-size']).toBe(`${bodyBytesMax / 1024 ** 2}m`);
  });
});

describe('what an operator may add', () => {
  const servers: End = { labels: {}, namespace: { 'cabinet/servers': 'true' } };
  const collector: End = { labels: {}, namespace: { 'cabinet/traces': 'true' } };
  const within = { 'app.kubernetes.io/part-of': 'cabinet' };
  const gateway: End = { labels: { ...within, 'app.kubernetes.io/component': 'gateway' } };
  const service: End = { labels: { ...within, 'app.kubernetes.io/component': 'service' } };
  const policiesWith = async (trait: string) => [
    ...ofKind(await render('production'), 'NetworkPolicy'),
    ...parseAllDocuments(await kustomize(`k8s/traits/${trait}`)).map((document) => document.toJS()),
  ];

  it('is a Redis, which only the gateway reaches', async () => {
    const policies = await policiesWith('redis');
    expect(lets(policies, gateway, servers, 6379)).toBe(true);
    expect(lets(policies, service, servers, 6379)).toBe(false);
    expect(lets(policies, gateway, servers, 5432)).toBe(false);
    expect(lets(ofKind(await render('production'), 'NetworkPolicy'), gateway, servers, 6379)).toBe(false);
  });

  it('is a collector of traces, which every process reaches', async () => {
    const policies = await policiesWith('traces');
    for (const process of [gateway, service]) {
      expect(lets(policies, process, collector, 4318)).toBe(true);
      expect(lets(policies, process, servers, 4318)).toBe(false);
    }
  });
});
