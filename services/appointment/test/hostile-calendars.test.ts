import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { IsolatedReader, type ReadingBounds } from '../src/data/calendars/ics/isolated-reader.js';
import type { CalendarFailure } from '../src/domain/calendars/failures.js';
import { buildPractitioner, type Practice, startPractice } from './support.ts';
import { icsOf, startWebServer, type WebServer } from './web-server.ts';

const megabytes = 10 * 1024 * 1024;
const window = { start: Date.parse('2026-11-01T00:00:00Z'), end: Date.parse('2027-11-01T00:00:00Z') };
const options = { window, zone: 'Europe/Paris' };

const wrapped = (...inside: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...inside, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) =>
  ['BEGIN:VEVENT', 'UID:one@example', 'DTSTART:20261201T090000Z', 'DURATION:PT1H', ...lines, 'END:VEVENT'].join('\r\n');
const filled = (part: string, size = megabytes) => part.repeat(Math.floor(size / part.length));
const good = event().replace('one@', 'good@');
const times = (start: string) => filled(`${start},20261201T090000Z`, 9 * 1024 * 1024);

/** What somebody may publish, 10 MB at most. */
const shapes: [string, () => string][] = [
  ['line feeds', () => `BEGIN:VCALENDAR\n${filled('\n')}`],
  ['carriage returns', () => `BEGIN:VCALENDAR\r${filled('\r')}`],
  ['both', () => `BEGIN:VCALENDAR\r\n${filled('\r\n')}`],
  ['line ends between two calendars', () => `${wrapped(good)}${filled('\n')}${wrapped(good)}`],
  ['one line', () => wrapped(`X-A:${filled('a')}`, good)],
  ['one line without a name', () => wrapped(filled('a'), good)],
  ['lines of one character', () => wrapped(filled('a\n'), good)],
  ['one line, folded at each character', () => wrapped(event(`RDATE:1${filled('\r\n 1', megabytes)}`), good)],
  ['begins without ends', () => `BEGIN:VCALENDAR\n${filled('BEGIN:VEVENT\n')}`],
  ['events with nothing in them', () => wrapped(filled('BEGIN:VEVENT\nEND:VEVENT\n'))],
  ['components within components', () => wrapped(event(filled('BEGIN:X\n')), good)],
  ['zones without end', () => wrapped(filled('BEGIN:VTIMEZONE\nTZID:a\nEND:VTIMEZONE\n'), good)],
  [
    'a zone that comes round each second',
    () => wrapped(endlessZone, event().replace('DTSTART', 'DTSTART;TZID=a'), good),
  ],
  ['times to add, in one line', () => wrapped(event(times('RDATE:20261201T090000Z')), good)],
  ['times to add, each in a line', () => wrapped(event(filled('RDATE:20261201T090000Z\n')), good)],
  ['times to leave out', () => wrapped(event('RRULE:FREQ=DAILY', filled('EXDATE:20261201T090000Z\n')), good)],
  ['a rule of ten megabytes', () => wrapped(event(`RRULE:FREQ=DAILY;BYHOUR=1${filled(',1')}`), good)],
  ['a rule for each second of each hour', () => wrapped(event(`RRULE:FREQ=YEARLY;${eachSecond}`), good)],
  ['parameters', () => wrapped(event(`DTEND${filled(';A=B')}:20261201T100000Z`), good)],
  ['quotes', () => wrapped(event(`DTEND;A="${filled('""')}:20261201T100000Z`), good)],
  ['other scripts', () => wrapped(`X-A:${filled('漢', megabytes / 3)}`, good)],
];

const endlessZone = [
  'BEGIN:VTIMEZONE\r\nTZID:a\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000',
  'TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE',
].join('\r\n');
const eachSecond = `BYHOUR=${numbers(24)};BYMINUTE=${numbers(60)};BYSECOND=${numbers(60)}`;

function numbers(count: number): string {
  return [...Array(count).keys()].join(',');
}

function apartWith(bounds: Partial<ReadingBounds> = {}): IsolatedReader {
  const reader = new IsolatedReader(bounds);
  onTestFinished(() => reader.stop());
  return reader;
}

const failureOf = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error: CalendarFailure) => error.code,
  );

const readers = () =>
  spawnSync('pgrep', ['-P', String(process.pid), '-f', 'reading-process'])
    .stdout.toString()
    .split('\n')
    .filter(Boolean);

