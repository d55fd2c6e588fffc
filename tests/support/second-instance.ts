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
    // One after the other: Kubernetes names a sidecar to others when its process is ready, here it does so itself at once.
    for (const each of [process, sidecar]) {
      void each.launch();
      await each.whenReady();
    }
    const { port } = specs.app;
    if (platform().services.includes(name)) await until(() => isListed(name, port));
    const sidecarAddress = `127.0.0.1:${own.apps[name]?.daprInternal}`;
    return { port, url: `http://127.0.0.1:${port}`, sidecarAddress, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The instance that the platform itself runs. */
export function ownInstance(name: string): Instance {
  const url = platform().url(name);
  const ports = readState(platform().home)?.ports.apps[name];
  return {
    url,
    port: Number(new URL(url).port),
    sidecarAddress: `127.0.0.1:${ports?.daprInternal}`,
    stop: () => platform().stopApp(name),
  };
}

/**
 * Takes the address of a sidecar from where the others look it up, as Kubernetes does with that of a pod that is to end,
 * before the pod hears of it. Here a sidecar would do it itself, but only when its process has gone already.
 */
export function leaveNames({ sidecarAddress }: Instance): void {
  const names = new DatabaseSync(platform().home.run('names.db'), { timeout: 5_000 });
  names.prepare('delete from hosts where address = ?').run(sidecarAddress);
  names.close();
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
