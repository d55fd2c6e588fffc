import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workTree } from '../../dev/cache.mjs';
import { writeWhole } from '../../dev/src/home.ts';
import { readIfThere } from './stamp.ts';
import { serviceFolder, servicesWithControllers } from './workspaces.ts';

/** One refusal a service answers with. */
export interface ErrorCode {
  status: number;
  title: string;
}

const target = join(workTree, 'packages/contracts/src/generated');

export function committedSpecification(service: string): string {
  return join(serviceFolder(service), 'openapi.json');
}

/** Writes the types and a client of every committed specification, and all error codes in one table, into the contracts. */
export async function generateContracts(): Promise<void> {
  const services = servicesWithControllers().filter((service) => existsSync(committedSpecification(service)));
  await Promise.all(services.map(generateTypes));
  writeChanged('clients.ts', clientsOf(services));
  writeChanged('error-codes.ts', errorCodeTable(await allErrorCodes()));
}

function writeChanged(name: string, text: string): void {
  const file = join(target, name);
  if (readIfThere(file) !== text) writeWhole(file, text);
}

export function clientsOf(services: string[]): string {
  const pathsOf = (service: string) => `${service.charAt(0).toUpperCase()}${service.slice(1)}Paths`;
  const imports = services.map((service) => `import type { paths as ${pathsOf(service)} } from './${service}.js';`);
  const clients = services.map((service) =>
    [
      `export type * as ${service}Api from './${service}.js';`,
      `/** A typed client of the ${service} service. */`,
      `export const ${service}Client = (options: ClientOptions): Client<${pathsOf(service)}> => createClient(options);`,
    ].join('\n'),
  );
  return `import createClient, { type Client, type ClientOptions } from 'openapi-fetch';\n${imports.join('\n')}\n\n${clients.join('\n\n')}\n`;
}

async function generateTypes(service: string): Promise<void> {
  const specification = readFileSync(committedSpecification(service), 'utf8');
  const head = `// From services/${service}/openapi.json, ${createHash('sha256').update(specification).digest('hex')}\n`;
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
