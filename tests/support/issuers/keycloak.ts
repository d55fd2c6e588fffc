import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { bringArtifacts } from '../../../dev/src/artifacts.ts';
import { freePort } from '../../../dev/src/ports.ts';
import { Progress, ProgressDisplay } from '../../../dev/src/progress.ts';
import { type Caller, caller, until } from '../http.ts';

const admin = { username: 'admin', password: randomUUID() };

/** The real Keycloak, with nothing in it but what a test makes. */
export interface Keycloak {
  url: string;
  /** As its administrator. */
  ask: Caller;
  stop(): Promise<void>;
}

export async function startKeycloak(): Promise<Keycloak> {
  const { keycloak } = await bringArtifacts(new Progress(new ProgressDisplay().show), ['keycloak']);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options = [
    '--optimized',
    '--http-enabled=true',
    '--http-host=127.0.0.1',
    `--http-port=${port}`,
    `--hostname=${url}`,
  ];
  const child = spawn('bash', [join(keycloak, 'home/bin/kc.sh'), 'start', ...options], {
    env: {
      ...process.env,
      KC_BOOTSTRAP_ADMIN_USERNAME: admin.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password,
      JAVA_OPTS_APPEND: '-Xmx512m -XX:TieredStopAtLevel=1',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`Keycloak has ended: ${child.exitCode}`);
      return (await fetch(`${url}/realms/master`)).ok;
    },
    540_000,
    1_000,
  );
  const ask: Caller = async (method, path, body, headers) =>
    caller(url, `Bearer ${await tokenAt(url)}`)(method, path, body, headers);
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { url, ask, stop };
}

/** Good for a minute, so each request has its own. */
async function tokenAt(url: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...admin });
  const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: form });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** A browser at Keycloak: it fills in the form. */
export class KeycloakBrowser {
  private readonly cookies = new Map<string, string>();

  /** @returns where it is led when it leaves Keycloak */
  async signIn(address: string, username: string, password: string): Promise<URL> {
    const page = await this.go(address);
    const [, action = ''] = /<form[^>]+action="([^"]+)"/.exec(await page.text()) ?? [];
    const body = new URLSearchParams({ username, password, credentialId: '' });
    const answer = await this.go(action.replaceAll('&amp;', '&'), { method: 'POST', body });
    const location = answer.headers.get('location');
    if (!location) throw new Error(`not signed in: ${answer.status}`);
    return new URL(location);
  }

  /** @returns where Keycloak leads on to, if it does */
  async leadOn(address: string): Promise<string | null> {
    return (await this.go(address)).headers.get('location');
  }

  private async go(address: string, how: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { ...how, redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      this.cookies.set(name, value);
    }
    return answer;
  }
}
