import { Unreadable } from '../errors.js';

/** One message of a FIT file: what it is of, and its numbers by the number of their field; those that say "none" are left out. */
export interface FitMessage {
  /** Global message number. */
  kind: number;
  fields: Map<number, number>;
}

interface Definition {
  kind: number;
  isBigEndian: boolean;
  fields: { number: number; size: number; type: number }[];
  /** Bytes of a message, with what developers of apps added, which nobody reads here. */
  size: number;
}

/** A day of a watch has some thousands. */
const messagesMax = 400_000;
const timestamp = 253;

/**
 * Reads the messages of a FIT file: https://developer.garmin.com/fit/protocol/. Arrays and texts are passed over: nothing of them is kept
 * here. Several files may stand one behind the other.
 * @throws Unreadable for what is no FIT file, or not whole
 */
export function fitMessages(bytes: Buffer): FitMessage[] {
  const messages: FitMessage[] = [];
  if (bytes.length === 0) throw new Unreadable('is empty');
  for (let at = 0; at < bytes.length; ) at = readFile(bytes, at, messages);
  return messages;
}

function readFile(bytes: Buffer, from: number, messages: FitMessage[]): number {
  const headerSize = bytes[from] ?? 0;
  const isFile =
    headerSize >= 12 && bytes.length >= from + headerSize && bytes.toString('latin1', from + 8, from + 12) === '.FIT';
  if (!isFile) throw new Unreadable('is no FIT file');
  const begin = from + headerSize;
  const end = begin + bytes.readUInt32LE(from + 4);
  if (end + 2 > bytes.length) throw new Unreadable('is cut off');
  if (crc16(bytes.subarray(from, end)) !== bytes.readUInt16LE(end)) throw new Unreadable('is damaged');
  const definitions = new Map<number, Definition>();
  let lastTime = 0;
  for (let at = begin; at < end; ) {
    const header = bytes[at] as number;
    at += 1;
    const isCompressed = (header & 0x80) !== 0;
    if (!isCompressed && (header & 0x40) !== 0) {
      const { definition, next } = readDefinition(bytes, at, end, (header & 0x20) !== 0);
      definitions.set(header & 0x0f, definition);
      at = next;
      continue;
    }
    const definition = definitions.get(isCompressed ? (header >> 5) & 0x03 : header & 0x0f);
    if (!definition || at + definition.size > end) throw new Unreadable('is damaged');
    if (messages.length >= messagesMax) throw new Unreadable('has more than 400,000 messages');
    const message = readMessage(bytes, at, definition);
    // The last five bits of the time, which has gone on since.
    if (isCompressed) message.fields.set(timestamp, lastTime + (((header & 0x1f) - lastTime) & 0x1f));
    lastTime = message.fields.get(timestamp) ?? lastTime;
    messages.push(message);
    at += definition.size;
  }
  return end + 2;
}

function readDefinition(
  bytes: Buffer,
  from: number,
  end: number,
  hasMore: boolean,
): { definition: Definition; next: number } {
  const need = (at: number) => {
    if (at > end) throw new Unreadable('is damaged');
  };
  need(from + 5);
  const isBigEndian = bytes[from + 1] === 1;
  const kind = isBigEndian ? bytes.readUInt16BE(from + 2) : bytes.readUInt16LE(from + 2);
  const count = bytes[from + 4] as number;
  let at = from + 5;
  need(at + 3 * count);
  const fields = Array.from({ length: count }, (_, nth) => {
    const [number = 0, size = 0, type = 0] = bytes.subarray(at + 3 * nth, at + 3 * nth + 3);
    return { number, size, type };
  });
  at += 3 * count;
  let size = fields.reduce((sum, field) => sum + field.size, 0);
  if (hasMore) {
    need(at + 1);
    const added = bytes[at] as number;
    need(at + 1 + 3 * added);
    for (let nth = 0; nth < added; nth += 1) size += bytes[at + 1 + 3 * nth + 1] as number;
    at += 1 + 3 * added;
  }
  return { definition: { kind, isBigEndian, fields, size }, next: at };
}

/** Whole numbers by their base type: how many bytes, whether there is a sign, and what stands for "none". */
const wholeNumbers: Record<number, [size: number, isSigned: boolean, none: number]> = {
  0: [1, false, 0xff],
  1: [1, true, 0x7f],
  2: [1, false, 0xff],
  10: [1, false, 0],
  13: [1, false, 0xff],
  131: [2, true, 0x7fff],
  132: [2, false, 0xffff],
  133: [4, true, 0x7fffffff],
  134: [4, false, 0xffffffff],
  139: [2, false, 0],
  140: [4, false, 0],
};

function readMessage(bytes: Buffer, from: number, { kind, isBigEndian, fields }: Definition): FitMessage {
  const found = new Map<number, number>();
  let at = from;
  for (const { number, size, type } of fields) {
    const [wanted, isSigned, none] = wholeNumbers[type] ?? [];
    if (wanted === size) {
      const read = `read${isSigned ? 'Int' : 'UInt'}${isBigEndian ? 'BE' : 'LE'}` as 'readUIntLE';
      const value = bytes[read](at, size);
      if (value !== none) found.set(number, value);
    }
    at += size;
  }
  return { kind, fields: found };
}

const crcOfNibble = [
  ...[0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401],
  ...[0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400],
];

function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    for (const nibble of [byte & 0x0f, byte >> 4])
      crc = (crc >> 4) ^ (crcOfNibble[crc & 0x0f] as number) ^ (crcOfNibble[nibble] as number);
  }
  return crc;
}
