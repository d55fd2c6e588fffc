import { isUtf8 } from 'node:buffer';
import { DomainError, InvalidInput } from '@cabinet/kit/errors';

// WHATWG gives all of these labels one meaning each; others are not what a practice's software writes.
const encodings = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['windows-1252', 'windows-1252'],
  ['iso-8859-1', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'],
  ['utf-16', 'utf-16le'],
  ['utf-16le', 'utf-16le'],
]);

/**
 * The text of a CSV file. A byte order mark decides (UTF-8, UTF-16); else the declared `charset` does; else it must be
 * UTF-8. Nothing is guessed: a wrong guess would store "HÃ©lÃ¨ne" without anybody noticing.
 * @throws 415 for a charset that is not known, 422 for bytes that are not in the charset or no text at all.
 */
export function decodeCsv(bytes: Buffer, charset = 'utf-8'): string {
  const encoding = encodings.get(charset.trim().toLowerCase());
  if (!encoding) {
    throw new DomainError('unsupported-media-type', 'IMPORT.CHARSET_UNKNOWN', 'The charset is not supported', {
      detail: `Send UTF-8, or name one of these: ${[...encodings.keys()].join(', ')}.`,
    });
  }
  if (bytes.subarray(0, 4).equals(zipSignature)) {
    throw notText('is an Excel workbook or another archive; export it as "CSV UTF-8" first');
  }
  const text = decode(bytes, encodingOfMark(bytes) ?? encoding);
  if (/^[^\n]*\0/.test(text)) {
    throw notText('is not text, or is UTF-16 without a byte order mark; save it as "CSV UTF-8"');
  }
  return text;
}

const zipSignature = Buffer.from('PK\u0003\u0004', 'latin1');

function encodingOfMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

function decode(bytes: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidInput(
      [
        {
          path: encoding === 'utf-8' ? `line ${firstLineThatIsNotUtf8(bytes)}` : 'file',
          code: 'WRONG_ENCODING',
          message: `is not ${encoding}; save the file as "CSV UTF-8", or name its charset (Content-Type: text/csv; charset=windows-1252)`,
        },
      ],
      'IMPORT.WRONG_ENCODING',
      'The file has another encoding than it says',
    );
  }
}

function firstLineThatIsNotUtf8(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(from, to))) break;
    from = to + 1;
  }
  return line;
}

const notText = (message: string) =>
  new InvalidInput([{ path: 'file', code: 'NOT_TEXT', message }], 'IMPORT.NOT_TEXT', 'The file is not a CSV text');
