import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workTree } from '../../dev/cache.mjs';
import { writeWhole } from '../../dev/src/home.ts';
import { Problem } from '../../dev/src/problem.ts';
import { type Process, readJobs, readProcesses } from '../../dev/src/processes.ts';
import { camelCase, pascalCase } from './names.ts';
import { readIfThere } from './stamp.ts';
import { serviceFolder, servicesWithControllers } from './workspaces.ts';

/** One refusal a service answers with. */
export interface ErrorCode {
  status: number;
  title: string;
}

const target = join(workTree, 'packages/contracts/src/generated');

export function committedSpecification(service: string): string {
  return join(service === 'gateway' ? join(workTree, service) : serviceFolder(service), 'openapi.json');
}

/**
 * Writes into the contracts the facts that each process tells, the types and a client of every committed specification, and
 * all error codes in one table.
 * @throws Problem for a process that tells and does not say what, or that keeps data of patients and gives no receipt for them
 */
export async function generateContracts(): Promise<void> {
  generateFacts([
    ...readProcesses().filter(({ tells }) => tells),
    ...readJobs().map((job) => ({ ...job, tellsBesides: [] })),
  ]);
  const services = servicesWithControllers().filter((service) => existsSync(committedSpecification(service)));
  // The gateway answers some questions itself, of several services at once; its document is written by hand.
  services.push('gateway');
  await Promise.all(services.map(generateTypes));
  writeChanged('clients.ts', clientsOf(services));
  writeChanged('error-codes.ts', errorCodeTable(await allErrorCodes()));
}

function writeChanged(name: string, text: string): void {
  const file = join(target, name);
  if (readIfThere(file) !== text) writeWhole(file, text);
}

export function clientsOf(services: string[]): string {
  const pathsOf = (service: string) => `${pascalCase(service)}Paths`;
  const imports = services.map((service) => `import type { paths as ${pathsOf(service)} } from './${service}.js';`);
  const clients = services.map((service) =>
    [
      `export type * as ${camelCase(service)}Api from './${service}.js';`,
      `/** A typed client of the ${service} service. */`,
      `export const ${camelCase(service)}Client = (options: ClientOptions): Client<${pathsOf(service)}> => createClient(options);`,
    ].join('\n'),
  );
  return `import createClient, { type Client, type ClientOptions } from 'openapi-fetch';\n${imports.join('\n')}\n\n${clients.join('\n\n')}\n`;
}

/** The schemas of what is told stand where they are told; the contracts have a copy, so that all others know them. */
type Teller = Pick<Process, 'name' | 'folder' | 'tells' | 'tellsBesides'> & Partial<Pick<Process, 'patientData'>>;

function generateFacts(tellers: Teller[]): void {
  const missing = tellers.map(factsFile).filter((file) => !existsSync(join(workTree, file)));
  if (missing.length > 0)
    throw new Problem(
      missing.map((file) => `${file} is missing: ${dirname(dirname(dirname(file)))} says that it tells`).join('\n'),
    );
  for (const teller of tellers) {
    const text = readFileSync(join(workTree, factsFile(teller)), 'utf8');
    const receipt = `'${teller.tells}.patient-data-erased'`;
    if (teller.patientData && teller.name !== 'patient' && !text.includes(receipt))
      throw new Problem(`${factsFile(teller)}: must tell ${receipt}, as process.json says patientData`);
    const inside = text.replaceAll("'@cabinet/contracts/fields'", "'../../fields.js'");
    writeChanged(`facts/${teller.name}.ts`, `// From ${factsFile(teller)}\n${inside}`);
  }
  writeChanged('facts.ts', factTable(tellers));
}

const factsFile = ({ folder }: Teller): string => `${folder}/src/events/facts.ts`;

/** @returns a module; what a process tells besides stands in its `facts.ts` under the name of the topic */
export function factTable(tellers: Pick<Process, 'name' | 'tells' | 'tellsBesides'>[]): string {
  const imports = tellers.map(({ name, tellsBesides }) => {
    const besides = tellsBesides.map((topic) => `, ${camelCase(topic)}`).join('');
    return `import { facts as ${camelCase(name)}${besides} } from './facts/${name}.js';\n`;
  });
  const told = tellers.flatMap(({ name, tells, tellsBesides }) => [
    [tells, camelCase(name)],
    ...tellsBesides.map((topic) => [topic, camelCase(topic)]),
  ]);
  const topics = told.map(([topic, facts]) => `  '${topic}': ${facts},\n`);
  const schemas = told.map(([, facts]) => `  ...${facts},\n`);
  return [
    ...imports,
    '\n/** The schemas of all facts, by the topic they are told on. */\n',
    `export const topics = {\n${topics.join('')}} as const;\n`,
    '\n/** The schemas of all facts, by type. */\n',
    `export const eventSchemas = {\n${schemas.join('')}};\n`,
  ].join('');
}

async function generateTypes(service: string): Promise<void> {
  const specification = readFileSync(committedSpecification(service), 'utf8');
  const head = `// From ${relative(workTree, committedSpecification(service))}, ${createHash('sha256').update(specification).digest('hex')}\n`;
  const file = join(target, `${service}.ts`);
  if (readIfThere(file)?.startsWith(head)) return;
  const { default: openapiTypes, astToString } = await import('openapi-typescript');
  const types = astToString(await openapiTypes(JSON.parse(specification)));
  writeWhole(file, head + types);
}

async function allErrorCodes(): Promise<Record<string, ErrorCode & { service: string }>> {
  const codes: Record<string, ErrorCode & { service: string }> = {};
  for (const service of servicesWithControllers()) {
    for (const [code, { status, title }] of Object.entries(await errorCodesOf(service))) {
      codes[code] = { service, status, title };
    }
  }
  return Object.fromEntries(Object.entries(codes).sort(([a], [b]) => a.localeCompare(b)));
}

function errorCodeTable(codes: object): string {
  const text = JSON.stringify(codes, null, 2);
  return `/** Every refusal of every service: its code, who says it, with which status. */\nexport const errorCodes = ${text} as const;\n`;
}

/** The table that a service exports from `domain/error-codes.ts`, a file without imports; empty when there is none. */
export async function errorCodesOf(service: string): Promise<Record<string, ErrorCode>> {
  const file = join(serviceFolder(service), 'src/domain/error-codes.ts');
  if (!existsSync(file)) return {};
  const { errorCodes } = await import(pathToFileURL(file).href);
  return errorCodes ?? {};
}
