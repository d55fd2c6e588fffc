import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import type { Process } from '../../dev/src/processes.ts';
import { written } from './derived-files.ts';
import { camelCase } from './names.ts';

export const rulesOf = (service: string): string => `packages/access/src/rules/${service}.ts`;

/** The one table of the rules that each service has. */
export function accessTable(processes: Process[]): Record<string, string> {
  const services = processes
    .filter(({ name, kind }) => kind === 'service' && existsSync(join(workTree, rulesOf(name))))
    .map(({ name }) => name)
    .sort();
  const imports = services.map(
    (service) => `import { resources as ${camelCase(service)} } from './rules/${service}.js';\n`,
  );
  return {
    'packages/access/src/table.ts': `// ${written} The rules of each service stand in rules/.
import { Policy } from './policy.js';
${imports.join('')}
/** Who may see and do what, of all services. */
export const policy = new Policy({
${services.map((service) => `  ...${camelCase(service)},\n`).join('')}});
`,
  };
}
