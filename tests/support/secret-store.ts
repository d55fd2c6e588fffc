import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { until } from './http.ts';

/** A real sidecar with the component `secrets` on a file of its own, and nothing else. */
export class SidecarWithSecrets implements AsyncDisposable {
  readonly token = 'the-token-that-a-process-shows';
  readonly httpPort: number;
  readonly #file: string;
  readonly #folder: string;
  readonly #grpcPorts: number[];
  #child?: ReturnType<typeof spawn>;

  private constructor(folder: string, [httpPort = 0, ...grpcPorts]: number[]) {
    this.#folder = folder;
    this.#file = join(folder, 'secrets.json');
    this.httpPort = httpPort;
    this.#grpcPorts = grpcPorts;
  }

  static async make(): Promise<SidecarWithSecrets> {
    const folder = mkdtempSync(join(tmpdir(), 'cabinet-secrets-'));
    mkdirSync(join(folder, 'resources'));
    cpSync(join(workTree, 'components/secrets.yaml'), join(folder, 'resources/secrets.yaml'));
    return new SidecarWithSecrets(folder, await Promise.all(Array.from({ length: 4 }, () => freePort())));
  }

  /** What a process has to know to read from it. */
  get environment(): Record<string, string> {
    return { DAPR_HTTP_PORT: String(this.httpPort), DAPR_API_TOKEN: this.token, SECRET_STORE: 'secrets' };
  }

  /** Writes the store, which a sidecar reads when it starts. */
  put(secrets: Record<string, Record<string, unknown>>): void {
    writeFileSync(this.#file, JSON.stringify(secrets), { mode: 0o600 });
  }

  async start(): Promise<void> {
    const { daprd } = await bringArtifacts(new Progress(() => undefined), ['daprd']);
    const [grpc, internal, metrics] = this.#grpcPorts;
    const flags = {
      'app-id': 'patient',
      'dapr-http-port': this.httpPort,
      'dapr-grpc-port': grpc,
      'dapr-internal-grpc-port': internal,
      'metrics-port': metrics,
      'dapr-listen-addresses': '127.0.0.1',
      'resources-path': join(this.#folder, 'resources'),
    };
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const env = { PATH: process.env.PATH, DAPR_API_TOKEN: this.token, SECRETS_FILE: this.#file };
    this.#child = spawn(daprd, args, { env, stdio: 'ignore' });
    const url = `http://127.0.0.1:${this.httpPort}/v1.0/healthz/outbound`;
    await until(() =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
