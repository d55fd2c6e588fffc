import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { type Answer, type Caller, caller, until } from './http.ts';

/** A realm in Keycloak's own form: https://www.keycloak.org/docs-api/latest/rest-api/index.html#RealmRepresentation */
export type Realm = { realm: string } & Record<string, unknown>;

export interface Keycloak {
  /** `http://127.0.0.1:<port>`; a realm's issuer is below `/realms/`. */
  url: string;
  /** Its API for administrators, below the realms: `admin('GET', '/practice/users')`. */
  admin: Caller;
  /** Ends it at once. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Keycloak with these realms, on loopback, with a database of its own that nobody keeps. It takes a minute or two. */
export async function startKeycloak(realms: Realm[]): Promise<Keycloak> {
  const { keycloak } = await bringArtifacts(new Progress(() => undefined), ['keycloak']);
  // Its first start writes into its installation.
  const folder = mkdtempSync(join(tmpdir(), 'keycloak-'));
  cpSync(keycloak, folder, { recursive: true });
  mkdirSync(join(folder, 'data/import'), { recursive: true });
  for (const realm of realms) {
    writeFileSync(join(folder, `data/import/${realm.realm}-realm.json`), JSON.stringify({ enabled: true, ...realm }));
  }
  const port = await freePort();
  const [url, username, password] = [`http://127.0.0.1:${port}`, 'root', 'what the test administers it by'];
  const options = [`--http-port=${port}`, `--http-management-port=${await freePort()}`];
  const child = spawn(
    'bash',
    [join(folder, 'bin/kc.sh'), 'start-dev', '--import-realm', '--http-host=127.0.0.1', ...options],
    {
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_USERNAME: username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: password,
        // By itself it takes half of the machine's memory.
        JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx512m',
        JAVA_OPTS_APPEND: '-XX:TieredStopAtLevel=1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => printed.push(part));
  const ended = once(child, 'exit');
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    // The script and its Java are one group.
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  const stop = async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = ended.then(() => {
    throw new Error(`Keycloak did not start:\n${Buffer.concat(printed)}`);
  });
  try {
    await Promise.race([failed, until(async () => (await fetch(`${url}/realms/master`)).ok, 600_000)]);
  } catch (error) {
    await stop();
    throw error;
  }

  /** A token of its administrator is good for a minute: each call gets its own. */
  const admin: Caller = async (method, path, body, headers): Promise<Answer> => {
    const grant = { grant_type: 'password', client_id: 'admin-cli', username, password };
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams(grant),
    });
    const { access_token } = (await answer.json()) as { access_token: string };
    return caller(`${url}/admin/realms`, `Bearer ${access_token}`)(method, path, body, headers);
  };
  return { url, admin, kill, stop };
}
