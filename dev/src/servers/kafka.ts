import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { javaCommand } from '../../prerequisites.mjs';
import { type Home, writeWhole } from '../home.ts';
import type { ServerPorts } from '../ports.ts';
import { Problem } from '../problem.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { secret } from '../secrets.ts';
import { until } from '../wait.ts';

/** Partitions of a topic. */
const partitions = 6;

/** Beside the jars: the classes that a start loads, written down for the JVM. */
export const classArchive = 'classes.jsa';

type KafkaPorts = Pick<ServerPorts, 'kafka' | 'kafkaController'>;

export interface KafkaOptions {
  home: Home;
  ports: KafkaPorts;
  /** The folder that holds Kafka's jars. */
  installation: string;
  topics: string[];
}

/** Whom the broker lets in: one login for all who belong to the platform. */
export interface KafkaLogin {
  broker: string;
  user: string;
  password: string;
}

export function kafkaLogin(home: Home, port: number): KafkaLogin {
  return { broker: `127.0.0.1:${port}`, user: 'cabinet', password: secret(home, 'kafka') };
}

/** The broker's side of a login, in the words of JAAS: whom it lets in, and by what it lets itself in. */
export function plainLogin(user: string, password: string): string {
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return `${module} required username="${user}" password="${password}" user_${user}="${password}";`;
}

/** A client of the broker, which says nothing. */
export function kafkaClient(
  { broker, user, password }: KafkaLogin,
  clientId: string,
  options: Partial<KafkaConfig> = {},
): Kafka {
  const sasl = { mechanism: 'plain', username: user, password } as const;
  return new Kafka({ clientId, brokers: [broker], sasl, logLevel: logLevel.NOTHING, ...options });
}

/** One Kafka node, broker and controller at once, its log folder formatted when it is new; makes the topics. */
export async function kafka(options: KafkaOptions): Promise<ProcessSpec> {
  const { home, ports, installation } = options;
  const data = home.data('kafka');
  await format(home, data, ports, installation);
  const properties = home.run('kafka.properties');
  writeWhole(properties, kafkaProperties(home, data, ports), 0o600);
  return {
    name: 'kafka',
    kind: 'server',
    command: javaCommand,
    args: [...javaOptions(installation), 'kafka.Kafka', properties],
    cwd: installation,
    env: { ...inheritedEnvironment(), MALLOC_ARENA_MAX: '1' },
    port: ports.kafka,
    after: [],
    ready: (signal) => until(() => createTopics(options), signal, 200),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 20_000,
  };
}

/**
 * Options of every Kafka program, run inside its installation: small, quick to start, warnings to the log. The jars are
 * named by a relative path, because the class archive stands and falls with how they are named.
 */
function javaOptions(installation: string): string[] {
  return [
    '-Xmx256m',
    '-Xms64m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:MaxMetaspaceSize=96m',
    ...(existsSync(join(installation, classArchive)) ? [`-XX:SharedArchiveFile=${classArchive}`] : []),
    '-Djava.awt.headless=true',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss',
    '-cp',
    'libs/*',
  ];
}

function kafkaProperties(home: Home, data: string, ports: KafkaPorts): string {
  const { broker, user, password } = kafkaLogin(home, ports.kafka);
  const controller = `127.0.0.1:${ports.kafkaController}`;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: `CLIENTS://${broker},CONTROLLER://${controller}`,
    'advertised.listeners': `CLIENTS://${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLIENTS',
    'listener.security.protocol.map': 'CONTROLLER:SASL_PLAINTEXT,CLIENTS:SASL_PLAINTEXT',
    // The controller could be told to let anybody in: it asks as the broker does.
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    ...Object.fromEntries(
      ['clients', 'controller'].map((name) => [
        `listener.name.${name}.plain.sasl.jaas.config`,
        plainLogin(user, password),
      ]),
    ),
    'log.dirs': data,
    'auto.create.topics.enable': false,
    'num.partitions': partitions,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.retention.hours': 24 * 7,
    'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024,
    'log.cleaner.threads': 1,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function format(home: Home, data: string, ports: KafkaPorts, installation: string): Promise<void> {
  if (existsSync(join(data, 'meta.properties'))) return;
  const part = `${data}.part`;
  for (const folder of [part, data]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const properties = home.run('kafka-format.properties');
  writeWhole(properties, kafkaProperties(home, part, ports), 0o600);
  const clusterId = randomBytes(16).toString('base64url');
  // With "=", because an id may begin with a dash.
  const args = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '--config', properties];
  try {
    await promisify(execFile)(javaCommand, [...javaOptions(installation), ...args], { cwd: installation });
  } catch (error) {
    throw new Problem(`Kafka cannot format its data folder: ${(error as { stderr?: string }).stderr || error}`);
  }
  renameSync(part, data);
}

/** Makes the topics that are missing; also the proof that the broker serves. */
async function createTopics({ home, ports, topics }: KafkaOptions): Promise<void> {
  const options = { connectionTimeout: 2_000, retry: { retries: 0 } };
  const admin = kafkaClient(kafkaLogin(home, ports.kafka), 'cabinet-platform', options).admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const wanted = topics
      .filter((topic) => !present.has(topic))
      .map((topic) => ({ topic, numPartitions: partitions, replicationFactor: 1 }));
    if (wanted.length > 0) await admin.createTopics({ topics: wanted, waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}
