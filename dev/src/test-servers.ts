import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../cache.mjs';
import { bringArtifacts } from './artifacts.ts';
import { Home } from './home.ts';
import { Platform } from './platform.ts';
import { freePorts } from './ports.ts';
import { identify } from './process-identity.ts';
import { extensionsOf } from './processes.ts';
import { type Listener, Progress } from './progress.ts';
import { type KafkaLogin, kafka, kafkaLogin } from './servers/kafka.ts';
import { mongodb, mongodbUrl } from './servers/mongodb.ts';
import { createExtensions, postgres, postgresAdminUrl, withAdmin } from './servers/postgres.ts';
import { endLeftovers, readState } from './state.ts';
import { Supervisor } from './supervisor.ts';

/** PostgreSQL and the MongoDB-compatible server alone, on free ports, with data that nobody keeps. */
export interface TestServers {
  postgresAdminUrl: string;
  /** Of a database of this name. */
  mongodbUrl(database: string): string;
  stop(): Promise<void>;
}

/** A database that new ones are copied from: it has the extensions already. */
export const templateDatabase = 'template_with_extensions';

const homes = join(workTree, '.cabinet/tests');

export async function startTestServers(listener: Listener = () => undefined): Promise<TestServers> {
  await removeOldHomes();
  const home = new Home(join(homes, `servers-${process.pid}`));
  home.create();
  const progress = new Progress(listener);
  const { mongodb: binary } = await bringArtifacts(progress, ['mongodb']);
  const ports = await freePorts([]);
  const { postgres: postgresPort, mongodb: mongodbPort } = ports.servers;
  const specs = [
    await postgres({ home, port: postgresPort, durable: false, databases: [] }),
    mongodb({ home, port: mongodbPort, binary }),
  ];
  const supervisor = new Supervisor({ home, ports, specs, progress });
  await supervisor.start();
  await withAdmin(home, postgresPort, (admin) => admin.query(`create database ${templateDatabase} is_template true`));
  await withAdmin(home, postgresPort, (inside) => createExtensions(inside, extensionsOf()), templateDatabase);
  return {
    postgresAdminUrl: postgresAdminUrl(home, postgresPort),
    mongodbUrl: (database) => mongodbUrl(home, mongodbPort, database),
    stop: async () => {
      await supervisor.stop();
      rmSync(home.folder, { recursive: true, force: true });
    },
  };
}

export interface TestBroker {
  login: KafkaLogin;
  stop(): Promise<void>;
}

/** Kafka alone, on free ports, with these topics, and data that nobody keeps. */
export async function startTestBroker(topics: string[], listener: Listener = () => undefined): Promise<TestBroker> {
  await removeOldHomes();
  const home = new Home(join(homes, `broker-${process.pid}`));
  home.create();
  const progress = new Progress(listener);
  const { kafka: installation } = await bringArtifacts(progress, ['kafka']);
  const ports = await freePorts([]);
  const specs = [await kafka({ home, ports: ports.servers, installation, topics })];
  const supervisor = new Supervisor({ home, ports, specs, progress });
  await supervisor.start();
  return {
    login: kafkaLogin(home, ports.servers.kafka),
    stop: async () => {
      await supervisor.stop();
      rmSync(home.folder, { recursive: true, force: true });
    },
  };
}

/** Test runs that were killed leave their folder, and perhaps their servers, behind. */
export async function removeOldHomes(): Promise<void> {
  if (!existsSync(homes)) mkdirSync(homes, { recursive: true });
  for (const { name: folder } of readdirSync(homes, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const home = new Home(join(homes, folder));
    const owner = Number(/-(\d+)$/.exec(folder)?.[1]);
    // A platform outlives whoever started it.
    if (!identify(owner)) await Platform.running(home)?.down();
    await endLeftovers(home);
    if (!readState(home) && !identify(owner)) rmSync(home.folder, { recursive: true, force: true });
  }
}
