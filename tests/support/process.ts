import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventKeys } from './events.ts';
import { until } from './http.ts';
import { auditSecrets } from './service.ts';
import { startTokenIssuer, type TokenIssuer } from './tokens.ts';

/** A service as it runs in a practice: a process of its own, which can be killed. */
export interface ServiceProcess {
  base: string;
  bearer: TokenIssuer['bearer'];
  /** Without a last word (SIGKILL). */
  kill(): Promise<void>;
}

/** @param more what its environment has besides what every service has */
export async function startProcess(
  service: string,
  databaseUrl: string,
  more: Record<string, string> = {},
): Promise<ServiceProcess> {
  const issuer = await startTokenIssuer();
  const main = join(import.meta.dirname, `../../services/${service}/dist/main.js`);
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      APP_HOST: '127.0.0.1',
      APP_PORT: '0',
      AUDIT_KEYS: auditSecrets.join('|'),
      CABINET_MODE: 'demonstration',
      DAPR_HTTP_PORT: '1',
      DATABASE_URL: databaseUrl,
      EVENT_KEYS: Object.entries(eventKeys)
        .map((pair) => pair.join('='))
        .join(','),
      JWKS_URL: issuer.jwksUrl,
      LOG_LEVEL: 'info',
      ...more,
    },
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await issuer.stop();
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line);
    if (msg !== 'listening') continue;
    child.stdout.resume();
    const base = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${base}/health/ready`)).ok);
    return { base, bearer: issuer.bearer, kill };
  }
  throw new Error(`${service} ended before it listened`);
}
