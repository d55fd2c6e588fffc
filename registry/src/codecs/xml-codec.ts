import { XMLParser } from 'fast-xml-parser';
import type { Registration } from '../domain/lease.js';
import type { Codec } from './codec.js';
import { Fragments } from './fragments.js';
import { RefusedRegistration } from './read-instance.js';
import { type Detail, toWireCompact, toWireHead, toWireLease, toWireTail, type WirePort } from './wire.js';
import { decodeName, encodeName } from './xml-names.js';

/** The elements have the names and the order of the JSON's fields, with one exception in letter-case. */
const fragments = new Fragments({
  around: (instance) => [
    `<instance>${fieldElements(toWireHead(instance))}`,
    `${fieldElements(toWireTail(instance))}</instance>`,
  ],
  lease: (lease) => mapElement('leaseInfo', toWireLease(lease)),
  compact: (instance) => element('instance', fieldElements(toWireCompact(instance))),
});

export const xmlCodec: Codec = {
  mediaType: 'application/xml',
  writeInstance: (registration) => fragments.write(registration),
  writeApplication: ({ name, registrations }, detail) => applicationElement(name, registrations, detail),
  writeApplications: ({ version, hash, applications }, detail) =>
    element(
      'applications',
      element('versions__delta', String(version)) +
        element('apps__hashcode', hash) +
        applications.map(({ name, registrations }) => applicationElement(name, registrations, detail)).join(''),
    ),

  readInstance(text) {
    // Nothing in the protocol needs a document type, and entities of its own are how XML is made to explode.
    if (/<!DOCTYPE/i.test(text)) throw new RefusedRegistration('DOCTYPE is not allowed');
    assertUtf8(text);
    const document = parse(text);
    if (!isElement(document) || !Object.hasOwn(document, 'instance')) throw new RefusedRegistration('Missing instance');
    return withDecodedMaps(document.instance);
  },
};

function applicationElement(name: string, registrations: Registration[], detail?: Detail): string {
  const instances = registrations.map((registration) => fragments.write(registration, detail));
  return element('application', element('name', escapeXml(name)) + instances.join(''));
}

function fieldElements(fields: object): string {
  let written = '';
  for (const [name, value] of Object.entries(fields)) written += fieldElement(name, value);
  return written;
}

function fieldElement(name: string, value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'object' || value === null) {
    return element(name === 'overriddenStatus' ? 'overriddenstatus' : name, escapeXml(String(value)));
  }
  return name === 'port' || name === 'securePort' ? portElement(name, value as WirePort) : mapElement(name, value);
}

const portElement = (name: string, port: WirePort): string =>
  element(name, String(port.$), { enabled: port['@enabled'] });

function mapElement(name: string, map: object): string {
  let inner = '';
  const attributes: Record<string, string> = {};
  for (const [key, value] of Object.entries(map)) {
    if (key === '@class') attributes.class = String(value);
    else if (typeof value === 'object' && value !== null) inner += mapElement(key, value);
    else inner += element(encodeName(key), escapeXml(String(value)));
  }
  return element(name, inner, attributes);
}

function element(name: string, inner: string, attributes: Record<string, string> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${written.join('')}>${inner}</${name}>`;
}

const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xd;',
};

// A carriage return would be read as a line feed; what XML 1.0 cannot hold at all is replaced.
export const escapeXml = (text: string): string =>
  /[<>&"'\r]/.test(text) || !isXmlText(text)
    ? text.replace(/[<>&"'\r]/g, (char) => entities[char] ?? char).replace(notXmlText, '\ufffd')
    : text;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const notXmlText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** True when XML 1.0 can hold every character. */
export function isXmlText(text: string): boolean {
  notXmlText.lastIndex = 0;
  return !notXmlText.test(text);
}

// With these names an element reads as the JSON does: `<port enabled="true">80</port>` is `{"$": "80", "@enabled": "true"}`.
const parser = new XMLParser({
  textNodeName: '$',
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  htmlEntities: true,
});

/** The body was read as UTF-8, so one that says of itself that it is not has been misread. */
function assertUtf8(text: string): void {
  const declared = /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/i.exec(text)?.[1];
  if (declared !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(declared)) throw new RefusedRegistration('Send UTF-8');
}

function parse(text: string): unknown {
  try {
    return parser.parse(text, true);
  } catch (cause) {
    throw new RefusedRegistration('Malformed XML', { cause });
  }
}

const isElement = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withDecodedMaps(instance: unknown): unknown {
  if (!isElement(instance)) return instance;
  const { metadata, dataCenterInfo } = instance;
  return {
    ...instance,
    metadata: decodeMap(metadata),
    dataCenterInfo: isElement(dataCenterInfo)
      ? { ...dataCenterInfo, metadata: decodeMap(dataCenterInfo.metadata) }
      : dataCenterInfo,
  };
}

function decodeMap(map: unknown): unknown {
  if (!isElement(map)) return undefined;
  const entries = Object.entries(map)
    .filter(([name]) => name !== '$' && !name.startsWith('@'))
    .map(([name, value]) => [decodeName(name), isElement(value) ? value.$ : value] as const);
  return Object.fromEntries(entries);
}
