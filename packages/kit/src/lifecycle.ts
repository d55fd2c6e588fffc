import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError } from './config.js';
import { releaseMemoryAtRest } from './memory.js';

/** What a running process gives back to whoever started it. */
export interface RunningProcess {
  host: string;
  port: number;
  stop(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  /** Longest time for running requests to finish on stop, in milliseconds. */
  drainMsMax?: number;
}

/** Starts listening; resolves when connections are accepted. `stop` lets running requests finish, then closes. */
export async function listen(
  handler: RequestListener,
  options: ListenOptions,
): Promise<RunningProcess & { server: Server }> {
  const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 60_000 }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, port } = server.address() as AddressInfo;
  let stopping = false;
  // Node keeps the connection of a request that was under way when the server closed; its client may hold it for long.
  server.on('request', (_req, res) => {
    res.on('close', () => stopping && setImmediate(() => server.closeIdleConnections()));
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      stopping = true;
      const cut = setTimeout(() => server.closeAllConnections(), options.drainMsMax ?? 10_000);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      server.closeIdleConnections();
    });
  return { server, host: address, port, stop };
}

export interface ProcessOptions {
  /** Is to answer as fast after a quiet hour as in a busy one, and keeps the memory that this takes. */
  staysWarm?: boolean;
}

/**
 * Runs a process from start to signal: starts it, stops it on SIGTERM or SIGINT, and turns every failure into one
 * clear message and exit code 1.
 */
export async function runProcess(
  start: () => Promise<{ stop(): Promise<void> }>,
  { staysWarm = false }: ProcessOptions = {},
): Promise<void> {
  const fail = (error: unknown) => {
    const text =
      error instanceof ConfigurationError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
    process.exit();
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  try {
    const running = await start();
    releaseMemoryAtRest(staysWarm);
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      running.stop().then(() => process.exit(0), fail);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    fail(error);
  }
}
