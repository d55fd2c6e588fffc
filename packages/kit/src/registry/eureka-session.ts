import { Eureka } from 'eureka-js-client';
import type { Logger } from '../observe/log.js';

export type ReportedStatus = 'STARTING' | 'UP' | 'DOWN';

export interface EurekaSessionOptions {
  urls: string[];
  app: string;
  host: string;
  port: number;
  version?: string;
  sidecarPort?: number;
  token?: string;
  leaseSeconds: number;
  renewalSeconds: number;
  requestTimeoutMs: number;
  log: Logger;
}

/**
 * The calls of one instance to a registry, each one request (repeated at the next address when one does not answer).
 * `start()` of the client underneath is not used: it gives up after a few tries, renews without being asked, and can register
 * again after it has left.
 */
export class EurekaSession {
  private readonly client: Eureka;
  private readonly path: string;

  constructor(private readonly options: EurekaSessionOptions) {
    const { urls, log } = options;
    const instance = describeInstance(options);
    const quiet = (...args: unknown[]) => log.debug({ from: 'eureka-js-client' }, args.map(String).join(' '));
    this.path = `${instance.app}/${encodeURIComponent(instance.instanceId)}`;
    this.client = new Eureka({
      cwd: import.meta.dirname,
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      shouldUseDelta: false,
      eureka: {
        serviceUrls: { default: urls.map((url) => `${url.replace(/\/+$/, '')}/apps/`) },
        registerWithEureka: true,
        fetchRegistry: false,
        maxRetries: urls.length - 1,
        requestRetryDelay: 100,
      },
      instance,
    });
  }

  /** Registers, or tells a new status: what an instance says of itself changes only by registering again. */
  async register(status: ReportedStatus): Promise<void> {
    const instance = { ...describeInstance(this.options), status };
    const code = await this.send('POST', instance.app, { instance });
    if (code !== 204) throw new Error(`the registry answered ${code} to a registration`);
  }

  /** @returns false when the registry does not know the instance (any more). */
  async renew(): Promise<boolean> {
    const code = await this.send('PUT', this.path);
    if (code !== 200 && code !== 404) throw new Error(`the registry answered ${code} to a renewal`);
    return code === 200;
  }

  async leave(): Promise<void> {
    const code = await this.send('DELETE', this.path);
    if (code !== 200 && code !== 404) throw new Error(`the registry answered ${code} to a cancellation`);
  }

  private send(method: 'POST' | 'PUT' | 'DELETE', uri: string, body?: unknown): Promise<number> {
    const { token, requestTimeoutMs: timeout } = this.options;
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    const request = { method, uri, timeout, headers, ...(body ? { json: true, body } : {}) };
    return new Promise((resolve, reject) => {
      this.client.eurekaRequest(request, (error, answer) => {
        if (error) reject(error);
        else resolve(answer?.statusCode ?? 0);
      });
    });
  }
}

function describeInstance(options: EurekaSessionOptions) {
  const { app, host, port, version, sidecarPort, leaseSeconds, renewalSeconds } = options;
  const address = `http://${host}:${port}`;
  return {
    instanceId: `${host}:${app}:${port}`,
    app: app.toUpperCase(),
    hostName: host,
    ipAddr: host,
    vipAddress: app,
    port: { $: port, '@enabled': true },
    securePort: { $: 443, '@enabled': false },
    dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
    leaseInfo: { renewalIntervalInSecs: renewalSeconds, durationInSecs: leaseSeconds },
    metadata: { ...(version && { version }), ...(sidecarPort && { sidecarPort: String(sidecarPort) }) },
    homePageUrl: `${address}/`,
    statusPageUrl: `${address}/health/ready`,
    healthCheckUrl: `${address}/health/ready`,
  };
}
