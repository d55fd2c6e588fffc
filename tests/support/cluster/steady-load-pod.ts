import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { seededPassword } from '../../../dev/src/seed/index.ts';
import { until } from '../http.ts';
import { addPractitioner, freeSlots, registerPatient, signedInAt } from '../practice.ts';
import type { Cluster } from './cluster.ts';
import type { Told } from './load.ts';

// Beside the entrance.
const namespace = 'ingress-nginx';
const files = ['http.ts', 'steady-load.ts', 'cluster/load.ts'];

/** A steady load on the gateway from within the cluster, until it is disposed of. */
export class SteadyLoadPod implements AsyncDisposable {
  private readonly cluster: Cluster;

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  static async start(cluster: Cluster): Promise<SteadyLoadPod> {
    await using gateway = await cluster.reachGateway();
    const [admin, secretary, bernard] = [
      await signedInAt(gateway.url, 'admin'),
      await signedInAt(gateway.url, 'secretary'),
      await signedInAt(gateway.url, 'dr.bernard'),
    ];
    const bookings = [];
    for (let n = 0; n < 2; n += 1) {
      const receiving = await addPractitioner(admin);
      const { id: patientId } = await registerPatient(secretary);
      const { practitionerId, appointmentTypeId } = receiving;
      bookings.push({ practitionerId, appointmentTypeId, patientId, slots: await freeSlots(secretary, receiving) });
    }
    const record = (await bernard('GET', '/api/appointments?limit=1')).body.items[0].patientId;
    const load = new SteadyLoadPod(cluster);
    await cluster.apply(manifestsOf({ bookings, record }));
    await until(async () => (await load.told()).answered > 20, 120_000);
    return load;
  }

  /** What came of it until now. */
  async told(): Promise<Told> {
    const lines = await this.cluster.logs('steady-load', 'load', namespace, '--tail', '1');
    return JSON.parse(lines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.kubectl(['delete', 'pod', 'steady-load', '-n', namespace, '--grace-period', '0', '--force']);
  }
}

function manifestsOf(practice: object): string {
  const text = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');
  const key = (file: string) => file.replace('/', '.');
  const metadata = { name: 'steady-load', namespace };
  const env = { GATEWAY: 'http://gateway.cabinet:8080', PASSWORD: seededPassword, PRACTICE: JSON.stringify(practice) };
  const pod = {
    restartPolicy: 'Never',
    containers: [
      {
        name: 'load',
        image: 'cabinet/gateway',
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '/load/cluster/load.ts'],
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        volumeMounts: [{ name: 'load', mountPath: '/load' }],
      },
    ],
    volumes: [
      {
        name: 'load',
        configMap: { name: 'steady-load', items: files.map((file) => ({ key: key(file), path: file })) },
      },
    ],
  };
  const manifests = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: Object.fromEntries(files.map((file) => [key(file), text(file)])),
    },
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: pod },
  ];
  return manifests.map((each) => stringify(each)).join('---\n');
}
