import { XMLParser } from 'fast-xml-parser';
import type { Codec } from './codec.js';
import { RefusedRegistration } from './read-instance.js';
import {
  toWireApplication,
  toWireApplications,
  toWireInstance,
  type WireApplication,
  type WireApplications,
  type WireInstance,
  type WirePort,
} from './wire.js';
import { decodeName, encodeName } from './xml-names.js';

export const xmlCodec: Codec = {
  mediaType: 'application/xml',
  writeInstance: (registration) => instanceElement(toWireInstance(registration)),
  writeApplication: (application) => applicationElement(toWireApplication(application)),
  writeApplications: (list) => applicationsElement(toWireApplications(list)),

  readInstance(text) {
    // Nothing in the protocol needs a document type, and entities of its own are how XML is made to explode.
    if (/<!DOCTYPE/i.test(text)) throw new RefusedRegistration('DOCTYPE is not allowed');
    const document = parse(text);
    if (!isElement(document) || !Object.hasOwn(document, 'instance')) throw new RefusedRegistration('Missing instance');
    return withDecodedMaps(document.instance);
  },
};

const applicationsElement = (list: WireApplications): string =>
  element(
    'applications',
    element('versions__delta', escapeXml(list.versions__delta)) +
      element('apps__hashcode', escapeXml(list.apps__hashcode)) +
      list.application.map(applicationElement).join(''),
  );

const applicationElement = ({ name, instance }: WireApplication): string =>
  element('application', element('name', escapeXml(name)) + instance.map(instanceElement).join(''));

/** The elements have the names and the order of the JSON's fields, with one exception in letter-case. */
function instanceElement(instance: WireInstance): string {
  let inner = '';
  for (const [name, value] of Object.entries(instance)) inner += fieldElement(name, value);
  return element('instance', inner);
}

function fieldElement(name: string, value: WireInstance[keyof WireInstance]): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') {
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
