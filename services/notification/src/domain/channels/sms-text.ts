/** The default alphabet of GSM 03.38 (3GPP TS 23.038, section 6.2.1), and what takes two places in it. */
const alphabet = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('^{}\\[~]|€');

/** Typography that means the same written plainly, and would make a text cost more than twice as much. */
const plainly: readonly (readonly [RegExp, string])[] = [
  [/\r\n?/g, '\n'],
  [/[\u2018\u2019\u201a\u02bc\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u00ab\u00bb\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
  [/[\u00a0\u2000-\u200a\u202f\u205f\t]/g, ' '],
  [/[\u200b-\u200f\u2060\ufeff\u00ad]/g, ''],
  [/[\u2022\u00b7]/g, '-'],
  [/œ/g, 'oe'],
  [/Œ/g, 'OE'],
];

export interface SmsText {
  text: string;
  encoding: 'GSM-7' | 'UCS-2';
  /** What is paid for. */
  parts: number;
}

/**
 * A text as it is sent: typography written plainly, and letters without the accents that GSM has not (`ê`, `ç`), where all of the text
 * then fits its alphabet. A text with other letters keeps every one of its own, and is sent as UCS-2.
 */
export function smsText(given: string): SmsText {
  const text = plainly.reduce((so, [from, to]) => so.replace(from, to), given.normalize('NFC'));
  const unaccented = [...text].map((letter) => (isGsm(letter) ? letter : withoutAccents(letter))).join('');
  if ([...unaccented].every(isGsm)) {
    const widths = [...unaccented].map((letter) => (extension.has(letter) ? 2 : 1));
    return { text: unaccented, encoding: 'GSM-7', parts: partsOf(widths, 160, 153) };
  }
  const widths = [...text].map((letter) => letter.length);
  return { text, encoding: 'UCS-2', parts: partsOf(widths, 70, 67) };
}

const isGsm = (letter: string): boolean => alphabet.has(letter) || extension.has(letter);

const withoutAccents = (letter: string): string => letter.normalize('NFD').replace(/\p{M}/gu, '');

/** A letter of two places stands in one part; several parts each lose some room to their header. */
function partsOf(widths: number[], alone: number, among: number): number {
  if (widths.reduce((sum, width) => sum + width, 0) <= alone) return 1;
  let [parts, room] = [1, among];
  for (const width of widths) {
    if (width > room) {
      parts += 1;
      room = among;
    }
    room -= width;
  }
  return parts;
}

/** What somebody wrote back. @returns `stop` and `start` for the words that providers and French law know, else undefined */
export function smsKeyword(text: string): 'stop' | 'start' | undefined {
  const word = withoutAccents(text)
    .trim()
    .toUpperCase()
    .replace(/[.!]+$/, '');
  if (/^(?:STOP|STOPALL|ARRET|DESABONNER|UNSUBSCRIBE|END|QUIT|CANCEL)(?: SMS)?$/.test(word)) return 'stop';
  return /^(?:START|UNSTOP|REPRENDRE)$/.test(word) ? 'start' : undefined;
}
