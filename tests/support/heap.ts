import { once } from 'node:events';
import { until } from './http.ts';

/**
 * What lives in the heap of a Node process, in bytes, once all garbage has been collected. The process was started with
 * `--inspect-port`, which alone opens nothing.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler
 */
export async function liveHeapBytes(pid: number, inspectPort: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const targets = `http://127.0.0.1:${inspectPort}/json`;
  await until(async () => (await fetch(targets)).ok);
  const [target] = (await (await fetch(targets)).json()) as { webSocketDebuggerUrl: string }[];
  const inspector = new WebSocket(target?.webSocketDebuggerUrl as string);
  await once(inspector, 'open');
  const ask = async (id: number, method: string) => {
    inspector.send(JSON.stringify({ id, method }));
    const [{ data }] = await once(inspector, 'message');
    return JSON.parse(String(data)).result;
  };
  await ask(1, 'HeapProfiler.collectGarbage');
  const { usedSize } = await ask(2, 'Runtime.getHeapUsage');
  inspector.close();
  return usedSize;
}
