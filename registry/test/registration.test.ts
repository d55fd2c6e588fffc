import { createServer } from 'node:net';
import { createLogger } from '@cabinet/kit/observe/log';
import { type Registration, type RegistrationOptions, registerInRegistry } from '@cabinet/kit/registry/registration';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startRegistry } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { readFeed } from './read-feed.js';

const other = `<instance><hostName>h</hostName><app>AUTH</app><ipAddr>127.0.0.1</ipAddr>
  <dataCenterInfo><name>MyOwn</name></dataCenterInfo></instance>`;
const log = createLogger('test', 'silent');

/** The real registry with the real time; may be stopped and started again on the same port. */
async function startRegistryOn(port = 0, env: Record<string, string> = {}) {
  const settings = { APP_PORT: String(port), CABINET_MODE: 'demonstration', LOG_LEVEL: 'silent', EVICTION_MS: '20' };
  const config = readConfig({ ...settings, ...env });
  const running = await startRegistry(config);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= running.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { port: running.port, url: `http://127.0.0.1:${running.port}/eureka/`, stop };
}

function keepRegistered(options: Partial<RegistrationOptions> & { urls: string[] }): Registration {
  const registration = registerInRegistry({
    app: 'patient',
    host: '127.0.0.1',
    port: 9091,
    isReady: async () => true,
    log,
    renewalMs: 50,
    checkMs: 10,
    requestTimeoutMs: 500,
    ...options,
  });
  onTestFinished(() => registration.stop());
  return registration;
}

const instanceAt = async (url: string) => {
  const answer = await fetch(`${url}instances/127.0.0.1:patient:9091`, { headers: { Accept: 'application/json' } });
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it expects
  return answer.ok ? ((await answer.json()) as any).instance : undefined;
};

const statusAt = async (url: string): Promise<string | undefined> => (await instanceAt(url))?.status;

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

describe('a process that registers', () => {
  it('is listed with all that others need to find it', async () => {
    const { url } = await startRegistryOn();
    const registration = keepRegistered({ urls: [url], version: '1.2.3' });
    await expect.poll(() => statusAt(url)).toBe('UP');
    expect(await instanceAt(url)).toMatchObject({
      instanceId: '127.0.0.1:patient:9091',
      app: 'PATIENT',
      hostName: '127.0.0.1',
      ipAddr: '127.0.0.1',
      vipAddress: 'patient',
      port: { $: 9091, '@enabled': 'true' },
      securePort: { '@enabled': 'false' },
      dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      leaseInfo: { renewalIntervalInSecs: 1, durationInSecs: 15 },
      metadata: { version: '1.2.3' },
      healthCheckUrl: 'http://127.0.0.1:9091/health/ready',
    });
    expect(registration.state()).toMatchObject({ kind: 'registered', reported: 'UP' });
  });

  it('says where its sidecar is, and shows its token where one is wanted', async () => {
    const { url } = await startRegistryOn(0, { ACCESS_TOKENS: 'a-token-of-our-services' });
    const stranger = keepRegistered({ urls: [url] });
    await expect.poll(() => stranger.state().problem).toContain('401');
    const headers = { Authorization: 'Bearer a-token-of-our-services', Accept: 'application/json' };
    keepRegistered({ urls: [url], port: 9092, sidecarPort: 3592, version: 'v1.4.0', token: 'a-token-of-our-services' });
    const listed = async () => (await (await fetch(`${url}apps/PATIENT`, { headers })).text()) || '{}';
    await expect
      .poll(async () => JSON.parse(await listed()).application?.instance[0].metadata)
      .toEqual({ sidecarPort: '3592', version: 'v1.4.0' });
    expect(JSON.parse(await listed()).application.instance).toHaveLength(1);
  });

  it('keeps its lease by renewing', async () => {
    const { url } = await startRegistryOn();
    keepRegistered({ urls: [url], leaseSeconds: 1 });
    await expect.poll(() => statusAt(url)).toBe('UP');
    const { leaseInfo } = await instanceAt(url);
    const isRenewed = async () =>
      (await instanceAt(url)).leaseInfo.lastRenewalTimestamp > leaseInfo.registrationTimestamp + 1_000;
    await expect.poll(isRenewed, { timeout: 5_000 }).toBe(true);
    expect((await instanceAt(url)).leaseInfo.registrationTimestamp).toBe(leaseInfo.registrationTimestamp);
  });

  it('renews all the same when the clock of the machine is set back', async () => {
    const { url } = await startRegistryOn();
    const registration = keepRegistered({ urls: [url] });
    await expect.poll(() => registration.state().kind).toBe('registered');
    const heardAt = () => registration.state().heardAt as Date;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    await vi.waitFor(() => expect(heardAt().getTime()).toBeLessThanOrEqual(Date.now()), 10_000);
  });

  it('runs without a registry', async () => {
    const registration = keepRegistered({ urls: [] });
    expect(registration.state()).toEqual({ kind: 'off' });
    await registration.stop();
  });

  it('leaves out what is no address, and goes on with the others', async () => {
    const { url } = await startRegistryOn();
    keepRegistered({ urls: ['nowhere', url] });
    await expect.poll(() => statusAt(url)).toBe('UP');
  });
});

