import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Coding } from './coding.js';

/** A file as it can be sent: where it lies, how long it is, and what tells it from others. */
export interface Variant {
  file: string;
  bytes: number;
  etag: string;
}

export interface PortalFile {
  type: string;
  /** The name tells the content, so it never changes. */
  isForEver: boolean;
  /** As it is, and as the build has compressed it, the best first. */
  variants: ReadonlyMap<Coding, Variant>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const endings: readonly (readonly [Coding, string])[] = [
  ['br', '.br'],
  ['gzip', '.gz'],
  ['identity', ''],
];

/**
 * All that there is to be sent, by its path, read once: whatever an address says, nothing else can be asked for. What is no
 * part of the pages (hidden folders, source maps, kinds that browsers are not to load) is not among it.
 */
export function readPortalFiles(folder: string): ReadonlyMap<string, PortalFile> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const names = new Set(found);
  const files = new Map<string, PortalFile>();
  for (const name of names) {
    const type = types[extname(name)];
    if (!type || /(?:^|\/)\./.test(name)) continue;
    const variants = endings
      .filter(([, ending]) => names.has(name + ending))
      .map(([coding, ending]) => [coding, readVariant(join(folder, name + ending))] as const);
    files.set(`/${name}`, { type, isForEver: name.startsWith('assets/'), variants: new Map(variants) });
  }
  return files;
}

function readVariant(file: string): Variant {
  const content = readFileSync(file);
  return { file, bytes: content.length, etag: `"${createHash('sha256').update(content).digest('base64url')}"` };
}
