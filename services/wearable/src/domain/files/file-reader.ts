import type { SourceReading } from '../reading.js';

export interface PartOfFile {
  /** What was left of the parts before, and the new part. */
  bytes: Buffer;
  isLast: boolean;
  /** What the reader made of the parts before. */
  context: Record<string, unknown>;
  /** IANA; in which times are that come without an offset. */
  zone: string;
}

export interface ReadPart {
  readings: SourceReading[];
  leftOut: string[];
  /** What cannot be read before more comes. */
  rest: Buffer;
  context: Record<string, unknown>;
}

/** Reads a file of one format, cut anywhere: what comes out is the same wherever it is cut. */
export interface FileReader {
  /** @throws Unreadable (422) for a file that is none of this format */
  read(part: PartOfFile): ReadPart;
}
