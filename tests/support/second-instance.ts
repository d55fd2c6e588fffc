import { DatabaseSync } from 'node:sqlite';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { ManagedProcess } from '../../dev/src/managed-process.ts';
import { instanceSpecs } from '../../dev/src/plan.ts';
import { freePorts } from '../../dev/src/ports.ts';
import { homeMarker } from '../../dev/src/process-identity.ts';
import { Progress } from '../../dev/src/progress.ts';
import { readRunFile } from '../../dev/src/run-file.ts';
import { readState } from '../../dev/src/state.ts';
import { until } from './http.ts';
import { platform } from './platform.ts';

export interface Instance {
  port: number;
  url: string;
  /** Where other sidecars find this one. */
  sidecarAddress: string;
  /** As a pod ends: the process first, its sidecar when the process has finished. */
  stop(): Promise<void>;
}

/**
 * Starts another instance of a process beside the one that runs, with a sidecar of its own; resolves when both are ready
 * and, of a service, the registry lists it as UP.
 */
export async function startSecond(name: string): Promise<Instance> {
  const { home } = platform();
  const runFile = readRunFile();
  const app = runFile.apps.find((each) => each.name === name);
  const state = readState(home);
  if (!app || !state) throw new Error(`${name} does not run`);
  const own = await freePorts([app]);
  const artifacts = await bringArtifacts(new Progress(() => undefined));
  const ports = { ...state.ports, apps: { ...state.ports.apps, ...own.apps } };
  const specs = instanceSpecs(app, { home, runFile, ports, artifacts, serversOnly: false });
  const marker = { [homeMarker]: home.folder };
  const process = new ManagedProcess(specs.app, home.log(`${name}-second`), marker);
  const sidecar = new ManagedProcess(specs.sidecar, home.log(`${name}-second-sidecar`), marker);
  const stop = async () => {
    await process.stop();
    await sidecar.stop();
  };
  try {
    const sidecarAddress = `127.0.0.1:${own.apps[name]?.daprInternal}`;
    await namedWhenReady(sidecarAddress, async () => {
      for (const each of [process, sidecar]) void each.launch();
      await Promise.all([process.whenReady(), sidecar.whenReady()]);
      await until(() => letsCallsIn(name, `http://127.0.0.1:${specs.sidecar.port}`));
    });
    const { port } = specs.app;
    if (platform().services.includes(name)) await until(() => isListed(name, port));
    return { port, url: `http://127.0.0.1:${port}`, sidecarAddress, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the platform's own instance again, beside another one that runs; resolves when it is ready. */
export async function startOwn(name: string): Promise<void> {
  await namedWhenReady(ownInstance(name).sidecarAddress, async () => {
    await platform().startApp(name);
    await until(() => letsCallsIn(name, platform().sidecarUrl(name)));
  });
}

/** The instance that the platform itself runs. */
export function ownInstance(name: string): Instance {
  const url = platform().url(name);
  return {
    url,
    port: Number(new URL(url).port),
    sidecarAddress: `127.0.0.1:${platform().internalPort(name)}`,
    stop: () => platform().stopApp(name),
  };
}

/**
 * Takes the address of a sidecar from where the others look it up, as Kubernetes does with that of a pod that is to end,
 * before the pod hears of it. Here a sidecar would do it itself, but only when its process has gone already.
 */
export function leaveNames({ sidecarAddress }: Instance): void {
  inNames((names) => names.prepare('delete from hosts where address = ?').run(sidecarAddress));
}

/**
 * Keeps the address of a sidecar from the others until it lets calls in. Kubernetes names a new pod when it is ready; here a
 * sidecar names itself as soon as it runs.
 */
async function namedWhenReady(address: string, start: () => Promise<void>): Promise<void> {
  inNames((names) =>
    names.exec(`create table held as select * from hosts where false;
      create trigger hold after insert on hosts when new.address = '${address}' begin
        insert into held select * from hosts where address = new.address;
        delete from hosts where address = new.address;
      end`),
  );
  try {
    await start();
  } finally {
    inNames((names) => names.exec('drop trigger hold; insert into hosts select * from held; drop table held'));
  }
}

/** A sidecar says that it is ready before it has seen, two seconds later at worst, that its process is. */
async function letsCallsIn(name: string, sidecarUrl: string): Promise<boolean> {
  const answer = await fetch(`${sidecarUrl}/v1.0/invoke/${name}/method/health/live`, {
    headers: { 'dapr-api-token': platform().daprApiToken(name) },
  });
  return answer.ok;
}

function inNames(work: (names: DatabaseSync) => void): void {
  const names = new DatabaseSync(platform().home.run('names.db'), { timeout: 5_000 });
  try {
    work(names);
  } finally {
    names.close();
  }
}

/** Whether the registry lists the instance on this port as UP. */
export async function isListed(name: string, port: number): Promise<boolean> {
  const answer = await fetch(`${platform().url('registry')}/eureka/apps/${name.toUpperCase()}`, {
    headers: { accept: 'application/json' },
  });
  if (!answer.ok) return false;
  const { application } = (await answer.json()) as {
    application: { instance: { status: string; port: { $: number } }[] };
  };
  return application.instance.some((each) => each.status === 'UP' && Number(each.port.$) === port);
}
