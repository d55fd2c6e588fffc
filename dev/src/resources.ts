import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { writeWhole } from './home.ts';

/** A Dapr resource as its file says; only what the starter needs to know. */
export interface Resource {
  kind: string;
  name: string;
  /** App-ids that load it; empty means every one. */
  scopes: string[];
  spec: Record<string, unknown>;
}

const loadedKinds = ['Component', 'Subscription', 'Resiliency'];

/** All resources that stand in the YAML files of these folders (not in folders within). */
export function readResources(folders: string[]): Resource[] {
  return folders
    .flatMap(yamlFiles)
    .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS()))
    .filter((resource) => loadedKinds.includes(resource?.kind))
    .map((resource) => ({
      kind: resource.kind,
      name: resource.metadata.name,
      scopes: resource.scopes ?? [],
      spec: resource.spec,
    }));
}

export function resourcesOf(app: string, resources: Resource[]): Resource[] {
  return resources.filter((resource) => resource.scopes.length === 0 || resource.scopes.includes(app));
}

/** Every topic of facts that the subscriptions name. */
export function topicsOf(resources: Resource[]): string[] {
  const subscriptions = resources.filter(({ kind, spec }) => kind === 'Subscription' && spec.pubsubname === 'events');
  return [...new Set(subscriptions.map(({ spec }) => spec.topic as string))];
}

/**
 * Copies the resource folders to where nobody edits them: a running sidecar watches its folder and ends when it meets a
 * second definition. Returns the copies.
 */
export function copyResources(folders: string[], target: string): string[] {
  rmSync(target, { recursive: true, force: true });
  for (const [index, copy] of copiesOf(folders, target).entries()) {
    const folder = folders[index] as string;
    mkdirSync(copy, { recursive: true });
    for (const file of yamlFiles(folder)) {
      if (readResourcesOfFile(file)) cpSync(file, join(copy, basename(file)));
    }
  }
  return copiesOf(folders, target);
}

/** Where `copyResources` puts its copies. */
export const copiesOf = (folders: string[], target: string): string[] =>
  folders.map((folder) => join(target, basename(folder)));

/**
 * Writes the sidecars' configuration, with who may ask whom, and with the one thing that differs on one machine: they find
 * each other through a file of this platform, emptied here, and not by multicast, so that two platforms never answer for
 * each other.
 */
export function writeConfiguration(source: string, access: string, target: string, namesFile: string): void {
  // Addresses of an earlier run that was killed would still count as good.
  for (const file of [namesFile, `${namesFile}-wal`, `${namesFile}-shm`]) rmSync(file, { force: true });
  const read = (file: string) => parseAllDocuments(readFileSync(file, 'utf8'))[0]?.toJS();
  const configuration = read(source);
  Object.assign(configuration.spec, read(access).spec);
  configuration.spec.nameResolution = {
    component: 'sqlite',
    version: 'v1',
    configuration: {
      connectionString: namesFile,
      // An address stays good until the sidecar leaves: a machine that slept must find all its sidecars again. Clean-up
      // is off because this version's deletes living rows.
      updateInterval: '720h',
      timeout: '5s',
      busyTimeout: '5s',
      cleanupInterval: '0s',
    },
  };
  writeWhole(target, stringify(configuration));
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') || file.endsWith('.yml'))
    .sort()
    .map((file) => join(folder, file));
}

function readResourcesOfFile(file: string): boolean {
  const documents = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
  return documents.some((resource) => loadedKinds.includes(resource?.kind));
}