/** Its start takes a part of one; the rest is reading. */
const cpuSeconds = (pid: string) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

describe('the process that reads calendars', () => {
  let reader: IsolatedReader;
  beforeAll(() => {
    reader = new IsolatedReader();
  });
  afterAll(() => reader.stop());

  it.each(shapes)('reads %s, or says that they are no calendar, and goes on', async (_, shape) => {
    const code = await failureOf(reader.read('ics', { texts: [shape()], options }));
    expect([undefined, 'CALENDAR.UNREADABLE', 'CALENDAR.TOO_MANY_EVENTS']).toContain(code);
    const [reading] = await reader.read('ics', { texts: [wrapped(good)], options });
    expect(reading?.busy).toHaveLength(1);
  });

  it('reads the largest calendar that somebody may have', async () => {
    const many = Array.from({ length: 19_000 }, (_, nth) => {
      const at = new Date(window.start + nth * 25 * 60_000).toISOString().slice(0, 19).replace(/[-:]/g, '');
      const text = `SUMMARY:${'Consultation '.repeat(29)}`;
      return event(text).replace('one@', `${nth}@`).replace('20261201T090000', at).replace('PT1H', 'PT5M');
    });
    const text = wrapped(...many);
    expect([text.length > 0.85 * megabytes, text.length <= megabytes]).toEqual([true, true]);
    const [reading] = await reader.read('ics', { texts: [text], options });
    expect([reading?.busy.length, reading?.problems]).toEqual([19_000, []]);
  });

  it('is waited for no longer whenever it is stopped, from its first moment on', async () => {
    for (let afterMs = 0; afterMs < 120; afterMs += 3) {
      const stopped = apartWith();
      const reading = failureOf(stopped.read('ics', { texts: [wrapped(good)], options }));
      // Not until anything: at another moment of its start each time, and after it.
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      stopped.stop();
      expect([undefined, 'CALENDAR.READER_ENDED']).toContain(await reading);
    }
    await until(() => readers().length <= 1);
  });

  it.each([
    ['too much memory', wrapped(...heavy()), { megabytesMax: 24 }],
    ['too much time', wrapped(...slow()), { msMax: 300 }],
  ])('ends by %s, which is said, and the next is read by another', async (_, text, bounds) => {
    const limited = apartWith(bounds);
    expect(await failureOf(limited.read('ics', { texts: [text], options }))).toBe('CALENDAR.READER_ENDED');
    expect(await limited.read('ics', { texts: [wrapped(good)], options })).toHaveLength(1);
  });

  it('ends by an answer of a server as by a calendar', async () => {
    const limited = apartWith({ megabytesMax: 32 });
    const text = `<multistatus xmlns="DAV:">${filled('<response><href>/</href></response>', 9 * 1024 * 1024)}</multistatus>`;
    expect(await failureOf(limited.read('multistatus', text))).toBe('CALENDAR.READER_ENDED');
  });

  it('is there only while there is something to read, and knows nothing of the service', async () => {
    const brief = apartWith({ idleMs: 50 });
    expect(brief.pid).toBeUndefined();
    await brief.read('ics', { texts: [wrapped(good)], options });
    const environment = spawnSync('cat', [`/proc/${brief.pid}/environ`]).stdout.toString();
    expect(
      environment
        .split('\0')
        .filter(Boolean)
        .map((each) => each.split('=')[0]),
    ).toEqual(expect.not.arrayContaining(['PATH', 'HOME', 'DATABASE_URL']));
    await until(() => brief.pid === undefined);
  });
});

/** Small things that are many: more than fits into the memory that reading may have. */
function heavy(): string[] {
  return Array.from({ length: 250 }, (_, nth) =>
    event(filled('RDATE:20261201T090000Z\n', 39_000)).replace('one@', `${nth}@`),
  );
}

/** Rules that have no times, and need long to show it. */
function slow(): string[] {
  return Array.from({ length: 10_000 }, (_, nth) =>
    event('RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30').replace('one@', `${nth}@`),
  );
}

