import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { workTree } from '../../dev/cache.mjs';
import { docker } from './containers.ts';

const file = parse(readFileSync(join(workTree, 'docker-compose.yml'), 'utf8'), { merge: true, maxAliasCount: -1 });

/** What no package brings, so that nothing can stand for it: these stay away. */
const unavailable = ['loki', 'alloy', 'grafana'];

/** What is brought up: all of the profile `core`, and of `observability` what there is. */
export const composed: string[] = Object.keys(file.services).filter((name) => !unavailable.includes(name));

/** The images of others among them. */
export const foreignImages: string[] = [...new Set<string>(composed.map((name) => file.services[name].image))].filter(
  (image) => !image.startsWith('cabinet/'),
);

/** Our compose file, brought up as a project of its own beside whatever else runs on this machine. */
export class ComposedPractice {
  readonly project: string;
  readonly gatewayPort: number;

  constructor(project: string, gatewayPort: number) {
    this.project = project;
    this.gatewayPort = gatewayPort;
  }

  get gateway(): string {
    return `http://127.0.0.1:${this.gatewayPort}`;
  }

  /** Starts what does not run; resolves when all that has a health check is healthy. */
  async up(): Promise<void> {
    await this.compose('up', '--detach', ...composed);
  }

  async down(): Promise<void> {
    await this.compose('down', '--volumes', '--timeout', '20');
  }

  /** What a container is called by docker. */
  container(service: string): string {
    const labels = { project: this.project, service };
    const filters = Object.entries(labels).flatMap(([name, value]) => [
      '--filter',
      `label=com.docker.compose.${name}=${value}`,
    ]);
    return docker('ps', '--all', '--quiet', ...filters);
  }

  inspect(service: string) {
    return JSON.parse(docker('inspect', this.container(service)))[0];
  }

  /** Ends the main process as the kernel does when memory is short: the engine did not ask for it. */
  crash(service: string): void {
    process.kill(this.inspect(service).State.Pid, 'SIGKILL');
  }

  /** Runs a module of JavaScript within a container of ours; resolves to what it printed. */
  run(service: string, script: string): string {
    return docker('exec', this.container(service), 'node', '--input-type=module', '--eval', script);
  }

  private async compose(...args: string[]): Promise<void> {
    const [command = '', ...before] = composeCommand();
    const profiles = ['--profile', 'core', '--profile', 'observability'];
    await promisify(execFile)(command, [...before, '--project-name', this.project, ...profiles, ...args], {
      cwd: workTree,
      env: { ...process.env, CABINET_PORT_GATEWAY: String(this.gatewayPort), COMPOSE_HTTP_TIMEOUT: '300' },
      maxBuffer: 16 * 1024 ** 2,
    });
  }
}

/** Docker's plugin, or the program of its own that Debian has. */
function composeCommand(): string[] {
  if (spawnSync('docker', ['compose', 'version']).status === 0) return ['docker', 'compose'];
  try {
    execFileSync('docker-compose', ['version'], { stdio: 'ignore' });
    return ['docker-compose'];
  } catch {
    throw new Error("there is neither docker's plugin `compose` nor docker-compose: install one of them.");
  }
}
