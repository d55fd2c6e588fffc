import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import type { Config } from '../src/config.js';
import { buildPractitioner, type Practice, startPractice } from './support.ts';
import { icsOf, startWebServer, type WebServer } from './web-server.ts';

let web: WebServer;
let practice: Practice;
let settings: Partial<Config>;
let secretary: Caller;

const now = new Date('2026-11-20T10:00:00Z');
const later = (minutes: number) => practice.clock.set(new Date(now.getTime() + minutes * 60_000));
const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

beforeAll(async () => {
  web = await startWebServer((_, response) => response.end());
  settings = {
    CALENDAR_PRIVATE_HOSTS: [web.host],
    CALENDAR_TIMEOUT_SECONDS: 1,
    // Nothing is read but what a test asks for.
    CALENDAR_POLL_SECONDS: 86_400,
  };
  practice = await startPractice(now.toISOString(), {
    settings,
  });
  secretary = await practice.as({ roles: ['secretary'] });
});
afterEach(() => practice.clock.set(now));
afterAll(async () => {
  await practice?.stop();
  await web?.stop();
});

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const publish = (text: string, headers: Record<string, string> = {}) => {
  web.answer = (_, response) => response.writeHead(200, { 'content-type': 'text/calendar', ...headers }).end(text);
};
const refuse = (status: number, headers: Record<string, string> = {}) => {
  web.answer = (_, response) => response.writeHead(status, headers).end('<title>Dinner with Claire Petit</title>');
};

const connect = ({ practitionerId }: Practitioner, more: object = {}, as = secretary) =>
  as('POST', '/api/calendars', {
    practitionerId,
    kind: 'ics',
    name: 'Roster',
    url: `${web.url}/private-5f1c.ics`,
    ...more,
  });
const sync = (id: string) => secretary('POST', `/api/calendars/${id}/sync`);
const explain = async ({ practitionerId, typeId: appointmentTypeId }: Practitioner, at: string, as = secretary) =>
  (await as('GET', `/api/slots/explain?${new URLSearchParams({ practitionerId, appointmentTypeId, at })}`)).body;
const slots = async ({ practitionerId, typeId }: Practitioner) => {
  const query = new URLSearchParams({
    practitionerId,
    appointmentTypeId: typeId,
    from: monday('00:00'),
    to: monday('23:00'),
  });
  return (await secretary('GET', `/api/slots?${query}`)).body.items as { start: string; doubt?: string }[];
};
const book = ({ practitionerId, typeId }: Practitioner, start: string, more: object = {}, as = secretary) =>
  as('POST', '/api/appointments', {
    patientId: randomUUID(),
    practitionerId,
    appointmentTypeId: typeId,
    start,
    ...more,
  });

