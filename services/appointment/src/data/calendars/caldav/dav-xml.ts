import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { CalendarFailure } from '../../../domain/calendars/failures.js';

/** What a multi-status answer (RFC 4918, section 13) says of one resource. */
export interface DavResponse {
  href: string;
  /** Of the resource as a whole, where it has one: 404 for one that is gone. */
  status?: number;
  /** Properties that were found, by name without namespace. */
  found: Record<string, unknown>;
}

export interface MultiStatus {
  responses: DavResponse[];
  syncToken?: string;
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: (name) => name !== 'name', // that of a component that a calendar takes
  parseTagValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  processEntities: true,
  isArray: (name) => ['response', 'propstat', 'href'].includes(name),
});

/** @throws CalendarFailure for what is no multi-status answer */
export function readMultiStatus(text: string): MultiStatus {
  let parsed: { multistatus?: { response?: Raw[]; 'sync-token'?: string } | '' };
  try {
    parsed = parser.parse(text);
  } catch {
    throw new CalendarFailure('CALENDAR.UNREADABLE');
  }
  if (parsed.multistatus === undefined) throw new CalendarFailure('CALENDAR.UNREADABLE');
  const all = parsed.multistatus || {};
  return { responses: (all.response ?? []).map(toResponse), syncToken: textOf(all['sync-token']) };
}

interface Raw {
  href?: unknown[];
  status?: string;
  propstat?: { prop?: Record<string, unknown>; status?: string }[];
}

function toResponse({ href, status, propstat = [] }: Raw): DavResponse {
  const found = propstat.filter((each) => codeOf(each.status) === 200).map(({ prop }) => prop || {});
  return { href: textOf(href?.[0]) ?? '', status: codeOf(status), found: Object.assign({}, ...found) };
}

const codeOf = (status: string | undefined): number | undefined =>
  status === undefined ? undefined : Number(/\s(\d{3})/.exec(status)?.[1]);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Of a property that is the address of something. */
export const hrefOf = (property: unknown): string | undefined =>
  isTree(property) ? textOf((property.href as unknown[] | undefined)?.[0]) : undefined;

/** The names of the elements of one kind within a property. */
export function namesIn(property: unknown, kind: string): string[] {
  const elements = isTree(property) ? [property[kind]].flat() : [];
  return elements.flatMap((element) => (isTree(element) ? (textOf(element['@_name']) ?? []) : []));
}

export const isCalendar = ({ resourcetype }: DavResponse['found']): boolean =>
  isTree(resourcetype) && 'calendar' in resourcetype;

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

const namespaces = {
  '@_xmlns:d': 'DAV:',
  '@_xmlns:c': 'urn:ietf:params:xml:ns:caldav',
  '@_xmlns:cs': 'http://calendarserver.org/ns/',
};

/** A request body; names have the prefixes `d` (DAV), `c` (CalDAV) and `cs` (calendarserver.org). */
export const davBody = (root: string, content: object): string =>
  `<?xml version="1.0" encoding="utf-8"?>${builder.build({ [root]: { ...namespaces, ...content } })}`;

export const props = (...names: string[]): object => ({
  'd:prop': Object.fromEntries(names.map((name) => [name, ''])),
});
