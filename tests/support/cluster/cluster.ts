import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Problem } from '../../../dev/src/problem.ts';
import { until } from '../http.ts';
import type { Manifest } from '../manifests.ts';

const needed = `tests of the cluster need one with Dapr's control plane, and kubectl on the PATH. Either
  CABINET_CLUSTER=<folder>     with up.sh, which brings a cluster up and prints "export KUBECONFIG=...", and load-image.sh IMAGE ...
or
  KUBECONFIG=<file>            of a cluster that is up, and
  CABINET_LOAD_IMAGES=<words>  a command that takes images from Docker into it, such as "kind load docker-image"`;

/** What it takes to reach a cluster: plain values, so that whoever brings it can hand it on. */
export interface ClusterAddress {
  kubeconfig: string;
  loadImages: string[];
}

/** The cluster that the environment names, brought up when it says how. @throws Problem that says what is missing */
export function bringCluster(env: NodeJS.ProcessEnv = process.env): ClusterAddress {
  const { CABINET_CLUSTER: folder, KUBECONFIG, CABINET_LOAD_IMAGES } = env;
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) throw new Problem(needed);
  if (folder) {
    const said = execFileSync(join(folder, 'up.sh'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const kubeconfig = /^export KUBECONFIG=(.+)$/m.exec(said)?.[1];
    if (!kubeconfig) throw new Problem(`${folder}/up.sh did not say where the cluster is.\n${needed}`);
    return { kubeconfig, loadImages: [join(folder, 'load-image.sh')] };
  }
  if (!KUBECONFIG || !CABINET_LOAD_IMAGES) throw new Problem(`there is no cluster: ${needed}`);
  return { kubeconfig: KUBECONFIG, loadImages: CABINET_LOAD_IMAGES.split(' ') };
}

/** A hand on a cluster, by kubectl. */
export class Cluster {
  private readonly address: ClusterAddress;

  constructor(address: ClusterAddress) {
    this.address = address;
  }

  /** Takes images from the Docker engine into the cluster. */
  load(images: string[]): void {
    const [command = '', ...args] = this.address.loadImages;
    execFileSync(command, [...args, ...images], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Runs kubectl, with `input` as its standard input; resolves to what it printed. @throws with its own words */
  async kubectl(args: string[], input?: string): Promise<string> {
    const running = promisify(execFile)('kubectl', args, { env: this.env, maxBuffer: 32 * 1024 ** 2 });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  async apply(manifests: string): Promise<void> {
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], manifests);
  }

  /** What the API server would say to these manifests, a line each, warnings and refusals included; nothing is changed. */
  async admits(manifests: string): Promise<string[]> {
    const args = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict', '-f', '-'];
    const answer = spawnSync('kubectl', args, { env: this.env, input: manifests, encoding: 'utf8' });
    return `${answer.stdout}${answer.stderr}`.split('\n').filter(Boolean);
  }

  async get(kind: string, namespace: string, ...more: string[]): Promise<Manifest> {
    return JSON.parse(await this.kubectl(['get', kind, '-n', namespace, '-o', 'json', ...more]));
  }

  /** The pods of one process that are not on their way out. */
  async pods(app: string, namespace = 'cabinet'): Promise<Manifest[]> {
    const { items } = await this.get('pods', namespace, '-l', `app.kubernetes.io/name=${app}`);
    return items.filter(({ metadata }: Manifest) => !metadata.deletionTimestamp);
  }

  /** Resolves when a Deployment runs what it was last told, and nothing of what it ran before is left. */
  async settled(app: string, namespace = 'cabinet'): Promise<void> {
    await this.kubectl(['rollout', 'status', `deployment/${app}`, '-n', namespace, '--timeout', '300s']);
  }

  /** What a container wrote, or what it wrote before it was started again. */
  logs(pod: string, container: string, namespace = 'cabinet', ...more: string[]): Promise<string> {
    return this.kubectl(['logs', pod, '-c', container, '-n', namespace, ...more]);
  }

  /** Resolves when no pod of a process is on its way out any more. */
  async gone(app: string): Promise<void> {
    const isLeaving = ({ metadata }: Manifest) => metadata.deletionTimestamp;
    await until(async () => {
      const { items } = await this.get('pods', 'cabinet', '-l', `app.kubernetes.io/name=${app}`);
      return !items.some(isLeaving);
    }, 120_000);
  }

  /** Runs a module of JavaScript within the container of a process; resolves to what it printed. */
  async inApp(app: string, script: string): Promise<string> {
    const node = ['node', '--input-type=module', '--eval', script];
    return (await this.kubectl(['exec', '-n', 'cabinet', `deploy/${app}`, '-c', 'app', '--', ...node])).trim();
  }

  /** Asks the PostgreSQL of the cluster as its administrator; resolves to the values, a row a line. */
  async sql(query: string, database = 'postgres'): Promise<string> {
    const psql = ['psql', '-U', 'postgres', '-d', database, '-qtA', '-v', 'ON_ERROR_STOP=1', '-c', query];
    return (await this.kubectl(['exec', '-n', 'cabinet-servers', 'deploy/postgres', '--', ...psql])).trim();
  }

  /** MiB that each container uses, by `pod/container`, once all of them have been measured. */
  async memoryUsed(namespace: string): Promise<Record<string, number>> {
    let lines: string[][] = [];
    await until(async () => {
      const { items } = await this.get('pods', namespace);
      const text = await this.kubectl(['top', 'pods', '--containers', '--no-headers', '-n', namespace]);
      lines = text
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/));
      return items.every(({ metadata }: Manifest) => lines.filter(([pod]) => pod === metadata.name).length >= 2);
    }, 180_000);
    return Object.fromEntries(
      lines.map(([pod, container, , memory = '']) => [`${pod}/${container}`, Number.parseInt(memory, 10)]),
    );
  }

  /** Opens a way from this machine to the gateway, until it is disposed of. */
  async reachGateway(): Promise<AsyncDisposable & { url: string }> {
    const args = ['port-forward', '-n', 'ingress-nginx', 'deployment/entrance', ':8080'];
    const child = spawn('kubectl', args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    let failure = '';
    child.stderr.on('data', (text) => {
      failure += text;
    });
    for await (const line of createInterface(child.stdout)) {
      const port = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (!port) continue;
      child.stdout.resume();
      return {
        url: `http://127.0.0.1:${port}`,
        async [Symbol.asyncDispose]() {
          child.kill();
          await ended;
        },
      };
    }
    throw new Error(`no way to the gateway: ${failure}`);
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: this.address.kubeconfig };
  }
}

export const isReady = (pod: Manifest): boolean =>
  pod.status.conditions?.some(({ type, status }: Manifest) => type === 'Ready' && status === 'True') ?? false;
