import { newId } from '@cabinet/kit/ids';
import type { Taken } from '../domain/ports.js';
import { certainties, type Reading, toBits } from '../domain/reading.js';

/** A reading as it lies in the table; names are those of its columns. */
export interface ReadingRow {
  effective_at: string;
  received_at: string;
  value: number;
  /** A signed number of 64 bits, in decimal digits. */
  content_hash: string;
  id: string;
  identity: string;
  track_id: number;
  origin_id: number;
  seconds: number | null;
  offset_minutes: number;
  version: number;
  flags: number;
  certainty: number;
}

export const readingColumns =
  'effective_at, received_at, value, content_hash, id, identity, track_id, origin_id, seconds, offset_minutes, version, flags, certainty';
export const readingTypes = `effective_at timestamptz, received_at timestamptz, value double precision, content_hash bigint, id uuid,
  identity uuid, track_id integer, origin_id integer, seconds integer, offset_minutes smallint, version smallint, flags smallint,
  certainty smallint`;

/** What counts in a sum: not what may be of somebody else, and not what nobody living has. */
export const isTrusted = 'r.certainty < 2 and r.flags & 1 = 0';

/** A reading with the track and the origin that it lies under. */
export interface Placed {
  reading: Reading;
  trackId: number;
  originId: number;
}

/** What is there under an identity already. */
export interface Standing {
  track_id: number;
  identity: string;
  id: string;
  content_hash: string;
  version: number;
  /** The hour in which it lies, in milliseconds since 1970. */
  hour: number;
  origin_id: number;
  is_earlier: boolean;
}

/** What a batch changes. */
export interface Merged {
  taken: Taken[];
  /** As they stand from now on, one for each identity. */
  rows: ReadingRow[];
  /** Of this batch, and corrected in it. */
  superseded: ReadingRow[];
  /** What is corrected of what was there. */
  corrected: Standing[];
  /** What is told, in order. */
  told: { reading: Reading; id: string; isCorrectionOf?: string }[];
}

interface Present {
  id: string;
  hash: string;
  version: number;
  row?: ReadingRow;
  stood?: Standing;
}

/**
 * What becomes of each reading of a batch, in order: new, a repeat of what is there or was corrected since, or a correction.
 * The same batch again changes nothing, in whatever order it and others come.
 */
export function mergeReadings(placed: readonly Placed[], there: readonly Standing[], receivedAt: Date): Merged {
  const present = new Map<string, Present>();
  const seen = new Set<string>();
  for (const standing of there) {
    const key = keyOf(standing.track_id, standing.identity);
    seen.add(`${key} ${standing.content_hash}`);
    if (!standing.is_earlier)
      present.set(key, { id: standing.id, hash: standing.content_hash, version: standing.version, stood: standing });
  }
  const merged: Merged = { taken: [], rows: [], superseded: [], corrected: [], told: [] };
  for (const { reading, trackId, originId } of placed) {
    const key = keyOf(trackId, reading.identity);
    const hash = toSigned(reading.contentHash);
    const before = present.get(key);
    if (before && (reading.isAfterHandingOn || seen.has(`${key} ${hash}`))) {
      merged.taken.push({ kind: 'known', readingId: before.id });
      continue;
    }
    seen.add(`${key} ${hash}`);
    const version = (before?.version ?? 0) + 1;
    const row = toRow({ reading, trackId, originId }, hash, version, receivedAt);
    if (before?.row) merged.superseded.push(before.row);
    else if (before?.stood) merged.corrected.push(before.stood);
    present.set(key, { id: row.id, hash, version, row });
    merged.taken.push({ kind: before ? 'corrected' : 'stored', readingId: row.id });
    merged.told.push({ reading, id: row.id, isCorrectionOf: before?.id });
  }
  merged.rows = [...present.values()].flatMap(({ row }) => row ?? []);
  return merged;
}

const keyOf = (trackId: number, identity: string): string => `${trackId} ${identity}`;

const toSigned = (hex: string): string => BigInt.asIntN(64, BigInt(`0x${hex}`)).toString();

/** So many corrections of one reading are counted. */
const versionMax = 32_767;

const toRow = (
  { reading, trackId, originId }: Placed,
  hash: string,
  version: number,
  receivedAt: Date,
): ReadingRow => ({
  effective_at: new Date(reading.effectiveAt.ms).toISOString(),
  received_at: receivedAt.toISOString(),
  value: reading.value,
  content_hash: hash,
  id: newId(),
  identity: reading.identity,
  track_id: trackId,
  origin_id: originId,
  seconds: reading.seconds ?? null,
  offset_minutes: reading.effectiveAt.offset,
  version: Math.min(version, versionMax),
  flags: toBits(reading.flags),
  certainty: certainties.indexOf(reading.certainty),
});
