import { onTestFinished } from 'vitest';
import { startRegistry } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { ManualTime } from './manual-time.js';

/** The real registry on a free port, with a time that stands still, until the test is over. */
export async function startForTest(env: Record<string, string> = {}, time = new ManualTime()) {
  const config = readConfig({ APP_PORT: '0', CABINET_MODE: 'demonstration', LOG_LEVEL: 'silent', ...env });
  const running = await startRegistry(config, { time });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= running.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { time, port: running.port, url: `http://127.0.0.1:${running.port}`, stop };
}

export const complete = {
  instanceId: 'host:patient:9091',
  hostName: 'host',
  app: 'patient',
  ipAddr: '127.0.0.1',
  vipAddress: 'patient',
  port: { $: 9091, '@enabled': 'true' },
  dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
  leaseInfo: { renewalIntervalInSecs: 5, durationInSecs: 15 },
};

export const register = (
  url: string,
  instance: { app?: string; [field: string]: unknown } = complete,
): Promise<Response> =>
  fetch(`${url}/eureka/apps/${instance.app ?? 'patient'}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ instance }),
  });

/** Asks for JSON below `/eureka`. */
export async function getJson(url: string, path: string) {
  const answer = await fetch(`${url}/eureka${path}`, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it expects
  return answer.json() as Promise<any>;
}
