import { readdirSync, readFileSync } from 'node:fs';
import type { Platform } from '../dev/src/platform.ts';
import { residentBytes } from '../dev/src/process-identity.ts';
import { type Figure, within } from './figures.ts';

const mebibyte = 1024 * 1024;
const nodeMebibytesMax = 130;
const systemMebibytesMax = 2.5 * 1024;

/**
 * Resident memory of all processes, sidecars and servers with their children. Pages that processes share (a binary, a
 * database's buffers) are counted in each, so the machine itself has more room than the sum says.
 */
export function measureMemory(platform: Platform): Figure[] {
  const processes = platform
    .processes()
    .flatMap(({ name, kind, identity }) => (identity ? [{ name, kind, pid: identity.pid }] : []));
  const total = [platform.supervisorPid, ...processes.map(({ pid }) => pid)]
    .flatMap((pid) => [pid, ...descendantsOf(pid)])
    .filter((pid, index, all) => all.indexOf(pid) === index)
    .reduce((sum, pid) => sum + residentBytes(pid), 0);
  const nodes = processes.filter(({ kind }) => kind === 'app');
  return [
    within('whole system, resident', 'MiB', total / mebibyte, systemMebibytesMax),
    ...nodes.map(({ name, pid }) => {
      // The gateway is several: each is to stay within the limit.
      const each = [pid, ...descendantsOf(pid)].map(residentBytes);
      return within(`${name}, resident`, 'MiB', Math.max(...each) / mebibyte, nodeMebibytesMax);
    }),
  ];
}

const restMs = 8_000;

/** The same once the processes have come to rest and given back what they could: when it stays for eight seconds. */
export async function measureMemoryAtRest(platform: Platform): Promise<Figure[]> {
  let steady = measureMemory(platform);
  for (let since = Date.now(); Date.now() - since < restMs; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = measureMemory(platform);
    const hasChanged = now.some(({ value }, index) => Math.abs(value - (steady[index]?.value ?? 0)) > 0.02 * value);
    if (hasChanged) [steady, since] = [now, Date.now()];
  }
  return steady;
}

function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && parentOf(Number(entry)) === pid)
    .map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
