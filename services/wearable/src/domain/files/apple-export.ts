import { type AppleRecord, appleRecord } from '../adapters/apple-health.js';
import { joined } from '../adapters/json.js';
import { Unreadable } from '../errors.js';
import type { FileReader } from './file-reader.js';

/** Far above any record, whose metadata may have the beats of a minute one by one. */
const recordBytesMax = 512 * 1024;
/** A part of 4 MiB has 30,000 of them, so short is none that says when and what. */
const recordsMax = 250_000;

const tag = /<Record\s+((?:[\w:.-]+\s*=\s*"[^"]*"\s*)*)(\/?)>/y;
const attribute = /([\w:.-]+)\s*=\s*"([^"]*)"/g;
const end = '</Record>';

/**
 * Reads `export.xml` of Apple Health part by part. It is no XML parser, and need not be one: of what exports have, records alone are
 * read. The document type that stands in front is not well-formed and is not looked at, so nothing that it declares is ever
 * expanded; characters that XML does not allow are left out.
 */
export const appleExport: FileReader = {
  read({ bytes, isLast, context, zone }) {
    const { whole, rest } = isLast ? { whole: bytes, rest: Buffer.alloc(0) } : cutAtTag(bytes);
    const text = whole.toString('utf8');
    const isExport = context.isExport === true || /<HealthData\b|<!DOCTYPE HealthData\b/.test(text);
    if (!isExport && (isLast || !mayBeginExport(text))) throw new Unreadable('is no export.xml of Apple Health');
    const { records, leftOut, restFrom } = recordsIn(text, isLast);
    const made = joined(records.map((record) => appleRecord(record, zone)));
    const left = Buffer.concat([Buffer.from(text.slice(restFrom)), rest]);
    if (left.length > recordBytesMax) throw new Unreadable('has a record that does not end');
    return { readings: made.readings, leftOut: [...made.leftOut, ...leftOut], rest: left, context: { isExport } };
  },
};

/** Behind a `>`, which is one byte in UTF-8 and in no character of several. */
function cutAtTag(bytes: Buffer): { whole: Buffer; rest: Buffer } {
  const at = bytes.lastIndexOf(0x3e) + 1;
  return { whole: bytes.subarray(0, at), rest: bytes.subarray(at) };
}

/** The first part may end before it says what it is. */
const mayBeginExport = (text: string): boolean => /^\ufeff?\s*(?:<\?xml[^>]*>\s*)?$/.test(text);

function recordsIn(text: string, isLast: boolean): { records: AppleRecord[]; leftOut: string[]; restFrom: number } {
  const records: AppleRecord[] = [];
  const leftOut: string[] = [];
  let endless = false;
  let from = nextRecord(text, 0);
  while (from < text.length) {
    if (records.length + leftOut.length >= recordsMax)
      throw new Unreadable('has records that are too short for readings');
    tag.lastIndex = from;
    const found = tag.exec(text);
    const after = nextRecord(text, from + 1);
    if (!found) {
      // Cut off, or not well-formed: if another begins behind it, this one has come to its end.
      if (after === text.length && !isLast) return { records, leftOut, restFrom: from };
      leftOut.push('malformed record');
      from = after;
      continue;
    }
    const [whole, attributes = '', closed] = found;
    let stop = from + whole.length;
    let inside = '';
    if (!closed) {
      // Looked for once when there is none, and not again for each record.
      const ends: number = endless ? -1 : text.indexOf(end, stop);
      endless = ends < 0;
      if (ends < 0 && !isLast) return { records, leftOut, restFrom: from };
      inside = text.slice(stop, ends < 0 ? stop : ends);
      stop = ends < 0 ? stop : ends + end.length;
    }
    records.push({ attributes: attributesOf(attributes), isTyped: isTyped(inside) });
    from = nextRecord(text, stop);
  }
  return { records, leftOut, restFrom: text.length };
}

function nextRecord(text: string, from: number): number {
  const at = text.indexOf('<Record', from);
  return at < 0 ? text.length : at;
}

const isTyped = (inside: string): boolean => /key="HKWasUserEntered"\s+value="1"/.test(inside);

function attributesOf(written: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const [, name = '', value = ''] of written.matchAll(attribute)) found[name] = decoded(value);
  return found;
}

const entities: Record<string, string> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

// An entity that is not of XML itself stays as it is written: none is looked up in what the file declares.
const decoded = (value: string): string =>
  value
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,8}));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return Object.hasOwn(entities, name) ? (entities[name] as string) : whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .replace(/[\p{Cc}\p{Cs}\ufffd]/gu, '');
