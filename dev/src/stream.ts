import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { artifacts, workTree } from '../cache.mjs';
import { inheritedEnvironment } from './process-spec.ts';
import type { KafkaLogin } from './servers/kafka.ts';

export const streamFolder = join(workTree, 'analytics/stream');

export interface StreamOptions {
  login: KafkaLogin;
  /** As in the environment of every process: `teller=key,…`. */
  eventKeys: string;
  /** Where it keeps how far it is, and what it knows of each patient. */
  checkpoint: string;
  args?: readonly string[];
  stdio?: 'inherit' | 'pipe';
}

/**
 * Starts the rules on Spark, in a group of processes of its own: Python, the JVM that it starts, and their workers. Spark has
 * to be there already.
 */
export function startStream({
  login,
  eventKeys,
  checkpoint,
  args = [],
  stdio = 'inherit',
}: StreamOptions): ChildProcess {
  const { spark } = artifacts;
  const site = join(spark, 'site');
  const jars = readdirSync(join(spark, 'jars')).map((jar) => join(spark, 'jars', jar));
  mkdirSync(checkpoint, { recursive: true });
  return spawn('python3', ['-m', 'cabinet_stream', '--checkpoint', checkpoint, '--jars', jars.join(), ...args], {
    cwd: streamFolder,
    detached: true,
    stdio: ['ignore', stdio, stdio],
    env: {
      ...inheritedEnvironment(),
      KAFKA_BROKERS: login.broker,
      KAFKA_USER: login.user,
      KAFKA_PASSWORD: login.password,
      EVENT_KEYS: eventKeys,
      PYTHONPATH: `${site}:${streamFolder}`,
      // Else its workers run whichever Python there is, without these packages.
      PYSPARK_PYTHON: 'python3',
      SPARK_LOCAL_IP: '127.0.0.1',
      JDK_JAVA_OPTIONS: '-XX:+UseSerialGC',
    },
  });
}