describe('a calendar that ends whatever reads it', { timeout: 120_000 }, () => {
  let web: WebServer;
  let practice: Practice;
  let secretary: Caller;
  const now = new Date('2026-11-20T10:00:00Z');
  const publish = (text: string) => {
    web.answer = (_, response) => response.writeHead(200, { 'content-type': 'text/calendar' }).end(text);
  };

  beforeAll(async () => {
    web = await startWebServer((_, response) => response.end());
    practice = await startPractice(now.toISOString(), {
      settings: { CALENDAR_PRIVATE_HOSTS: [web.host], CALENDAR_POLL_SECONDS: 300 },
    });
    secretary = await practice.as({ roles: ['secretary'] });
  });
  afterAll(async () => {
    await practice?.stop();
    await web?.stop();
  });

  async function connected() {
    publish(icsOf('2026-11-23T09:30:00+01:00'));
    const { practitionerId } = await buildPractitioner(practice);
    const wanted = { practitionerId, kind: 'ics', name: 'Roster', url: `${web.url}/a.ics` };
    const { status, body } = await secretary('POST', '/api/calendars', wanted);
    expect([status, body.state]).toEqual([201, 'fresh']);
    return body.id as string;
  }

  const sync = async (id: string) => (await secretary('POST', `/api/calendars/${id}/sync`)).body;
  const stateOf = async (id: string) => (await secretary('GET', `/api/calendars/${id}`)).body;
  const row = async (id: string) => (await practice.sql.query('select * from calendar where id = $1', [id])).rows[0];

  /** Reads it, and has what reads it killed by somebody else. */
  async function killReaderOf(id: string) {
    const reading = sync(id);
    await until(async () => (await row(id)).being_read);
    await until(() => readers().some((pid) => cpuSeconds(pid) > 1 && spawnSync('kill', ['-9', pid]).status === 0));
    return reading;
  }

  it('leaves the service alone, is not read by itself after two times, and is again once it was mended', async () => {
    const id = await connected();
    publish(wrapped(...slow()));
    expect(await killReaderOf(id)).toMatchObject({ state: 'failing', failure: { code: 'CALENDAR.READER_ENDED' } });
    expect(await killReaderOf(id)).toMatchObject({
      state: 'set-aside',
      failure: { code: 'CALENDAR.READER_ENDED', message: expect.stringContaining('connected anew') },
    });
    expect((await secretary('GET', '/metrics')).body).toMatch(/calendars\{kind="ics",state="set-aside"[^}]*\} 1/);

    const other = await connected();
    const before = web.asked.length;
    practice.clock.advanceBy(24 * 60 * 60_000);
    // The other is read when it is due, and this one is not.
    await until(async () => new Date((await stateOf(other)).syncedAt) >= practice.clock.now());
    expect(web.asked.length - before).toBe(1);
    expect((await stateOf(id)).state).toBe('set-aside');

    publish(icsOf('2026-11-23T10:00:00+01:00'));
    expect(await sync(id)).toMatchObject({ state: 'fresh' });
    practice.clock.advanceBy(60 * 60_000);
    await until(async () => new Date((await stateOf(id)).syncedAt) >= practice.clock.now());
  });

  it('counts once what reads ends by something else in between, and is read again when it is connected anew', async () => {
    const id = await connected();
    publish(wrapped(...slow()));
    await killReaderOf(id);
    web.answer = (_, response) => response.writeHead(500).end();
    expect(await sync(id)).toMatchObject({ state: 'failing', failure: { code: 'CALENDAR.SERVER_ERROR' } });
    publish(wrapped(...slow()));
    expect(await killReaderOf(id)).toMatchObject({ state: 'set-aside' });
    publish(icsOf('2026-11-23T10:00:00+01:00'));
    const anew = await secretary('PUT', `/api/calendars/${id}/access`, { url: `${web.url}/b.ics` });
    expect([anew.status, anew.body.state]).toEqual([200, 'fresh']);
    expect(await row(id)).toMatchObject({ readers_ended: 0, being_read: false });
  });

  it('is known by its mark also where the whole service ended with the reader', async () => {
    const id = await connected();
    const isMarked =
      'update calendar set being_read = true, claim = gen_random_uuid(), claimed_until = $2 where id = $1';
    for (const ended of [1, 2]) {
      // As a process leaves it that ends while it reads.
      await practice.sql.query(isMarked, [id, practice.clock.now()]);
      web.answer = (_, response) => response.writeHead(404).end();
      practice.clock.advanceBy(24 * 60 * 60_000);
      await until(async () => (await row(id)).readers_ended === ended);
    }
    expect(await stateOf(id)).toMatchObject({ state: 'set-aside', failure: { code: 'CALENDAR.READER_ENDED' } });
  });
});
