import type { appointmentApi } from '@cabinet/contracts';
import { appointments } from '../agenda.ts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, practitioners } from '../people.ts';

type Calendar = appointmentApi.components['schemas']['CalendarResponse'];
type Failure = appointmentApi.components['schemas']['CalendarFailureCode'];

const before = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

const calendarOf = (practitionerId: string, name: string, more: Partial<Calendar>): Calendar => ({
  id: idOf(`${practitionerId} ${name} ${Date.now()}`),
  version: 1,
  practitionerId,
  kind: 'caldav',
  name,
  host: 'cloud.example',
  zone: 'Europe/Paris',
  policy: 'warn',
  writes: false,
  showsPatients: false,
  state: 'fresh',
  since: before(0),
  syncedAt: before(0),
  problems: [],
  unwritten: 0,
  ...more,
});

/** The first practitioner has one of each state. */
const first = practitioners[0]?.id as string;
const calendars = new Map<string, Calendar>(
  [
    calendarOf(first, 'Work', {
      writes: true,
      unwritten: 2,
      problems: [{ code: 'CALENDAR.EVENT_UNREADABLE', count: 1 }],
    }),
    calendarOf(first, 'On-call roster', {
      kind: 'ics',
      host: 'roster.example',
      policy: 'tentative',
      state: 'failing',
      since: before(5),
      syncedAt: before(5),
      failure: { code: 'CALENDAR.TIMED_OUT', message: 'does not answer in time', since: before(5) },
    }),
    calendarOf(first, 'Private', {
      kind: 'google',
      host: 'google.com',
      state: 'stale',
      since: before(26),
      syncedAt: before(30),
    }),
    calendarOf(first, 'Operating theatre', {
      policy: 'hide',
      state: 'revoked',
      since: before(50),
      syncedAt: before(50),
      failure: { code: 'CALENDAR.ACCESS_REFUSED', message: 'does not let us in', since: before(50) },
    }),
  ].map((each) => [each.id, each]),
);

function found({ path }: Asked<unknown>): Calendar {
  const calendar = calendars.get(path.id as string);
  if (!calendar) throw notFound('CALENDAR.NOT_FOUND');
  return calendar;
}

function keep(calendar: Calendar) {
  calendars.set(calendar.id, calendar);
  return { headers: { ETag: `"v${calendar.version}"` }, body: calendar };
}

const notUsable = (path: string, code: Failure): Refused =>
  new Refused(422, 'CALENDAR.NOT_USABLE', 'The calendar cannot be used like this', {
    fields: [{ path, code, message: 'is not usable' }],
  });

/** Of whatever is called wrong. */
function assertOpens({ password, url }: { password?: string; url: string }): void {
  if (password === 'wrong') throw notUsable('password', 'CALENDAR.ACCESS_REFUSED');
  if (url.includes('wrong')) throw notUsable('url', 'CALENDAR.UNREADABLE');
}

/** The first two who come stand where the operating theatre has taken the morning. */
function conflictsOf(practitionerId: string) {
  const calendar = [...calendars.values()].find((each) => each.practitionerId === practitionerId);
  const booked = [...appointments.values()]
    .filter((each) => each.practitionerId === practitionerId && each.status === 'booked')
    .sort((a, b) => a.start.localeCompare(b.start));
  return booked.slice(0, calendar ? 2 : 0).map(({ id, start, end }) => ({
    appointmentId: id,
    start,
    end,
    calendarId: calendar?.id as string,
    busyFrom: new Date(Date.parse(start) - 3_600_000).toISOString(),
    busyUntil: new Date(Date.parse(end) + 1_800_000).toISOString(),
  }));
}

const begunAtGoogle = new Map<string, Calendar>();
const done = { status: 204, body: undefined } as const;
const ofQuery = ({ query }: Asked<unknown>) => query.get('practitionerId') ?? '';

export const calendarAnswers: Handler[] = [
  on('get', '/api/calendars', (asked) => ({
    body: { items: [...calendars.values()].filter((each) => each.practitionerId === ofQuery(asked)) },
  })),
  on('post', '/api/calendars', ({ body }) => {
    assertOpens(body);
    const { practitionerId, kind, name, policy, writes, showsPatients, url } = body;
    const host = URL.canParse(url) ? new URL(url).hostname : 'cloud.example';
    return { status: 201, ...keep(calendarOf(practitionerId, name, { kind, policy, writes, showsPatients, host })) };
  }),
  on('post', '/api/calendars/discovery', ({ body }) => {
    assertOpens(body);
    const base = 'https://cloud.example/dav/calendars';
    return {
      body: {
        items: [
          { url: `${base}/work/`, name: 'Work', isWritable: true },
          { url: `${base}/shared/`, name: 'Shared with me', isWritable: false },
        ],
      },
    };
  }),
  on('get', '/api/calendars/conflicts', (asked) => ({ body: { items: conflictsOf(ofQuery(asked)) } })),
  on('put', '/api/calendars/feeds/{practitionerId}', ({ path }) => ({
    body: { url: `https://practice.example/api/calendars/feeds/${idOf(`${path.practitionerId} ${Date.now()}`)}.ics` },
  })),
  on('delete', '/api/calendars/feeds/{practitionerId}', () => done),
  // Google itself is played by nobody: who goes there is back at once.
  on('post', '/api/calendars/google/authorization', ({ body: { practitionerId, name, policy } }) => {
    const calendar = calendarOf(practitionerId, name, { kind: 'google', host: 'google.com', policy });
    begunAtGoogle.set(calendar.id, calendar);
    return { body: { url: `/calendars/google?state=${calendar.id}&code=granted` } };
  }),
  on('post', '/api/calendars/google', ({ body: { state } }) => {
    const calendar = begunAtGoogle.get(state);
    if (!calendar) throw new Refused(422, 'CALENDAR.STATE_INVALID', 'This is not the end of a connection');
    begunAtGoogle.delete(state);
    return { status: 201, ...keep(calendar) };
  }),
  on('put', '/api/calendars/{id}', (asked) => {
    const calendar = found(asked);
    if (asked.version() !== calendar.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    return keep({ ...calendar, ...asked.body, version: calendar.version + 1 });
  }),
  on('put', '/api/calendars/{id}/access', (asked) => {
    assertOpens(asked.body);
    return keep(readNow(found(asked)));
  }),
  on('post', '/api/calendars/{id}/sync', (asked) => {
    const calendar = found(asked);
    return keep(calendar.state === 'revoked' ? calendar : readNow(calendar));
  }),
  on('delete', '/api/calendars/{id}', (asked) => {
    calendars.delete(found(asked).id);
    return done;
  }),
];

const readNow = (calendar: Calendar): Calendar => ({
  ...calendar,
  state: 'fresh',
  since: before(0),
  syncedAt: before(0),
  failure: undefined,
});
