import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { workTree } from '../cache.mjs';
import { Problem } from './problem.ts';

/** One process and its sidecar, as the multi-app run file tells; paths are absolute. */
export interface App {
  name: string;
  folder: string;
  ports: AppPorts;
  command: string[];
  env: Record<string, string>;
  /** Where its sidecar differs from the others. */
  sidecar: Partial<SidecarSettings>;
}

export interface AppPorts {
  app: number;
  daprHttp: number;
  daprGrpc: number;
  daprInternal: number;
  daprMetrics: number;
}

export interface RunFile {
  file: string;
  apps: App[];
  /** Folders of the resources that every sidecar loads. */
  resources: string[];
  configuration: string;
  sidecar: SidecarSettings;
}

/** What the run file says about all sidecars alike. */
export interface SidecarSettings {
  readBufferSize: string;
  healthPath: string;
  healthIntervalSeconds: number;
  healthTimeoutMs: number;
  healthThreshold: number;
}

export const runFilePath = join(workTree, 'dapr/dapr.yaml');

const portFields: Record<keyof AppPorts, string> = {
  app: 'appPort',
  daprHttp: 'daprHTTPPort',
  daprGrpc: 'daprGRPCPort',
  daprInternal: 'daprInternalGRPCPort',
  daprMetrics: 'metricsPort',
};

/** Reads the run file; refuses one that lacks something the starter needs, with all that is wrong in one message. */
export function readRunFile(file: string = runFilePath): RunFile {
  const here = dirname(file);
  const problems: string[] = [];
  const content = (parse(readFileSync(file, 'utf8')) ?? {}) as Record<string, unknown>;
  const common = section(content.common);
  if (content.version !== 1) problems.push('version must be 1');
  const entries = Array.isArray(content.apps) ? content.apps.map(section) : [];
  if (entries.length === 0) problems.push('apps is empty');

  const apps = entries.map((entry, index) => readApp(entry, index, here, common, problems));
  const names = apps.map((app) => app.name);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    problems.push(`appID "${name}" stands there twice`);
  }
  for (const [port, owners] of portOwners(apps)) {
    if (owners.length > 1) problems.push(`port ${port} is given to ${owners.join(' and ')}`);
  }
  if (typeof common.configFilePath !== 'string') problems.push('common.configFilePath is missing');
  if (problems.length > 0) throw new Problem(`${file}: ${problems.join('; ')}`);

  return {
    file,
    apps,
    resources: strings(common.resourcesPaths).map((path) => resolve(here, path)),
    configuration: resolve(here, String(common.configFilePath)),
    sidecar: {
      readBufferSize: String(common.readBufferSize ?? '4Ki'),
      healthPath: String(common.appHealthCheckPath ?? '/healthz'),
      healthIntervalSeconds: Number(common.appHealthProbeInterval ?? 5),
      healthTimeoutMs: Number(common.appHealthProbeTimeout ?? 500),
      healthThreshold: Number(common.appHealthThreshold ?? 3),
    },
  };
}

type Section = Record<string, unknown>;

function readApp(entry: Section, index: number, here: string, common: Section, problems: string[]): App {
  const name = typeof entry.appID === 'string' ? entry.appID : `apps[${index}]`;
  if (typeof entry.appID !== 'string') problems.push(`${name} has no appID`);
  if (typeof entry.appDirPath !== 'string') problems.push(`${name} has no appDirPath`);
  const command = strings(entry.command);
  if (command.length === 0) problems.push(`${name} has no command`);
  const ports = Object.fromEntries(
    Object.entries(portFields).map(([key, field]) => {
      const port = entry[field];
      const valid = Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536;
      if (!valid) problems.push(`${name} has no valid ${field}`);
      return [key, valid ? Number(port) : 0];
    }),
  ) as unknown as AppPorts;
  return {
    name,
    folder: resolve(here, String(entry.appDirPath ?? '.')),
    ports,
    command,
    env: { ...environment(common.env), ...environment(entry.env) },
    sidecar: entry.appHealthThreshold === undefined ? {} : { healthThreshold: Number(entry.appHealthThreshold) },
  };
}

function portOwners(apps: App[]): Map<number, string[]> {
  const owners = new Map<number, string[]>();
  for (const app of apps) {
    for (const [key, port] of Object.entries(app.ports)) {
      if (port) owners.set(port, [...(owners.get(port) ?? []), `${app.name} (${portFields[key as keyof AppPorts]})`]);
    }
  }
  return owners;
}

function section(value: unknown): Section {
  return value !== null && typeof value === 'object' ? (value as Section) : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function environment(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(section(value)).map(([key, text]) => [key, String(text)]));
}
