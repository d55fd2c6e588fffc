import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger, type Logger } from '@cabinet/kit/observe/log';
import { AggregatorRegistry } from '@cabinet/kit/observe/metrics';
import { registerInRegistry } from '@cabinet/kit/registry/registration';
import type { GatewayConfig } from '../config.js';
import type { FromWorker, ToWorker } from './messages.js';

const restartMsMin = 1_000;
const restartMsMax = 30_000;

/**
 * Starts `config.WORKERS` processes that answer on the same port, keeps that many alive, and is the one of them that the
 * registry knows; resolves when one of them is listening.
 * @throws Error when none could.
 */
export async function startWorkers(config: GatewayConfig): Promise<{ stop(): Promise<void> }> {
  const log = createLogger('gateway', config.LOG_LEVEL);
  const crew = new Crew(log);
  const port = await crew.start(config.WORKERS);
  const registration = registerInRegistry({
    urls: config.REGISTRY_URLS,
    app: 'gateway',
    host: config.APP_HOST,
    port,
    version: config.CABINET_VERSION,
    token: config.REGISTRY_TOKEN,
    isReady: async () => crew.isReady,
    log,
  });
  log.info({ port, workers: config.WORKERS }, 'listening');
  return {
    stop: async () => {
      await registration.stop();
      await crew.stop();
      log.info('stopped');
    },
  };
}

/** The workers: what one tells is passed to the others, and one that dies is replaced. */
class Crew {
  private readonly ready = new Set<Worker>();
  private readonly metrics = new AggregatorRegistry();
  private readonly stopping = new AbortController();
  private deathsInARow = 0;

  constructor(private readonly log: Logger) {}

  get isReady(): boolean {
    return this.ready.size > 0;
  }

  /** @returns the port they listen at. */
  async start(count: number): Promise<number> {
    const first = this.hire();
    const [address] = (await Promise.race([once(first, 'listening'), failWhenDead(first)])) as [{ port: number }];
    for (let i = 1; i < count; i += 1) this.hire();
    return address.port;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const workers = others();
    const dead = workers.map((worker) => once(worker, 'exit'));
    for (const worker of workers) worker.process.kill('SIGTERM');
    await Promise.all(dead);
  }

  private hire(): Worker {
    const worker = cluster.fork();
    worker.on('message', (message: FromWorker) => this.hear(worker, message));
    worker.once('listening', () => {
      this.deathsInARow = 0;
    });
    worker.once('exit', (code, signal) => {
      this.ready.delete(worker);
      if (this.stopping.signal.aborted) return;
      this.log.error({ worker: worker.id, code, signal }, 'a worker died');
      void this.replace();
    });
    return worker;
  }

  private async replace(): Promise<void> {
    const waitMs = Math.min(restartMsMin * 2 ** this.deathsInARow, restartMsMax);
    this.deathsInARow += 1;
    const isOver = await delay(waitMs, false, { signal: this.stopping.signal }).catch(() => true);
    if (!isOver) this.hire();
  }

  private hear(from: Worker, message: FromWorker): void {
    if (message.kind === 'counted') {
      for (const worker of others(from)) tell(worker, { kind: 'counted', counts: message.counts });
    } else if (message.kind === 'ready') {
      if (message.isReady) this.ready.add(from);
      else this.ready.delete(from);
    } else if (message.kind === 'metrics-wanted') {
      void this.tellMetrics(from, message.request);
    }
  }

  private async tellMetrics(to: Worker, request: number): Promise<void> {
    try {
      tell(to, { kind: 'metrics', request, text: await this.metrics.clusterMetrics() });
    } catch (error) {
      this.log.warn({ err: error }, 'a worker does not tell its metrics');
      tell(to, { kind: 'metrics', request });
    }
  }
}

const others = (than?: Worker): Worker[] =>
  Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker !== undefined && worker !== than);

// One that is just dying hears nothing any more; its end is noticed elsewhere.
function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {});
}

async function failWhenDead(worker: Worker): Promise<never> {
  await once(worker, 'exit');
  throw new Error('the gateway could not start; what its worker said is above');
}
