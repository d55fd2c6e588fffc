import { lookup } from 'node:dns/promises';
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
 * Asks an instance and its sidecar how they are, at these two paths alone. `absent` when the host under which it is listed
 * is not where it has called from: there it may not listen, and elsewhere nobody is asked on its word.
 */
export async function probe(instance: Instance, calledFrom: string, timeoutMs: number): Promise<Probe> {
  const host = plainAddress(calledFrom);
  if (!(await isAt(instance.hostName, host))) return { readiness: 'absent', sidecar: 'absent' };
  const sidecarPort = Number(instance.metadata.get(sidecarPortKey));
  const absent = Promise.resolve<Health>('absent');
  const [readiness, sidecar] = await Promise.all([
    instance.port.isEnabled ? ask(host, instance.port.number, '/health/ready', timeoutMs) : absent,
    isPort(sidecarPort) ? ask(host, sidecarPort, '/v1.0/healthz', timeoutMs) : absent,
  ]);
  return { readiness, sidecar };
}

// A socket that listens to both families shows IPv4 addresses this way.
const plainAddress = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

async function isAt(hostName: string, address: string): Promise<boolean> {
  try {
    const found = await lookup(hostName, { all: true });
    return found.some((each) => each.address === address);
  } catch {
    return false; // a host that is no host
  }
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;

function ask(host: string, port: number, path: string, timeoutMs: number): Promise<Health> {
  return new Promise((resolve) => {
    const silent = () => resolve('silent');
    const asked = get({ host, port, path, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (answer) => {
      const { statusCode = 500 } = answer;
      answer.resume();
      // Whoever has no such page says nothing about its health.
      if (statusCode === 404) resolve('absent');
      else resolve(statusCode < 300 ? 'healthy' : 'unhealthy');
      answer.on('error', silent);
    });
    asked.on('error', silent);
  });
}
