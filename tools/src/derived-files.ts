import { declarationSchema, jobSchema, type Process } from '../../dev/src/processes.ts';

export const written = 'Written by `npm run gen` from process.json.';

/** What editors say of a process.json and a job.json while it is written. */
export const schema = (): Record<string, string> => ({
  'dev/process.schema.json': `${JSON.stringify({ $comment: written, ...declarationSchema() }, null, 2)}\n`,
  'dev/job.schema.json': `${JSON.stringify({ $comment: written, ...jobSchema() }, null, 2)}\n`,
});

/** What each hears, in the form that Dapr reads. */
export const subscriptions = (processes: Process[]): Record<string, string> => ({
  ...factSubscriptions(processes),
  ...Object.assign({}, ...processes.map(deviceSubscription)),
});

const factSubscriptions = (processes: Process[]): Record<string, string> =>
  Object.fromEntries(
    processes.flatMap(({ name, hears }) =>
      Object.entries(hears).map(([topic, what]) => [
        `dapr/subscriptions/${name}-hears-${topic}.yaml`,
        `# ${name} ${what}. ${written}
apiVersion: dapr.io/v2alpha1
kind: Subscription
metadata:
  name: ${name}-hears-${topic}
scopes:
  - ${name}
spec:
  pubsubname: events
  topic: ${topic}
  routes:
    default: /events/${topic}
  # The bytes as they stand in the broker: the service alone decides what becomes of each.
  metadata: { rawPayload: "true" }
  # Under load many events share one delivery; a single one waits this long at most.
  bulkSubscribe:
    enabled: true
    maxMessagesCount: 100
    maxAwaitDurationMs: 250
`,
      ]),
    ),
  );

/**
 * A sidecar that took its process for unwell would end the subscription, and leave what the broker had sent it by then: that comes again
 * only when the sidecar connects anew (decision 51). So it waits for its process once, and then goes on trying.
 */
export const neverUnhealthy = 1_000_000;

/** What devices send by themselves, one message at a time. */
const deviceSubscription = ({ name, hearsDevices }: Process): Record<string, string> =>
  hearsDevices
    ? {
        [`dapr/subscriptions/${name}-hears-devices.yaml`]: `# ${name} ${hearsDevices}. ${written}
apiVersion: dapr.io/v2alpha1
kind: Subscription
metadata:
  name: ${name}-hears-devices
scopes:
  - ${name}
spec:
  pubsubname: devices
  topic: devices/readings
  routes:
    default: /events/devices
  # The bytes as the device sent them, which need be no event.
  metadata: { rawPayload: "true" }
`,
      }
    : {};

/** V8's switches of a process (decision 24). */
export const switchesOf = ({ memory }: Process): string[] => [
  ...(memory.maxSemiSpaceMiB ? [`--max-semi-space-size=${memory.maxSemiSpaceMiB}`] : []),
  ...(memory.heapGrowingPercent ? [`--heap-growing-percent=${memory.heapGrowingPercent}`] : []),
];

export const dockerfiles = (processes: Process[]): Record<string, string> =>
  Object.fromEntries(
    processes.map((process) => {
      const { name, folder, kind, port } = process;
      const command = ['node', ...switchesOf(process), 'dist/main.js'].map((word) => JSON.stringify(word)).join(', ');
      const alike = kind === 'service' ? 'what services have alike, and the service itself' : 'the process itself';
      const text = `# ${written} On top of what every process has (tools/images/Dockerfile): ${alike}.
FROM cabinet/build AS build
FROM cabinet/base
${kind === 'service' ? 'COPY --from=build /out/service /\n' : ''}COPY --from=build /out/${name} /
WORKDIR /cabinet/${folder}
ENV APP_PORT=${port}
EXPOSE ${port}
CMD [${command}]
`;
      return [`${folder}/Dockerfile`, text];
    }),
  );

export const kubernetesNames = (processes: Process[]): Record<string, string> =>
  Object.fromEntries(
    processes.map(({ name, port }) => [
      `k8s/base/${name}/process.yaml`,
      `# ${written} Read by k8s/process; it is not sent to the cluster.
apiVersion: v1
kind: ConfigMap
metadata:
  name: process
  annotations:
    config.kubernetes.io/local-config: "true"
data:
  name: ${name}
  port: "${port}"
`,
    ]),
  );

/** Services alone: the registry and the gateway are each of their own kind. */
export const kubernetesBases = (processes: Process[]): Record<string, string> =>
  Object.fromEntries(
    processes
      .filter(({ kind }) => kind === 'service')
      .map(({ name, hearsDevices }) => [
        `k8s/base/${name}/kustomization.yaml`,
        `# ${written}
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [process.yaml]
components: [../../process, ../../traits/service${hearsDevices ? ', ../../traits/devices' : ''}]
`,
      ]),
  );

export const internetPolicies = (processes: Process[]): Record<string, string> =>
  Object.fromEntries(
    processes.flatMap(({ name, internet }) =>
      internet ? [[`k8s/traits/network-policies/internet-${name}.yaml`, internetPolicy(name, internet)]] : [],
    ),
  );

const internetPolicy = (name: string, { ports, why }: NonNullable<Process['internet']>) => `# ${written} ${why}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: internet-${name}
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
        - ipBlock:
            cidr: 2000::/3
      ports:
${ports.map((port) => `        - { port: ${port} }\n`).join('')}`;
