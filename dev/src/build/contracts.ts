import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workTree } from '../../cache.mjs';
import { writeWhole } from '../home.ts';
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

/** Writes the types of every committed specification, and all error codes in one table, into the contracts. */
export async function generateContracts(): Promise<void> {
  const services = servicesWithControllers().filter((service) => existsSync(committedSpecification(service)));
  await Promise.all(services.map(generateTypes));
  await generateErrorCodes();
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

async function generateErrorCodes(): Promise<void> {
  const codes: Record<string, ErrorCode & { service: string }> = {};
  for (const service of servicesWithControllers()) {
    for (const [code, { status, title }] of Object.entries(await errorCodesOf(service))) {
      codes[code] = { service, status, title };
    }
  }
  const sorted = Object.fromEntries(Object.entries(codes).sort(([a], [b]) => a.localeCompare(b)));
  const text = `/** Every refusal of every service: its code, who says it, with which status. */\nexport const errorCodes = ${JSON.stringify(sorted, null, 2)} as const;\n`;
  const file = join(target, 'error-codes.ts');
  if (readIfThere(file) !== text) writeWhole(file, text);
}

/** The table that a service exports from `domain/error-codes.ts`, a file without imports; empty when there is none. */
export async function errorCodesOf(service: string): Promise<Record<string, ErrorCode>> {
  const file = join(serviceFolder(service), 'src/domain/error-codes.ts');
  if (!existsSync(file)) return {};
  const { errorCodes } = await import(pathToFileURL(file).href);
  return errorCodes ?? {};
}
