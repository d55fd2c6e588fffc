import type { Adapter } from '../adapters/json.js';
import { Unreadable } from '../errors.js';
import type { FileReader } from './file-reader.js';

/** Sources give what they have in many answers or files, none of which comes near this. */
const bytesMax = 16 * 1024 * 1024;
/** Ninety days of a glucose sensor, which is the longest that a source gives at once, have 360,000. */
const valuesMax = 400_000;

/** Reads a document that means nothing before it is whole. */
export const jsonDocument = (adapter: Adapter): FileReader => ({
  read({ bytes, isLast, context, zone }) {
    if (bytes.length > bytesMax) throw new Unreadable('has more than 16 MiB; send it as several files');
    if (!isLast) return { readings: [], leftOut: [], rest: bytes, context };
    if (hasMoreValues(bytes)) throw new Unreadable('has more than 400,000 values; send it as several files');
    return { ...adapter(parsed(bytes), { zone }), rest: Buffer.alloc(0), context };
  },
});

const beginnings = new Set([...'{[,'].map((each) => each.charCodeAt(0)));

/** Before any is made: of two bytes an object becomes that takes a hundred times as many. A sign within a text counts too. */
function hasMoreValues(bytes: Buffer): boolean {
  let values = 0;
  for (let at = 0; at < bytes.length && values <= valuesMax; at += 1) if (beginnings.has(bytes[at] ?? 0)) values += 1;
  return values > valuesMax;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // What stands at the place where it ends to be JSON is of the patient: it is in no text of ours.
    throw new Unreadable('is not JSON in UTF-8');
  }
}