describe('a published calendar', () => {
  it('takes times out of the slots, and says so without saying what it is', async () => {
    const who = await buildPractitioner(practice);
    publish(icsOf(monday('09:30')));
    const { status, body } = await connect(who, {
      url: `${web.url.replace('http', 'webcal').replace('webcal', 'http')}/a.ics`,
    });
    expect([status, body]).toMatchObject([
      201,
      {
        state: 'fresh',
        host: web.host,
        policy: 'warn',
        problems: [],
        unwritten: 0,
        syncedAt: '2026-11-20T11:00:00+01:00',
      },
    ]);
    const starts = (await slots(who)).map(({ start }) => start);
    expect(starts).toContain(monday('09:00'));
    expect(starts).not.toContain(monday('09:30'));
    const alice = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    expect((await explain(who, monday('09:30'), alice)).reasons).toEqual([
      {
        code: 'APPOINTMENT.BUSY_ELSEWHERE',
        message: 'is busy in an external calendar',
        from: monday('09:30'),
        until: monday('10:00'),
      },
    ]);
    const refused = await book(who, monday('09:30'));
    expect([refused.status, refused.body.code, refused.body.nextFreeSlots[0].start]).toEqual([
      409,
      'APPOINTMENT.BUSY_ELSEWHERE',
      monday('10:00'),
    ]);
    const overbooked = await book(who, monday('09:30'), { overbook: { reason: 'They agreed' } });
    expect(overbooked.status).toBe(201);
    const conflicts = await secretary('GET', `/api/calendars/conflicts?practitionerId=${who.practitionerId}`);
    expect(conflicts.body.items).toMatchObject([
      { start: monday('09:30'), busyFrom: monday('09:30'), calendarId: body.id },
    ]);
    const seen = `select subjects from audit_event where action = 'GET /api/calendars/conflicts'`;
    const { patientId } = overbooked.body;
    expect((await practice.sql.query(seen)).rows).toMatchObject([{ subjects: expect.arrayContaining([patientId]) }]);
    const tables = ['calendar', 'calendar_resource', 'calendar_busy'];
    const stored = await Promise.all(
      tables.map(async (table) => (await practice.sql.query(`select * from ${table}`)).rows),
    );
    expect(JSON.stringify(stored)).not.toMatch(/Dinner|Claire|private-5f1c|a\.ics/);
  });

  it('keeps buffers free around what it has taken', async () => {
    const who = await buildPractitioner(practice);
    publish(icsOf(monday('10:00')));
    await connect(who);
    await secretary(
      'PUT',
      `/api/schedules/${who.practitionerId}`,
      {
        hours: [{ placeId: who.placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }],
        rules: [{ appointmentTypeId: who.typeId, bufferAfterMinutes: 10 }],
      },
      { 'if-match': '"v1"' },
    );
    expect((await explain(who, monday('09:30'))).reasons).toMatchObject([{ code: 'APPOINTMENT.BUSY_ELSEWHERE' }]);
  });

  it('is read again only when it has changed, and what is gone is free again', async () => {
    const who = await buildPractitioner(practice);
    publish(icsOf(monday('09:00'), monday('09:30')), { etag: '"one"' });
    const { body } = await connect(who);
    const before = web.asked.length;
    web.answer = (request, response) =>
      response.writeHead(request.headers['if-none-match'] === '"one"' ? 304 : 500).end();
    expect((await sync(body.id)).body.state).toBe('fresh');
    expect(web.asked.length - before).toBe(1);
    publish(icsOf(monday('09:30')), { etag: '"two"' });
    await sync(body.id);
    expect((await slots(who)).map(({ start }) => start)).toContain(monday('09:00'));
    expect(
      (await practice.sql.query('select 1 from calendar_busy where calendar_id = $1', [body.id])).rows,
    ).toHaveLength(1);
  });

  it('is laid out anew when time has come near the end of what was laid out', async () => {
    const who = await buildPractitioner(practice);
    publish(icsOf(monday('09:00')), { etag: '"one"' });
    const { body } = await connect(who);
    later(60 * 24 * 30);
    await sync(body.id);
    expect(web.asked.at(-1)?.headers['if-none-match']).toBeUndefined();
  });

  it.each<[string, () => void, string, string]>([
    ['that is broken', () => refuse(500), 'failing', 'CALENDAR.SERVER_ERROR'],
    ['that is no calendar any more', () => publish('<html>'), 'failing', 'CALENDAR.UNREADABLE'],
    ['that is gone', () => refuse(410), 'failing', 'CALENDAR.NOT_FOUND'],
    ['that lets us in no more', () => refuse(403), 'revoked', 'CALENDAR.ACCESS_REFUSED'],
    ['that never answers', () => (web.answer = () => undefined), 'failing', 'CALENDAR.TIMED_OUT'],
    ['that never ends', () => (web.answer = (_, response) => void pour(response)), 'failing', 'CALENDAR.TOO_LARGE'],
    [
      'that sends us to a private place',
      () => refuse(302, { location: 'http://169.254.169.254/latest/meta-data' }),
      'failing',
      'CALENDAR.ADDRESS_REFUSED',
    ],
    ['that sends us in circles', () => refuse(302, { location: '/a.ics' }), 'failing', 'CALENDAR.REDIRECTED'],
    ['that has too many times', () => publish(hourly), 'failing', 'CALENDAR.TOO_MANY_EVENTS'],
  ])('%s is %s, and what it had taken stays taken', async (_, spoil, state, code) => {
    const who = await buildPractitioner(practice);
    publish(icsOf(monday('09:30')));
    const { body } = await connect(who);
    spoil();
    later(1);
    const answer = await sync(body.id);
    expect([answer.status, answer.body]).toMatchObject([200, { state, failure: { code }, syncedAt: body.syncedAt }]);
    expect(JSON.stringify(answer.body)).not.toContain('Claire');
    expect((await explain(who, monday('09:30'))).isOffered).toBe(false);
    publish(icsOf());
    expect((await sync(body.id)).body).toMatchObject({ state: 'fresh' });
    expect((await explain(who, monday('09:30'))).isOffered).toBe(true);
  });

  it('whose access no secret of ours opens any more is revoked', async () => {
    const who = await buildPractitioner(practice);
    publish(icsOf(monday('09:30')));
    const { body } = await connect(who);
    await practice.sql.query('update calendar set access = reverse(access) where id = $1', [body.id]);
    later(1);
    const answer = await sync(body.id);
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { state: 'revoked', failure: { code: 'CALENDAR.ACCESS_REFUSED' } },
    ]);
  });

  it('connected under an older secret is read under the one that follows, and after that one alone', async () => {
    const older = await startPractice(now.toISOString(), { settings });
    const who = await buildPractitioner(older);
    publish(icsOf());
    const asked = { practitionerId: who.practitionerId, kind: 'ics', name: 'Roster', url: `${web.url}/roster.ics` };
    const { body } = await (await older.as({ roles: ['secretary'] }))('POST', '/api/calendars', asked);
    const { databaseUrl } = older;
    const sealed = async (of: Practice) =>
      (await of.sql.query('select access from calendar where id = $1', [body.id])).rows[0].access as string;
    const before = await sealed(older);
    await older.stop();
    const [first, second] = ['a secret for tests of forty characters..', 'another of the same length, for tomorrow'];
    const changes: Config['CALENDAR_SECRET'][] = [[second, first], [second]];
    for (const CALENDAR_SECRET of changes) {
      const practice = await startPractice(now.toISOString(), {
        settings: { ...settings, DATABASE_URL: databaseUrl, CALENDAR_SECRET },
      });
      await until(async () => (await sealed(practice)) !== before);
      const reading = (await practice.as({ roles: ['secretary'] }))('POST', `/api/calendars/${body.id}/sync`);
      expect((await reading).body.state).toBe('fresh');
      await practice.stop();
    }
  });

  it('waits as long as the other side asks, and tries again when that is short', async () => {
    const who = await buildPractitioner(practice);
    publish(icsOf());
    const { body } = await connect(who);
    const before = web.asked.length;
    web.answer = (_, response) => {
      publish(icsOf(monday('09:30')));
      response.writeHead(503, { 'retry-after': '1' }).end();
    };
    const began = performance.now();
    expect((await sync(body.id)).body.state).toBe('fresh');
    expect([web.asked.length - before, performance.now() - began >= 1_000]).toEqual([2, true]);
    refuse(429, { 'retry-after': '90000' });
    expect((await sync(body.id)).body.failure.code).toBe('CALENDAR.RATE_LIMITED');
    expect(web.asked.length - before).toBe(3);
    const { rows } = await practice.sql.query('select next_sync_at from calendar where id = $1', [body.id]);
    expect(rows[0].next_sync_at.getTime() - now.getTime()).toBe(86_400_000);
  });

  it('counts what could not be read of it, and takes the rest', async () => {
    const who = await buildPractitioner(practice);
    publish(icsOf(monday('09:00'), monday('09:30')).replace(/DTSTART:\w+/, 'DTSTART:soon'));
    const { body } = await connect(who);
    expect(body).toMatchObject({ state: 'fresh', problems: [{ code: 'CALENDAR.EVENT_UNREADABLE', count: 1 }] });
    expect((await explain(who, monday('09:30'))).isOffered).toBe(false);
  });
});

