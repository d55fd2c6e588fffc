import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { type Answer, caller, until } from './http.ts';

export interface RadicaleServer {
  /** `127.0.0.1:<port>` */
  host: string;
  url: string;
  username: string;
  password: string;
  /** Makes a collection for calendar objects. @returns its address */
  makeCalendar(name: string): Promise<string>;
  /** As the practitioner's other programs ask it. */
  ask(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Answer>;
  /** Ends it at once, whatever it is doing. */
  kill(): Promise<void>;
  /** Again at the same address, with what it has stored. */
  start(): Promise<void>;
  /** From now on only this password is right. */
  changePassword(password: string): Promise<void>;
  stop(): Promise<void>;
}

/** A real CalDAV server with one user, fetched when this machine has none. */
export async function startRadicale(): Promise<RadicaleServer> {
  const { radicale } = await bringArtifacts(new Progress(() => undefined), ['radicale']);
  const folder = mkdtempSync(join(tmpdir(), 'radicale-'));
  mkdirSync(join(folder, 'collections'));
  const port = await freePort();
  const [host, username] = [`127.0.0.1:${port}`, 'bernard'];
  const users = (password: string) => writeFileSync(join(folder, 'users'), `${username}:${password}\n`);
  const lines = [
    ['server', `hosts = ${host}`],
    ['auth', `type = htpasswd\nhtpasswd_filename = ${join(folder, 'users')}\nhtpasswd_encryption = plain\ndelay = 0`],
    ['rights', 'type = owner_only'],
    ['storage', `filesystem_folder = ${join(folder, 'collections')}`],
    ['logging', 'level = error'],
  ];
  writeFileSync(join(folder, 'config'), lines.map(([name, text]) => `[${name}]\n${text}\n`).join('\n'));

  let child: ReturnType<typeof spawn>;
  const server: RadicaleServer = {
    host,
    url: `http://${host}`,
    username,
    password: 'a password of bernard',
    async makeCalendar(name) {
      const path = `/${username}/${name}/`;
      const { status } = await server.ask('MKCALENDAR', path);
      if (status !== 201) throw new Error(`no calendar was made: ${status}`);
      return `${server.url}${path}`;
    },
    ask: (method, path, body, headers = {}) =>
      caller(server.url, `Basic ${btoa(`${username}:${server.password}`)}`)(method, path, body, {
        'content-type': 'text/calendar',
        ...headers,
      }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async start() {
      users(server.password);
      child = spawn('python3', ['-m', 'radicale', '--config', join(folder, 'config')], {
        env: { ...process.env, PYTHONPATH: radicale, PYTHONDONTWRITEBYTECODE: '1' },
        stdio: 'ignore',
      });
      await until(async () => (await server.ask('PROPFIND', `/${username}/`)).status === 207);
    },
    async changePassword(password) {
      await server.kill();
      server.password = password;
      await server.start();
    },
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
