import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { freePort } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { until } from './http.ts';

export interface RedisServer {
  url: string;
  stop(): Promise<void>;
  /** Again at the same address, with nothing in it. */
  start(): Promise<void>;
}

/** A real Redis that keeps nothing on disk, fetched when this machine has none. */
export async function startRedis(): Promise<RedisServer> {
  const { redis } = await bringArtifacts(new Progress(() => undefined), ['redis']);
  const port = await freePort();
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(join(redis, 'redis-server'), args, { stdio: 'ignore' });
    server.stop = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    await until(() => accepts(port));
  };
  const server: RedisServer = { url: `redis://127.0.0.1:${port}`, stop: async () => {}, start };
  await start();
  return server;
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