const hourly = icsOf(...Array<string>(8).fill(monday('09:00'))).replaceAll(
  'DURATION:PT30M',
  'DURATION:PT1S\r\nRRULE:FREQ=HOURLY',
);
function pour(response: import('node:http').ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/calendar' });
  const chunk = 'X'.repeat(1024 * 1024);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

describe('a calendar that takes longer to answer than anybody waits', () => {
  it('is not kept while nobody knows whether it opens', async () => {
    const hasty = await startPractice(now.toISOString(), { settings, calendarTimeouts: { checkMs: 50, readMs: 50 } });
    onTestFinished(() => hasty.stop());
    const who = await buildPractitioner(hasty);
    web.answer = () => {};
    const refused = await connect(who, {}, await hasty.as({ roles: ['secretary'] }));
    expect([refused.status, refused.body.fields]).toMatchObject([422, [{ path: 'url', code: 'CALENDAR.TIMED_OUT' }]]);
    expect((await hasty.sql.query('select from calendar')).rowCount).toBe(0);
  });

  it('is connected once it was opened, and read on', async () => {
    const hasty = await startPractice(now.toISOString(), {
      settings,
      calendarTimeouts: { checkMs: 90_000, readMs: 50 },
    });
    onTestFinished(() => hasty.stop());
    const who = await buildPractitioner(hasty);
    const [asked, letGo] = [web.asked.length, Promise.withResolvers<void>()];
    web.answer = async (_, response) => {
      // It opens at once; what it holds takes its time.
      if (web.asked.length - asked > 1) await letGo.promise;
      response.writeHead(200, { 'content-type': 'text/calendar' }).end(icsOf(monday('09:30')));
    };
    const as = await hasty.as({ roles: ['secretary'] });
    const connected = await connect(who, {}, as);
    expect([connected.status, connected.body.syncedAt]).toEqual([201, undefined]);
    letGo.resolve();
    const path = `/api/calendars/${connected.body.id}`;
    await until(async () => (await as('GET', path)).body.syncedAt !== undefined);
    expect((await hasty.sql.query('select from calendar')).rowCount).toBe(1);
  });
});

describe('a process that stops', () => {
  it('leaves calendars that are due to others, and ends', async () => {
    const brief = await startPractice(now.toISOString(), {
      settings: { CALENDAR_PRIVATE_HOSTS: [web.host], CALENDAR_TIMEOUT_SECONDS: 100, CALENDAR_POLL_SECONDS: 86_400 },
    });
    publish(icsOf(monday('09:30')));
    const { practitionerId } = await buildPractitioner(brief);
    const wanted = { practitionerId, kind: 'ics', name: 'Roster', url: `${web.url}/due.ics` };
    expect((await (await brief.as({ roles: ['secretary'] }))('POST', '/api/calendars', wanted)).status).toBe(201);
    const reached = Promise.withResolvers<void>();
    web.answer = () => reached.resolve();
    await brief.sql.query('update calendar set next_sync_at = to_timestamp(0)');
    await reached.promise;
    await brief.stop();
    const sql = new pg.Pool({ connectionString: brief.databaseUrl });
    onTestFinished(() => sql.end());
    const { rows } = await sql.query('select claim, failure, being_read from calendar');
    expect(rows).toEqual([{ claim: null, failure: null, being_read: false }]);
  });
});

describe('connecting a calendar', () => {
  it.each<[string, object, string[]]>([
    ['a private address', { url: 'http://10.0.0.7/a.ics' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['loopback', { url: 'http://127.0.0.1:1/a.ics' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['loopback by another spelling', { url: 'http://2130706433/a.ics' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['loopback by name', { url: 'http://localhost:1/a.ics' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['loopback in IPv6', { url: 'http://[::1]/a.ics' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['a mapped address', { url: 'http://[::ffff:127.0.0.1]/a.ics' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['a link-local address', { url: 'http://[fe80::1]/a.ics' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['the metadata of a cloud', { url: 'http://169.254.169.254/' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['a file', { url: 'file:///etc/passwd' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['no address', { url: 'calendar' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['a password in the address', { url: 'http://a:b@calendar.example/' }, ['url', 'CALENDAR.ADDRESS_REFUSED']],
    ['a zone that is none', { zone: 'Europe/Nowhere' }, ['zone', 'UNKNOWN_ZONE']],
    ['a feed to be written to', { writes: true }, ['writes', 'CALENDAR.NOT_WRITABLE']],
    ['CalDAV without credentials', { kind: 'caldav', username: 'b' }, ['password', 'REQUIRED']],
    ['a field that is none', { policy: 'perhaps' }, ['policy', 'INVALID']],
  ])('is refused for %s, and leaves nothing behind', async (_, more, [path, code]) => {
    publish(icsOf());
    const who = await buildPractitioner(practice);
    const { status, body } = await connect(who, more);
    expect([status, body.fields]).toMatchObject([422, [{ path, code }]]);
    expect((await secretary('GET', `/api/calendars?practitionerId=${who.practitionerId}`)).body.items).toEqual([]);
  });

  it('is refused for a page that is gone, at once', async () => {
    refuse(404);
    const { status, body } = await connect(await buildPractitioner(practice));
    expect([status, body.code, body.fields]).toMatchObject([
      422,
      'CALENDAR.NOT_USABLE',
      [{ code: 'CALENDAR.NOT_FOUND' }],
    ]);
  });

  it('is for the practitioner concerned and the practice', async () => {
    publish(icsOf());
    const who = await buildPractitioner(practice);
    const own = await practice.as({ roles: ['practitioner'], practitionerId: who.practitionerId });
    const other = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const patient = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const { status, body } = await connect(who, {}, own);
    expect(status).toBe(201);
    const ofPractitioner = async (someone: Caller) => [
      await connect(who, {}, someone),
      await someone('GET', `/api/calendars?practitionerId=${who.practitionerId}`),
      await someone('GET', `/api/calendars/conflicts?practitionerId=${who.practitionerId}`),
    ];
    const ofCalendar = async (someone: Caller, id: string) => [
      await someone('GET', `/api/calendars/${id}`),
      await someone('PUT', `/api/calendars/${id}`, { name: 'Mine' }, { 'if-match': '"v9"' }),
      await someone('PUT', `/api/calendars/${id}/access`, { url: web.url }),
      await someone('POST', `/api/calendars/${id}/sync`),
      await someone('DELETE', `/api/calendars/${id}`),
    ];
    const codes = (answers: Awaited<ReturnType<typeof ofCalendar>>) =>
      new Set(answers.map((each) => `${each.status} ${each.body.code}`));
    expect(codes(await ofPractitioner(other))).toEqual(new Set(['403 ACCESS.NOT_YOUR_CALENDARS']));
    // Whether there is one, nobody else learns.
    for (const id of [body.id, randomUUID()]) {
      expect(codes(await ofCalendar(other, id))).toEqual(new Set(['404 CALENDAR.NOT_FOUND']));
    }
    const refused = [...(await ofPractitioner(patient)), ...(await ofCalendar(patient, body.id))];
    expect(codes(refused)).toEqual(new Set(['403 ACCESS.ROLE_NOT_ALLOWED']));
  });

  it('tells an admin nothing of visits, neither by conflicts nor by having them written', async () => {
    publish(icsOf(monday('09:30')));
    const who = await buildPractitioner(practice);
    const admin = await practice.as({ roles: ['admin'] });
    const both = await practice.as({ roles: ['admin', 'practitioner'], practitionerId: randomUUID() });
    const { status, body } = await connect(who, {}, admin);
    expect([status, body.state]).toEqual([201, 'fresh']);
    for (const someone of [admin, both]) {
      const { practitionerId } = who;
      const answers = [
        await someone('GET', `/api/calendars/conflicts?practitionerId=${practitionerId}`),
        await someone('PUT', `/api/calendars/feeds/${practitionerId}`),
        await connect(who, { kind: 'caldav', username: 'b', password: 'b', writes: true }, someone),
        await someone('PUT', `/api/calendars/${body.id}`, { showsPatients: true }, { 'if-match': '"v1"' }),
      ];
      expect(answers.map((each) => each.status)).toEqual([403, 403, 403, 403]);
    }
    expect((await admin('DELETE', `/api/calendars/feeds/${who.practitionerId}`)).status).toBe(204);
  });

  it('can be changed, connected anew and ended', async () => {
    publish(icsOf(monday('09:30')));
    const who = await buildPractitioner(practice);
    const { body } = await connect(who);
    const path = `/api/calendars/${body.id}`;
    expect((await secretary('PUT', path, { name: 'Ward' })).status).toBe(428);
    expect((await secretary('PUT', path, { name: 'Ward' }, { 'if-match': '"v7"' })).status).toBe(412);
    const changed = await secretary('PUT', path, { name: 'Ward', policy: 'hide' }, { 'if-match': '"v1"' });
    expect([changed.status, changed.body]).toMatchObject([200, { name: 'Ward', policy: 'hide', version: 2 }]);
    refuse(401);
    expect((await sync(body.id)).body.state).toBe('revoked');
    const refused = await secretary('PUT', `${path}/access`, { url: `${web.url}/other.ics` });
    expect([refused.status, refused.body.fields[0].code]).toEqual([422, 'CALENDAR.ACCESS_REFUSED']);
    publish(icsOf(monday('10:00')));
    expect((await secretary('PUT', `${path}/access`, { url: `${web.url}/other.ics` })).body.state).toBe('fresh');
    expect((await explain(who, monday('09:30'))).isOffered).toBe(true);
    expect((await secretary('DELETE', path)).status).toBe(204);
    expect((await secretary('GET', path)).body.code).toBe('CALENDAR.NOT_FOUND');
    expect((await explain(who, monday('10:00'))).isOffered).toBe(true);
  });
});

describe('a calendar that could not be read lately', () => {
  const stale = 31;

  const connectWith = async (policy: string) => {
    publish(icsOf(monday('09:30')));
    const who = await buildPractitioner(practice);
    const { body } = await connect(who, { policy });
    refuse(500);
    later(stale);
    expect((await sync(body.id)).body.state).toBe('failing');
    return { who, id: body.id as string };
  };

  it('hides all slots, and says why', async () => {
    const { who } = await connectWith('hide');
    expect(await slots(who)).toEqual([]);
    const { reasons } = await explain(who, monday('10:00'));
    expect(reasons).toEqual([
      {
        code: 'APPOINTMENT.CALENDAR_STALE',
        message: 'is not known to be free: an external calendar could not be read lately',
      },
    ]);
    expect((await book(who, monday('10:00'))).body.code).toBe('APPOINTMENT.CALENDAR_STALE');
  });

  it('is stale also when nobody tried, and shows since when', async () => {
    publish(icsOf());
    const who = await buildPractitioner(practice);
    const { body } = await connect(who, { policy: 'hide' });
    later(stale);
    const { body: shown } = await secretary('GET', `/api/calendars/${body.id}`);
    expect(shown).toMatchObject({ state: 'stale', since: '2026-11-20T11:30:00+01:00' });
    expect(await slots(who)).toEqual([]);
  });

  it('marks slots, and books them all the same', async () => {
    const { who } = await connectWith('warn');
    const found = await slots(who);
    expect(new Set(found.map(({ doubt }) => doubt))).toEqual(new Set(['warn']));
    expect(found.map(({ start }) => start)).not.toContain(monday('09:30'));
    expect((await book(who, monday('10:00'))).body.status).toBe('booked');
  });

  it('lets book as pending, and decides when it can be read', async () => {
    const { who, id } = await connectWith('tentative');
    expect((await slots(who))[0]?.doubt).toBe('tentative');
    const [free, taken] = [await book(who, monday('10:00')), await book(who, monday('11:00'))];
    for (const { status, body } of [free, taken]) {
      expect([status, body]).toMatchObject([201, { status: 'pending', calendarCheck: 'awaited' }]);
    }
    publish(icsOf(monday('11:00')));
    await sync(id);
    const read = async (appointmentId: string) => (await secretary('GET', `/api/appointments/${appointmentId}`)).body;
    expect(await read(free.body.id)).toMatchObject({ status: 'booked' });
    expect((await read(free.body.id)).calendarCheck).toBeUndefined();
    expect(await read(taken.body.id)).toMatchObject({ status: 'pending', calendarCheck: 'conflicting' });
    const conflicts = await secretary('GET', `/api/calendars/conflicts?practitionerId=${who.practitionerId}`);
    expect(conflicts.body.items.map((each: { appointmentId: string }) => each.appointmentId)).toEqual([taken.body.id]);
    const told = () =>
      practice.published.map(({ type, data }) => [type, (data as { appointmentId: string }).appointmentId]);
    await until(() => told().some(([, appointmentId]) => appointmentId === free.body.id));
    expect(told()).toContainEqual(['appointment.booked', free.body.id]);
    expect(told().filter(([, appointmentId]) => appointmentId === taken.body.id)).toEqual([]);
    const confirmed = await secretary('POST', `/api/appointments/${taken.body.id}/confirm`);
    expect([confirmed.status, confirmed.body.status, confirmed.body.calendarCheck]).toEqual([200, 'booked', undefined]);
  });

  it('lets nothing wait for it that was booked as pending once it is disconnected', async () => {
    const { who, id } = await connectWith('tentative');
    const { body } = await book(who, monday('10:00'));
    expect(body).toMatchObject({ status: 'pending', calendarCheck: 'awaited' });
    expect((await secretary('DELETE', `/api/calendars/${id}`)).status).toBe(204);
    const settled = (await secretary('GET', `/api/appointments/${body.id}`)).body;
    expect([settled.status, settled.calendarCheck]).toEqual(['booked', undefined]);
  });

  it('waits with every occurrence of a series as with a single one', async () => {
    const { who, id } = await connectWith('tentative');
    const { practitionerId, typeId: appointmentTypeId, placeId } = who;
    const hours = [{ placeId, daysOfWeek: ['mon', 'tue'], startTime: '09:00', endTime: '12:00' }];
    const rules = [{ appointmentTypeId, needsConfirmation: true }];
    await secretary('PUT', `/api/schedules/${practitionerId}`, { hours, rules }, { 'if-match': '"v1"' });
    const series = async (start: string, as: Caller, patientId: string) => {
      const body = { patientId, practitionerId, appointmentTypeId, start, rule: 'FREQ=DAILY;COUNT=2' };
      return (await as('POST', '/api/appointments/series', body)).body.appointments as { id: string }[];
    };
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const byStaff = await series(monday('10:00'), secretary, randomUUID());
    const byPatient = await series(monday('11:00'), alice, patientId);
    expect([...byStaff, ...byPatient]).toMatchObject(Array(4).fill({ status: 'pending' }));
    publish(icsOf(monday('10:00')));
    await sync(id);
    const read = async (each: { id: string }) => (await secretary('GET', `/api/appointments/${each.id}`)).body;
    const [first, second] = await Promise.all(byStaff.map(read));
    expect(first).toMatchObject({ status: 'pending', calendarCheck: 'conflicting' });
    expect(second).toMatchObject({ status: 'booked' });
    for (const each of await Promise.all(byPatient.map(read))) {
      expect(each).toMatchObject({ status: 'pending' });
      expect(each).not.toHaveProperty('calendarCheck');
    }
  });

  it('has the doubt of the new time, and not that of the old one, when many move', async () => {
    const { who, id } = await connectWith('tentative');
    const { practitionerId, typeId: appointmentTypeId } = who;
    const wanted = { patientId: randomUUID(), practitionerId, appointmentTypeId, rule: 'FREQ=DAILY;COUNT=2' };
    const series = await secretary('POST', '/api/appointments/series', { ...wanted, start: monday('10:00') });
    expect(series.body.appointments).toMatchObject(Array(2).fill({ status: 'pending', calendarCheck: 'awaited' }));
    publish(icsOf());
    await sync(id);
    const [first] = series.body.appointments;
    const read = async () => (await secretary('GET', `/api/appointments/${first.id}`)).body;
    expect(await read()).toMatchObject({ status: 'booked' });
    later(stale + 40);
    const moved = await secretary('POST', `/api/appointments/${first.id}/move-following`, { start: monday('11:00') });
    expect(moved.body.appointments).toMatchObject(Array(2).fill({ status: 'booked', calendarCheck: 'awaited' }));
    expect(await read()).toMatchObject({ status: 'booked', calendarCheck: 'awaited' });
    publish(icsOf());
    await sync(id);
    expect(await read()).not.toHaveProperty('calendarCheck');
  });

  it('leaves a hold to whoever has it, and its confirmation pending', async () => {
    const { who, id } = await connectWith('tentative');
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const { practitionerId, typeId: appointmentTypeId } = who;
    const held = await alice('POST', '/api/appointments/holds', {
      patientId,
      practitionerId,
      appointmentTypeId,
      start: monday('10:00'),
    });
    expect(held.body).toMatchObject({ status: 'pending' });
    const confirmed = await alice('POST', `/api/appointments/${held.body.id}/confirm`);
    expect(confirmed.body).toMatchObject({ status: 'pending' });
    expect(confirmed.body.heldUntil).toBeUndefined();
    publish(icsOf());
    await sync(id);
    expect((await alice('GET', `/api/appointments/${held.body.id}`)).body.status).toBe('booked');
  });

  it('says nothing of times beyond those laid out', async () => {
    publish(icsOf());
    const who = await buildPractitioner(practice);
    await connect(who, { policy: 'hide' });
    const { reasons } = await explain(who, '2028-01-10T10:00:00+01:00');
    expect(reasons.map((each: { code: string }) => each.code)).toEqual(['APPOINTMENT.CALENDAR_STALE']);
  });
});