describe('when the registry', () => {
  it('appears late, the process registers then', async () => {
    const port = await freePort();
    const registration = keepRegistered({ urls: [`http://127.0.0.1:${port}/eureka/`] });
    await expect.poll(() => registration.state().problem).toContain('ECONNREFUSED');
    expect(registration.state().kind).toBe('seeking');
    const { url } = await startRegistryOn(port);
    await expect.poll(() => statusAt(url), { timeout: 5_000 }).toBe('UP');
    expect(registration.state().problem).toBeUndefined();
  });

  it('restarts and knows nobody, the process registers again', async () => {
    const first = await startRegistryOn();
    const registration = keepRegistered({ urls: [first.url] });
    await expect.poll(() => statusAt(first.url)).toBe('UP');
    await first.stop();
    await expect.poll(() => registration.state().problem).toBeTruthy();
    const second = await startRegistryOn(first.port);
    await expect.poll(() => statusAt(second.url), { timeout: 5_000 }).toBe('UP');
  });

  it('forgets only this process, it registers again', async () => {
    const { url } = await startRegistryOn();
    keepRegistered({ urls: [url] });
    await expect.poll(() => statusAt(url)).toBe('UP');
    await fetch(`${url}apps/PATIENT/127.0.0.1:patient:9091`, { method: 'DELETE' });
    await expect.poll(() => statusAt(url)).toBe('UP');
  });

  it('is away, the next address is taken, and also when that one goes', async () => {
    const [first, second] = [await startRegistryOn(), await startRegistryOn()];
    keepRegistered({ urls: [`http://127.0.0.1:${await freePort()}/eureka`, first.url, second.url] });
    await expect.poll(() => statusAt(first.url), { timeout: 5_000 }).toBe('UP');
    await first.stop();
    await expect.poll(() => statusAt(second.url), { timeout: 5_000 }).toBe('UP');
  });

  it('takes connections but never answers, neither work nor stopping waits for it long', async () => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void mute.close());
    const address = mute.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const registration = keepRegistered({ urls: [`http://127.0.0.1:${port}/eureka/`], requestTimeoutMs: 100 });
    await expect.poll(() => registration.state().problem).toMatch(/TIMEDOUT/);
    await registration.stop();
    expect(registration.state()).toEqual({ kind: 'stopped' });
  });
});

describe('readiness', () => {
  it('is not lost by two looks that fail, as they do on a busy machine', async () => {
    const { url } = await startRegistryOn();
    const answers = [true, false, false];
    const reported: unknown[] = [];
    const registration = keepRegistered({
      urls: [url],
      isReady: async () => {
        reported.push(registration?.state().reported);
        return answers.shift() ?? true;
      },
    });
    await expect.poll(() => reported.length).toBeGreaterThan(5);
    expect(reported).toContain('UP');
    expect(reported).not.toContain('DOWN');
  });

  it('is told: STARTING, UP, DOWN and UP again', async () => {
    const { url } = await startRegistryOn();
    let ready = false;
    keepRegistered({ urls: [url], isReady: async () => ready });
    await expect.poll(() => statusAt(url)).toBe('STARTING');
    ready = true;
    await expect.poll(() => statusAt(url)).toBe('UP');
    ready = false;
    await expect.poll(() => statusAt(url)).toBe('DOWN');
    ready = true;
    await expect.poll(() => statusAt(url)).toBe('UP');
    expect((await instanceAt(url)).overriddenStatus).toBe('UNKNOWN');
  });

  it.each([
    ['fails', async () => Promise.reject(new Error('no database'))],
    [
      'throws at once',
      () => {
        throw new Error('no database');
      },
    ],
    ['hangs', () => new Promise<boolean>(() => {})],
  ])('that %s is no readiness', async (_how, isReady) => {
    const { url } = await startRegistryOn();
    keepRegistered({ urls: [url], isReady, requestTimeoutMs: 100 });
    await expect.poll(() => statusAt(url)).toBe('STARTING');
  });

  it('does not undo what an operator decided', async () => {
    const { url } = await startRegistryOn();
    let ready = true;
    keepRegistered({ urls: [url], isReady: async () => ready });
    await expect.poll(() => statusAt(url)).toBe('UP');
    await fetch(`${url}apps/PATIENT/127.0.0.1:patient:9091/status?value=OUT_OF_SERVICE`, { method: 'PUT' });
    ready = false;
    await expect.poll(() => statusAt(url)).toBe('DOWN');
    ready = true;
    await expect.poll(() => statusAt(url)).toBe('OUT_OF_SERVICE');
    await fetch(`${url}apps/PATIENT/127.0.0.1:patient:9091/status`, { method: 'DELETE' });
    await expect.poll(() => statusAt(url)).toBe('UP');
  });
});

describe('stopping', () => {
  it('has left when it is done, and stays away', async () => {
    const { url } = await startRegistryOn();
    const registration = keepRegistered({ urls: [url], renewalMs: 1 });
    await expect.poll(() => statusAt(url)).toBe('UP');
    await registration.stop();
    expect(await instanceAt(url)).toBeUndefined();
    expect(registration.state()).toEqual({ kind: 'stopped' });
    const feed = await readFeed(url);
    const snapshot = await feed.next();
    expect(snapshot?.data.instances).toEqual([]);
    // Had the process come back, this would not be the next change.
    await fetch(`${url}apps/AUTH`, { method: 'POST', headers: { 'Content-Type': 'application/xml' }, body: other });
    expect((await feed.next())?.data).toMatchObject({ app: 'AUTH', sequence: snapshot?.data.sequence + 1 });
  });

  it('right after starting leaves nobody listed', async () => {
    const { url } = await startRegistryOn();
    for (let i = 0; i < 10; i += 1) {
      const registration = keepRegistered({ urls: [url] });
      await registration.stop();
      expect(await instanceAt(url)).toBeUndefined();
    }
  });

  it('is possible while there is no registry', async () => {
    const registration = keepRegistered({ urls: [`http://127.0.0.1:${await freePort()}/eureka/`] });
    await expect.poll(() => registration.state().problem).toBeTruthy();
    await registration.stop();
    expect(registration.state()).toEqual({ kind: 'stopped' });
  });
});
