import { get } from 'node:http';
import type { Instance } from '../domain/instance.js';

/** `absent`: the instance does not say that it has one. */
export type Health = 'healthy' | 'unhealthy' | 'silent' | 'absent';

export interface Probe {
  readiness: Health;
  sidecar: Health;
}

/** The metadata by which an instance names the port of its sidecar. */
const sidecarPortKey = 'sidecarPort';

/**
 * Asks an instance and its sidecar how they are. Only at the address under which it is listed and only at these two paths:
 * addresses from strangers are not followed.
 */
export async function probe(instance: Instance, timeoutMs: number): Promise<Probe> {
  const sidecarPort = Number(instance.metadata.get(sidecarPortKey));
  const absent = Promise.resolve<Health>('absent');
  const [readiness, sidecar] = await Promise.all([
    instance.port.isEnabled ? ask(instance.hostName, instance.port.number, '/health/ready', timeoutMs) : absent,
    isPort(sidecarPort) ? ask(instance.hostName, sidecarPort, '/v1.0/healthz', timeoutMs) : absent,
  ]);
  return { readiness, sidecar };
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;

function ask(host: string, port: number, path: string, timeoutMs: number): Promise<Health> {
  return new Promise((resolve) => {
    const silent = () => resolve('silent');
    try {
      const asked = get({ host, port, path, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (answer) => {
        const { statusCode = 500 } = answer;
        answer.resume();
        // Whoever has no such page says nothing about its health.
        if (statusCode === 404) resolve('absent');
        else resolve(statusCode < 300 ? 'healthy' : 'unhealthy');
        answer.on('error', silent);
      });
      asked.on('error', silent);
    } catch {
      silent(); // a host that is no host
    }
  });
}
