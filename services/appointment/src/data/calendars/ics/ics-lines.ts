import { CalendarFailure } from '../../../domain/calendars/failures.js';

/** A content line (RFC 5545, section 3.1), unfolded, as far as its name was read: `DTSTART` and `;TZID=Europe/Paris:20261123T090000`. */
export interface IcsLine {
  name: string;
  /** Undefined for a line that is longer than any that counts. */
  rest?: string;
}

/** A component with the lines of it that count. */
export interface IcsComponent {
  kind: 'VEVENT' | 'VFREEBUSY' | 'VTIMEZONE';
  lines: IcsLine[];
  /** Lines are missing: its end, or more than any has that counts. */
  isCut: boolean;
}

export interface IcsProperty {
  parameters: ReadonlyMap<string, string>;
  value: string;
}

const lineLengthMax = 128 * 1024;
const linesMax = 5_000;

const ofEvents =
  'UID SEQUENCE STATUS TRANSP DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID ATTENDEE FREEBUSY X-MICROSOFT-CDO-BUSYSTATUS';
const ofZones = 'BEGIN END TZID DTSTART RRULE RDATE TZOFFSETFROM TZOFFSETTO';
/** What else a file has costs nothing, however it is written. */
const counting: Record<IcsComponent['kind'], ReadonlySet<string>> = {
  VEVENT: new Set(ofEvents.split(' ')),
  VFREEBUSY: new Set(ofEvents.split(' ')),
  VTIMEZONE: new Set(ofZones.split(' ')),
};

/**
 * Walks through an iCalendar text, one component at a time and never with all lines at once. Of calendars themselves it gives
 * the line that names their zone.
 * @throws CalendarFailure for a text that was cut off: what is missing nobody knows
 */
export function* partsOf(text: string): Generator<IcsComponent | { zone: IcsLine }> {
  let open: IcsComponent | undefined;
  let isCalendarOpen = false;
  const inner: string[] = [];
  for (const line of linesOf(text)) {
    const { name, rest } = line;
    const begun = name === 'BEGIN' ? kindOf(rest) : undefined;
    const ended = name === 'END' ? kindOf(rest) : undefined;
    if (begun === 'VCALENDAR' || ended === 'VCALENDAR') isCalendarOpen = begun !== undefined;
    if (begun && isCounting(begun)) {
      // The end of the one before is missing.
      if (open) yield { ...open, isCut: true };
      open = { kind: begun, lines: [], isCut: false };
      inner.length = 0;
    } else if (open && ended === open.kind) {
      yield open;
      open = undefined;
    } else if (!open) {
      if (name === 'X-WR-TIMEZONE') yield { zone: line };
    } else if (open.kind !== 'VTIMEZONE' && begun) inner.push(begun);
    else if (ended && inner.at(-1) === ended) inner.pop();
    else if (inner.length === 0 && counting[open.kind].has(name)) note(open, line);
  }
  if (open || isCalendarOpen) throw new CalendarFailure('CALENDAR.UNREADABLE');
}

function note(open: IcsComponent, line: IcsLine): void {
  // Of those who were invited only one counts, and only by declining.
  if (line.name === 'ATTENDEE' && !/DECLINED/i.test(line.rest ?? '')) return;
  if (open.lines.length < linesMax) open.lines.push(line);
  else open.isCut = true;
}

const kindOf = (rest = ''): string => rest.slice(1).trim().toUpperCase();

const isCounting = (kind: string): kind is IcsComponent['kind'] => Object.hasOwn(counting, kind);

/** Lines as others end them: with CR and LF, with either, with many. */
function* linesOf(text: string): Generator<IcsLine> {
  let pieces: string[] = [];
  let length = 0;
  for (let [at, end] = [0, 0]; at < text.length; at = end + 1) {
    end = endOfLine(text, at);
    if (end === at) continue;
    const isFolded = text[at] === ' ' || text[at] === '\t';
    if (!isFolded) {
      const line = lineOf(pieces, length);
      if (line) yield line;
      [pieces, length] = [[], 0];
    }
    length += end - at;
    // Of a line that is too long its name is kept, so that it is known what is lost.
    if (!isFolded) pieces.push(text.slice(at, Math.min(end, at + lineLengthMax)));
    else if (length <= lineLengthMax) pieces.push(text.slice(at + 1, end));
  }
  const last = lineOf(pieces, length);
  if (last) yield last;
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

const nameInFront = /^\uFEFF?[\w-]{1,60}(?=[;:])/;

/** @returns undefined where no name stands in front: it belongs to a text that was broken by hand */
function lineOf(pieces: string[], length: number): IcsLine | undefined {
  const line = pieces.length === 1 ? (pieces[0] ?? '') : pieces.join('');
  const name = nameInFront.exec(line)?.[0];
  if (!name) return undefined;
  const rest = length <= lineLengthMax ? line.slice(name.length) : undefined;
  return { name: name.replace('\uFEFF', '').toUpperCase(), rest };
}

const parameter = /;([\w-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/y;

/** @returns undefined for a line that is none */
export function propertyOf({ rest = '' }: IcsLine): IcsProperty | undefined {
  const parameters = new Map<string, string>();
  let at = 0;
  for (parameter.lastIndex = 0; ; at = parameter.lastIndex) {
    const [, name, value] = parameter.exec(rest) ?? [];
    if (name === undefined || value === undefined) break;
    parameters.set(name.toUpperCase(), value.replaceAll('"', ''));
  }
  return rest[at] === ':' ? { parameters, value: rest.slice(at + 1).trim() } : undefined;
}
