import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { writeWhole } from '../../dev/src/home.ts';
import { Problem } from '../../dev/src/problem.ts';
import { type Process, readProcesses } from '../../dev/src/processes.ts';
import { accessTable } from './derived-access.ts';
import * as blocks from './derived-blocks.ts';
import * as compose from './derived-compose.ts';
import * as files from './derived-files.ts';
import { accessPolicies, policyProblems } from './derived-policies.ts';
import { routeRows, routeTable } from './derived-routes.ts';
import { type Operations, readOperations, routingProblems } from './operations.ts';

/** Text between two marks of a file that is written by hand: a line with `derived:<name>`, and one with `derived:end`. */
type Block = (processes: Process[], operations: Operations) => string[];

const blocksOf: Record<string, Record<string, Block>> = {
  'dapr/dapr.yaml': { addresses: blocks.localAddresses, memory: blocks.memorySetting, apps: blocks.runFileApps },
  'tools/images/Dockerfile': { memory: blocks.memoryEnvironment },
  'dapr/kustomization.yaml': { subscriptions: blocks.subscriptionFiles },
  'dapr/resiliency.yaml': { scopes: blocks.allNames, targets: blocks.resiliencyTargets },
  'dapr/access.yaml': { policies: accessPolicies },
  'components/events.yaml': { scopes: blocks.namesWithEvents },
  'components/devices.yaml': { scopes: blocks.namesHearingDevices },
  'components/secrets.yaml': { scopes: blocks.allNames },
  'docker-compose.yml': {
    profiles: compose.profiles,
    addresses: compose.addresses,
    gateway: compose.gateway,
    processes: compose.processes,
    databases: compose.databases,
    volumes: compose.volumes,
    secrets: compose.secrets,
  },
  'k8s/base/kustomization.yaml': { processes: blocks.allNames, addresses: blocks.clusterAddresses },
  'k8s/overlays/local/kustomization.yaml': { secrets: blocks.localSecrets },
  'k8s/overlays/production/kustomization.yaml': { images: blocks.productionImages },
  'k8s/overlays/production/secrets.yaml': { secrets: blocks.externalSecrets },
  'k8s/traits/network-policies/sidecars.yaml': { neighbours: blocks.neighbourPolicies },
  'k8s/traits/network-policies/kustomization.yaml': { internet: blocks.internetPolicyFiles },
  'observability/prometheus/prometheus.yml': { processes: blocks.processTargets, sidecars: blocks.sidecarTargets },
  'tsconfig.json': { processes: blocks.projectReferences },
  'README.md': { processes: blocks.processRows },
  'gateway/README.md': { routes: routeRows },
  'docs/operate.md': { secrets: blocks.secretRows },
  'docs/verbs.md': { verbs: blocks.verbRows },
};

/** Files that this writes from the first to the last line. One of the pattern that it wrote and that nobody declares any more goes. */
const wholeFiles: {
  pattern: string;
  write: (processes: Process[], operations: Operations) => Record<string, string>;
}[] = [
  { pattern: 'dapr/subscriptions/*.yaml', write: files.subscriptions },
  { pattern: '{gateway,registry,services/*}/Dockerfile', write: files.dockerfiles },
  { pattern: 'k8s/base/*/process.yaml', write: files.kubernetesNames },
  { pattern: 'k8s/base/*/kustomization.yaml', write: files.kubernetesBases },
  { pattern: 'k8s/traits/network-policies/internet-*.yaml', write: files.internetPolicies },
  { pattern: 'gateway/src/route-table.ts', write: routeTable },
  { pattern: 'packages/access/src/table.ts', write: accessTable },
  { pattern: 'dev/{process,job}.schema.json', write: files.schema },
];

/**
 * What is derived from every `process.json` and `openapi.json`, by file, as far as the file says otherwise now; no text: it is to go.
 * @param fresh texts of `openapi.json` that are still to be written, by service
 * @throws Problem with a line for each thing that is wrong in a declaration
 */
export function staleDerivations(root = workTree, fresh?: Map<string, string>): Map<string, string | undefined> {
  const processes = readProcesses(root);
  const operations = readOperations(root, fresh);
  const problems = [...routingProblems(processes, operations), ...policyProblems(processes, operations)];
  if (problems.length > 0) throw new Problem(problems.join('\n'));
  const stale = new Map<string, string | undefined>();
  const read = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined);
  for (const { pattern, write } of wholeFiles) {
    const wanted = write(processes, operations);
    for (const [file, text] of Object.entries(wanted)) if (read(file) !== text) stale.set(file, text);
    for (const file of globSync(pattern, { cwd: root })) {
      if (!(file in wanted) && read(file)?.includes(files.written)) stale.set(file, undefined);
    }
  }
  for (const [file, own] of Object.entries(blocksOf)) {
    const now = read(file) ?? '';
    let text = now;
    for (const [name, block] of Object.entries(own)) text = withBlock(file, text, name, block(processes, operations));
    if (text !== now) stale.set(file, text);
  }
  return stale;
}

/** @returns the files that were written or removed */
export function writeDerivations(root = workTree, fresh?: Map<string, string>): string[] {
  const stale = staleDerivations(root, fresh);
  for (const [file, text] of stale) {
    if (text === undefined) rmSync(join(root, file));
    else writeWhole(join(root, file), text);
  }
  return [...stale.keys()];
}

function withBlock(file: string, text: string, name: string, lines: string[]): string {
  const marks = new RegExp(`^( *)(\\S+ derived:${name}\\b.*\\n)[^]*?^( *\\S+ derived:end)`, 'm');
  if (!marks.test(text))
    throw new Error(`${file} has no place for "${name}" between the marks derived:${name} and derived:end`);
  return text.replace(marks, (_, indent: string, begin: string, end: string) => {
    const indented = lines.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
    return `${indent}${begin}${indented}${end}`;
  });
}
