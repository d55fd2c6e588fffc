import { isDeepStrictEqual } from 'node:util';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** The parts of an OpenAPI 3 document that are touched here. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers?: { url: string }[];
  paths: Record<string, JsonObject>;
  components?: Record<string, JsonObject>;
  tags?: { name: string }[];
  [extension: `x-${string}`]: Json;
}

/** The same document, with the gateway as its only server. */
export const asServedHere = (document: OpenApiDocument): OpenApiDocument => ({ ...document, servers: [{ url: '/' }] });

/**
 * All documents in one. What two services define differently under one name gets the service's name in front; operation
 * ids always do, since they must be unique. `missing` names the services whose part is not there.
 */
export function mergeDocuments(documents: ReadonlyMap<string, OpenApiDocument>, missing: string[]): OpenApiDocument {
  const merged = {
    openapi: '3.0.0',
    info: { title: 'Cabinet', version: '1', description: describe(missing) },
    servers: [{ url: '/' }],
    tags: [] as { name: string }[],
    paths: {} as Record<string, JsonObject>,
    components: {} as Record<string, JsonObject>,
    ...(missing.length > 0 ? { 'x-missing-services': missing } : {}),
  };
  for (const [service, original] of [...documents].sort(([a], [b]) => a.localeCompare(b))) {
    const document = withUniqueNames(original, service, merged.components);
    for (const [kind, entries] of Object.entries(document.components ?? {})) {
      merged.components[kind] = { ...merged.components[kind], ...entries };
    }
    for (const [path, operations] of Object.entries(document.paths)) {
      merged.paths[path] = { ...merged.paths[path], ...nameOperations(operations, service) };
    }
    for (const tag of document.tags ?? [])
      if (!merged.tags.some(({ name }) => name === tag.name)) merged.tags.push(tag);
  }
  return merged;
}

function describe(missing: string[]): string {
  const which =
    missing.length === 0
      ? 'All services of the practice.'
      : `The services of the practice that are running now. Missing at the moment: ${missing.join(', ')}.`;
  return `${which}\n\nTo try out what needs a sign-in, execute \`POST /api/auth/login\` first: this page then sends the token along.`;
}

function withUniqueNames(
  document: OpenApiDocument,
  service: string,
  taken: Record<string, JsonObject>,
): OpenApiDocument {
  const renamed = new Map<string, string>();
  for (const [kind, entries] of Object.entries(document.components ?? {})) {
    for (const [name, definition] of Object.entries(entries)) {
      const other = taken[kind]?.[name];
      if (other === undefined || isDeepStrictEqual(other, definition)) continue;
      renamed.set(`#/components/${kind}/${name}`, `#/components/${kind}/${service}.${name}`);
    }
  }
  if (renamed.size === 0) return document;
  const changed = replaceReferences(document as unknown as Json, renamed) as unknown as OpenApiDocument;
  for (const [before, after] of renamed) {
    const [kind = '', name = ''] = before.split('/').slice(2);
    const entries = changed.components?.[kind] ?? {};
    entries[after.split('/').at(-1) as string] = entries[name] as Json;
    delete entries[name];
  }
  return changed;
}

function replaceReferences(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => replaceReferences(item, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key === '$ref' && typeof member === 'string') return [key, renamed.get(member) ?? member];
      return [key, replaceReferences(member, renamed)];
    }),
  );
}

function nameOperations(operations: JsonObject, service: string): JsonObject {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => {
      if (typeof operation !== 'object' || operation === null || Array.isArray(operation)) return [method, operation];
      if (typeof operation.operationId !== 'string') return [method, operation];
      return [method, { ...operation, operationId: `${service}.${operation.operationId}` }];
    }),
  );
}
