import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInput } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Format, formats } from '../file-import.js';
import type { ReadPart } from '../files/file-reader.js';
import { readerOf } from '../files/readers.js';
import { readReading, type SourceReading } from '../reading.js';

interface Vector {
  quirk: string;
  /** JSON, or else a text, or else bytes. */
  document?: unknown;
  text?: string;
  /** Of a format that is no text. */
  base64?: string;
  readings?: SourceReading[];
  leftOut?: string[];
  /** Fields and codes of the readings that are refused. */
  refused?: string[];
  unreadable?: string;
}

interface Pack {
  format: Format;
  about: string;
  zone: string;
  vectors: Vector[];
}

const folder = join(import.meta.dirname, '../../../vectors');
const packs = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Pack);
const now = new Date('2026-11-30T00:00:00Z');

const bytesOf = ({ document, base64, text = JSON.stringify(document) }: Vector): Buffer =>
  base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');

/** Reads a file in parts that end at these places. */
function readIn({ format, zone }: Pack, bytes: Buffer, cuts: number[]): Pick<ReadPart, 'readings' | 'leftOut'> {
  const reader = readerOf(format);
  const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  const read = { readings: [] as SourceReading[], leftOut: [] as string[] };
  let [from, rest, context] = [0, Buffer.alloc(0) as Buffer, {} as Record<string, unknown>];
  for (const to of [...ends, bytes.length]) {
    const part = reader.read({
      bytes: Buffer.concat([rest, bytes.subarray(from, to)]),
      isLast: to === bytes.length,
      // As it comes back from where it is kept.
      context: JSON.parse(JSON.stringify(context)),
      zone,
    });
    read.readings.push(...part.readings);
    read.leftOut.push(...part.leftOut);
    [from, rest, context] = [to, part.rest, part.context];
  }
  return JSON.parse(JSON.stringify(read));
}

const refusalsOf = (readings: SourceReading[], source: string): string[] =>
  readings.flatMap((each) => {
    try {
      readReading(each, { source, now });
      return [];
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      return error.fields.map(({ path, code }) => `${path} ${code}`);
    }
  });

it('there is a pack of vectors for each format', () => {
  expect(packs.map(({ format }) => format).sort()).toEqual([...formats].sort());
});

describe.each(packs)('$format', (pack) => {
  const readable = pack.vectors.filter(({ unreadable }) => !unreadable);

  it.each(readable)('$quirk', (vector) => {
    const read = readIn(pack, bytesOf(vector), []);
    expect(read).toEqual({ readings: vector.readings, leftOut: vector.leftOut });
    expect(refusalsOf(read.readings, pack.format)).toEqual(vector.refused ?? []);
  });

  it.each(pack.vectors.filter(({ unreadable }) => unreadable))('$quirk', (vector) => {
    expect(() => readIn(pack, bytesOf(vector), [])).toThrow(
      expect.objectContaining({ code: 'IMPORT.UNREADABLE', detail: `file: ${vector.unreadable}` }),
    );
  });

  it('gives the same wherever a file is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...readable), fc.array(fc.nat(), { maxLength: 6 }), (vector, cuts) => {
        const bytes = bytesOf(vector);
        expect(readIn(pack, bytes, cuts)).toEqual(readIn(pack, bytes, []));
      }),
    );
  });

  it('takes whatever comes, or says that it cannot be read', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...readable), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([vector, at, bytes]) => {
        const whole = bytesOf(vector);
        whole.set(bytes.subarray(0, whole.length - (at % whole.length)), at % whole.length);
        return whole;
      });
    fc.assert(
      fc.property(damaged, (bytes) => {
        try {
          refusalsOf(readIn(pack, bytes, []).readings, pack.format);
        } catch (error) {
          expect(error).toMatchObject({ code: 'IMPORT.UNREADABLE' });
        }
      }),
    );
  });

  it('takes a document of any other form', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        try {
          refusalsOf(readIn(pack, Buffer.from(JSON.stringify(document)), []).readings, pack.format);
        } catch (error) {
          expect(error).toMatchObject({ code: 'IMPORT.UNREADABLE' });
        }
      }),
    );
  });
});
