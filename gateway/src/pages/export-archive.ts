import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { indexOf, type PatientData } from './export-index.js';
import { type Language, languages } from './export-words.js';

interface Said {
  /** Of the index that is opened first. */
  language: Language;
  at: Date;
}

/** A ZIP of what each service gave, as JSON, and an index for people, in each language. */
export function archiveOf(parts: ReadonlyMap<string, PatientData>, { language, at }: Said): Readable {
  const zip = new ZipFile();
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(text), name, { mtime: at });
  const nameOf = (each: Language) => (each === language ? 'index.html' : `index.${each}.html`);
  for (const each of languages) add(nameOf(each), indexOf(parts, { language: each, at, nameOf }));
  for (const [service, part] of parts) add(`data/${service}.json`, `${JSON.stringify(part, null, 2)}\n`);
  zip.end();
  return zip.outputStream as Readable;
}
