import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

const types = {
  'cabinet.css': 'text/css; charset=utf-8',
  'docs.css': 'text/css; charset=utf-8',
  'docs.js': 'text/javascript; charset=utf-8',
  'elsewhere.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'sign-in.js': 'text/javascript; charset=utf-8',
  'sign-out.js': 'text/javascript; charset=utf-8',
};

type Name = keyof typeof types;

interface PageFile {
  bytes: Buffer;
  version: string;
}

const read = new Map<Name, PageFile>();

// When it is first asked for: most instances of a service show no page.
function fileOf(name: Name): PageFile {
  const known = read.get(name);
  if (known) return known;
  const bytes = readFileSync(new URL(`../../assets/${name}`, import.meta.url));
  const file = { bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 12) };
  read.set(name, file);
  return file;
}

/** Where a process serves what its pages load. */
export const filesPath = '/pages/';

/** The address of a file that pages load; another one when the file changes. */
export const fileUrl = (name: Name): string => `${filesPath}${name}?v=${fileOf(name).version}`;

/** Answers with a file that pages load; false when there is none of this name. */
export function sendFile(res: ServerResponse, name: string): boolean {
  if (!Object.hasOwn(types, name)) return false;
  const { bytes } = fileOf(name as Name);
  // An image has styles of its own.
  res.removeHeader('Content-Security-Policy');
  res.writeHead(200, {
    'Content-Type': types[name as Name],
    'Content-Length': bytes.length,
    'Cache-Control': 'public, max-age=86400',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(bytes);
  return true;
}
