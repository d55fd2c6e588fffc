import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { cacheFolder, workTree } from '../../dev/cache.mjs';
import { javaCommand } from '../../dev/prerequisites.mjs';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { makeOnce } from '../../dev/src/make-once.ts';
import { memoryBudget } from '../../dev/src/memory-budget.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { platformFlags } from '../platform-flags.ts';
import type { LoadOrder, LoadResult } from './load-process.ts';
import { nginxConfiguration } from './peers/nginx.ts';

export interface Contender {
  name: string;
  origin: string;
  pid: number;
}

/** Who ask, each with a token of their own. */
const people = 64;

const unlimited = '1000000000';

/** Of all files of a folder, so that what was built of others is not used. */
function hashOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8')).sort();
  return createHash('sha256').update(texts.join('')).digest('hex').slice(0, 12);
}

/** One upstream with our gateway, nginx and Spring Cloud Gateway in front of it, each a process of its own. */
export class Stand {
  private readonly children: ChildProcess[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'cabinet-bench-gateway-'));
  private readonly issuer = createServer();
  private readonly nginx: string;
  private issuerUrl = '';
  private upstreamPort = 0;
  authorizations: string[] = [];

  private constructor(nginx: string) {
    this.nginx = nginx;
  }

  /** Of one of those who ask. */
  get authorization(): string {
    return this.authorizations[0] ?? '';
  }

  static async start(say: (text: string) => void): Promise<Stand> {
    const progress = new Progress((event) => event.type === 'begin' && say(`gateway: ${event.step} ...`));
    const { nginx } = await bringArtifacts(progress, ['nginx']);
    const stand = new Stand(nginx);
    await stand.startIssuer();
    stand.upstreamPort = await freePort();
    stand.spawn(process.execPath, [join(import.meta.dirname, 'upstream-process.ts'), String(stand.upstreamPort)]);
    await stand.answers(`http://127.0.0.1:${stand.upstreamPort}/`);
    return stand;
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGTERM');
    await Promise.all(this.children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    this.issuer.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Ends one of them before the others. */
  async end({ pid }: Contender): Promise<void> {
    const child = this.children.find((each) => each.pid === pid);
    if (!child) throw new Error(`${pid} was not started here`);
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /**
   * Our gateway with its usual policies, run as the run file runs it, in one process or more, and a registry of its own.
   * @param instances of the one service there; all are the one upstream
   */
  async startGateway(workers: number, instances = 1): Promise<Contender> {
    const registryUrl = await this.startRegistry(instances);
    const port = await freePort();
    const { pid } = this.spawn(
      process.execPath,
      [...platformFlags('gateway'), join(workTree, 'gateway/dist/main.js')],
      {
        APP_PORT: String(port),
        REGISTRY_URLS: registryUrl,
        JWKS_URL: `${this.issuerUrl}/jwks.json`,
        RATE_LIMIT_ADDRESS: unlimited,
        RATE_LIMIT_USER: unlimited,
        DRAIN_NOTICE_MS: '0',
        WORKERS: String(workers),
        ...memoryBudget.malloc,
      },
    );
    return this.whenReady({ name: 'gateway', origin: `http://127.0.0.1:${port}`, pid: pid as number });
  }

  /**
   * With as many workers as our gateway has.
   * @param does the same as our gateway, as far as nginx can, or only passes on
   */
  async startNginx(workers: number, does: 'the same' | 'passing on'): Promise<Contender> {
    const [port, folder] = [await freePort(), mkdtempSync(join(this.folder, 'nginx-'))];
    const file = join(folder, 'nginx.conf');
    const verifyUrl = does === 'the same' ? `${this.issuerUrl}/verify` : undefined;
    writeFileSync(file, nginxConfiguration({ folder, port, workers, upstreamPort: this.upstreamPort, verifyUrl }));
    const { pid } = this.spawn(this.nginx, ['-c', file, '-e', join(folder, 'error.log')]);
    const name = does === 'the same' ? 'nginx' : 'nginx without policies';
    return this.whenReady({ name, origin: `http://127.0.0.1:${port}`, pid: pid as number });
  }

  /** @param does the same as our gateway, as far as Spring's can, or only passes on */
  async startSpring(does: 'the same' | 'passing on', say: (text: string) => void): Promise<Contender> {
    const source = join(import.meta.dirname, 'peers/spring-cloud-gateway');
    const target = join(cacheFolder, `bench-spring-cloud-gateway-${hashOf(source)}`);
    await makeOnce(target, say, async (part) => {
      mkdirSync(part, { recursive: true });
      const goals = ['compile', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
      const folders = [`-DoutputDirectory=${part}/lib`, `-Dpeer.classes=${part}/classes`];
      const maven = spawn('mvn', ['-q', '-B', '-f', join(source, 'pom.xml'), ...goals, ...folders], {
        stdio: 'ignore',
      });
      const [code] = await once(maven, 'exit');
      if (code !== 0) throw new Error(`mvn could not build ${source}`);
    });
    const port = await freePort();
    const isBare = does === 'passing on';
    const args = ['-Xmx512m', `-Dreactor.netty.http.server.accessLogEnabled=${!isBare}`];
    if (isBare) args.push('-Dspring.profiles.active=bare');
    const { pid } = this.spawn(javaCommand, [...args, '-cp', `${target}/classes:${target}/lib/*`, 'peer.Peer'], {
      PORT: String(port),
      JWKS_URL: `${this.issuerUrl}/jwks.json`,
      UPSTREAM: `http://127.0.0.1:${this.upstreamPort}`,
    });
    const name = isBare ? 'Spring without policies' : 'Spring Cloud Gateway';
    return this.whenReady({ name, origin: `http://127.0.0.1:${port}`, pid: pid as number });
  }

  async load({ origin }: Contender, order: Omit<LoadOrder, 'origin' | 'authorizations' | 'path'> & { path?: string }) {
    const whole: LoadOrder = { path: '/api/patients/1', origin, authorizations: this.authorizations, ...order };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'load-process.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(JSON.stringify(whole));
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
    });
    await once(child, 'close');
    return JSON.parse(text) as LoadResult;
  }

  private async startRegistry(instances: number): Promise<string> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/eureka/`;
    this.spawn(process.execPath, [join(workTree, 'registry/dist/main.js')], {
      APP_PORT: String(port),
      CABINET_MODE: 'demonstration',
      LOG_LEVEL: 'silent',
    });
    await this.answers(`http://127.0.0.1:${port}/health/live`);
    for (let n = 0; n < instances; n += 1) {
      const instance = {
        instanceId: `patient-${n}`,
        app: 'PATIENT',
        hostName: '127.0.0.1',
        ipAddr: '127.0.0.1',
        status: 'UP',
        port: { $: this.upstreamPort, '@enabled': 'true' },
        dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
        leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 3_600 },
      };
      const headers = { 'content-type': 'application/json' };
      await fetch(`${url}apps/PATIENT`, { method: 'POST', body: JSON.stringify({ instance }), headers });
    }
    return url;
  }

  private async startIssuer(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const key = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' };
    const verify = (authorization = '') =>
      jwtVerify(authorization.slice('Bearer '.length), publicKey, { issuer: 'cabinet', audience: 'cabinet' });
    this.issuer.on('request', ({ url, headers }, res) => {
      res.setHeader('content-type', 'application/json');
      if (url === '/jwks.json') res.end(JSON.stringify({ keys: [key] }));
      else
        verify(headers.authorization).then(
          () => res.end(),
          () => res.writeHead(401).end(),
        );
    });
    this.issuer.listen(0, '127.0.0.1');
    await once(this.issuer, 'listening');
    this.issuerUrl = `http://127.0.0.1:${(this.issuer.address() as AddressInfo).port}`;
    const tokenOf = (person: number) =>
      new SignJWT({ roles: ['secretary'], delegated: [{ practitioner: 'all', as: 'secretary', scopes: ['agenda'] }] })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
        .setSubject(`019a8f3e-0000-7000-8000-${String(person).padStart(12, '0')}`)
        .setIssuer('cabinet')
        .setAudience('cabinet')
        .setIssuedAt()
        .setExpirationTime('2h')
        .sign(privateKey);
    const tokens = await Promise.all(Array.from({ length: people }, (_, n) => tokenOf(n)));
    this.authorizations = tokens.map((token) => `Bearer ${token}`);
  }

  private spawn(command: string, args: string[], env: Record<string, string> = {}): ChildProcess {
    // What it logs goes to a file, as in the run file and from nginx.
    const log = openSync(join(this.folder, `${this.children.length}.log`), 'w');
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', log, 'inherit'],
    });
    closeSync(log);
    this.children.push(child);
    return child;
  }

  private async whenReady(proxy: Contender): Promise<Contender> {
    await this.answers(`${proxy.origin}/api/patients/1`);
    return proxy;
  }

  private async answers(url: string): Promise<void> {
    const headers = { authorization: this.authorization };
    for (let tries = 0; tries < 1_200; tries += 1) {
      const isThere = await fetch(url, { headers }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isThere) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${url} does not answer`);
  }
}
