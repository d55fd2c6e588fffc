import { domainToASCII } from 'node:url';

export interface MailAddress {
  /** As it goes over the wire: the domain in ASCII (RFC 5890), quotes only where they are needed. */
  wire: string;
  local: string;
  /** In ASCII. */
  domain: string;
  /** Its local part is not ASCII, so every server on the way must know SMTPUTF8 (RFC 6531). */
  needsSmtpUtf8: boolean;
  /** What people read it as, when its letters are those of another script that look like Latin ones: to be told to whoever enters it. */
  looksLike?: string;
}

export type MailAddressFault = 'not-one-address' | 'too-long' | 'local-part' | 'domain' | 'mixed-scripts';

/** RFC 5321, section 4.5.3.1: octets of the local part, of the domain, and of a path without its brackets. */
const [localMax, domainMax, addressMax] = [64, 253, 254];

const atom = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const dotString = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
const quotedString = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])+)"$/;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * One mailbox address by RFC 5321, 6531 and 5890. Refused beside what the grammar refuses: address literals (`@[10.0.0.1]`), which are
 * nobody's mailbox, names without a dot, and Latin letters mixed with those of another script that look like them.
 */
export function readMailAddress(text: string): MailAddress | { fault: MailAddressFault } {
  const given = text.normalize('NFC');
  const at = given.lastIndexOf('@');
  // Names and lists, and what would end the line that an address stands on.
  if (at < 1 || /\p{Cc}|[<>]/u.test(given)) return { fault: 'not-one-address' };
  const domain = asciiDomain(given.slice(at + 1));
  if (domain === undefined) return { fault: 'domain' };
  const quoted = quotedString.exec(given.slice(0, at))?.[1]?.replace(/\\(.)/g, '$1');
  const plain = quoted ?? given.slice(0, at);
  const isDotString = dotString.test(plain);
  if (!isDotString && quoted === undefined) return { fault: 'local-part' };
  const local = isDotString ? plain : `"${plain.replace(/(["\\])/g, '\\$1')}"`;
  const wire = `${local}@${domain}`;
  const octets = (part: string) => Buffer.byteLength(part);
  if (octets(local) > localMax || octets(domain) > domainMax || octets(wire) > addressMax) return { fault: 'too-long' };
  const parts = [plain, ...given.slice(at + 1).split('.')];
  if (parts.some(mixesScripts)) return { fault: 'mixed-scripts' };
  const looks = parts.map(skeleton);
  const looksLike = looks.some((look, nth) => look !== parts[nth])
    ? `${looks[0]}@${looks.slice(1).join('.')}`
    : undefined;
  return { wire, local, domain, needsSmtpUtf8: /[^\x20-\x7e]/.test(local), ...(looksLike && { looksLike }) };
}

function asciiDomain(text: string): string | undefined {
  if (!/^[\p{L}\p{M}\p{N}.\-·]+$/u.test(text)) return undefined;
  const ascii = domainToASCII(text);
  const labels = ascii.split('.');
  const isName = labels.length > 1 && labels.every((each) => label.test(each)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return isName ? ascii : undefined;
}

/** Scripts with letters that look like Latin ones; all others may stand beside these. */
const alike = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

const mixesScripts = (part: string): boolean => alike.filter((script) => script.test(part)).length > 1;

/** Letters that nobody tells from Latin ones (Unicode's confusables, those of words that can be written wholly with them). */
const looks = new Map(
  Object.entries({
    a: 'аα',
    b: 'Ьb',
    c: 'сϲ',
    d: 'ԁ',
    e: 'е',
    h: 'һ',
    i: 'іι',
    j: 'јϳ',
    l: 'ӏ',
    n: 'ո',
    o: 'оοօ',
    p: 'рρ',
    q: 'ԛ',
    s: 'ѕ',
    u: 'υս',
    v: 'ѵν',
    w: 'ԝ',
    x: 'х',
    y: 'уγ',
  }).flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);

/** What a part is read as, or itself when any letter of it is seen to be none of Latin. */
function skeleton(part: string): string {
  const read = [...part.toLowerCase()].map((letter) => looks.get(letter) ?? letter).join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return /^[\x00-\x7f]+$/.test(part) || !/^[\x00-\x7f]+$/.test(read) ? part : read;
}
