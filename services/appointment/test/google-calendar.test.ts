import { randomUUID } from 'node:crypto';
import { openDatabase } from '@cabinet/postgres/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { FakeGoogle, rateLimited } from '../../../tests/support/google.ts';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { AppointmentSchema } from '../src/data/booking/appointment.schema.js';
import { PostgresCalendars } from '../src/data/calendars/store/postgres-calendars.js';
import { PostgresPrivateFeeds } from '../src/data/calendars/store/postgres-private-feeds.js';
import { Seal } from '../src/data/sealed.js';
import { EndCalendars } from '../src/domain/calendars/end-calendars.js';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let google: FakeGoogle;
let practice: Practice;
let secretary: Caller;
const secretaryId = randomUUID();

const now = new Date('2026-11-20T10:00:00Z');
const later = (minutes: number) => practice.clock.set(new Date(now.getTime() + minutes * 60_000));
const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const at = (from: string, until: string) => ({ start: { dateTime: monday(from) }, end: { dateTime: monday(until) } });

beforeAll(async () => {
  google = new FakeGoogle();
  await google.start();
  practice = await startPractice(now.toISOString(), {
    settings: {
      CALENDAR_POLL_SECONDS: 86_400,
      PUBLIC_URL: 'https://practice.example',
      GOOGLE_CLIENT_ID: google.clientId,
      GOOGLE_CLIENT_SECRET: google.clientSecret,
      GOOGLE_API_URL: `${google.url}/calendar/v3`,
      GOOGLE_TOKEN_URL: `${google.url}/token`,
      GOOGLE_SIGN_IN_URL: `${google.url}/auth`,
    },
  });
  secretary = await practice.as({ sub: secretaryId, roles: ['secretary'] });
});
beforeEach(() => {
  google.events.clear();
  practice.clock.set(now);
});
afterAll(async () => {
  await practice?.stop();
  await google?.stop();
});

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const begin = async ({ practitionerId }: Practitioner, more: object = {}, as = secretary) =>
  as('POST', '/api/calendars/google/authorization', { practitionerId, name: 'Google', ...more });
const finish = (answer: object, as = secretary) => as('POST', '/api/calendars/google', answer);

async function connected(more: object = {}) {
  const who = await buildPractitioner(practice);
  const begun = await begin(who, more);
  const { status, body } = await finish(google.consent(begun.body.url));
  expect([status, body]).toMatchObject([201, { kind: 'google', state: 'fresh' }]);
  return { ...who, id: body.id as string };
}

type Connected = Awaited<ReturnType<typeof connected>>;

const sync = async (id: string) => (await secretary('POST', `/api/calendars/${id}/sync`)).body;
const stateOf = async (id: string) => (await secretary('GET', `/api/calendars/${id}`)).body;
const offered = async ({ practitionerId, typeId }: Connected) => {
  const range = { from: monday('00:00'), to: monday('23:00') };
  const query = new URLSearchParams({ practitionerId, appointmentTypeId: typeId, ...range });
  const { body } = await secretary('GET', `/api/slots?${query}`);
  return body.items.map(({ start }: { start: string }) => start.slice(11, 16)) as string[];
};
const morning = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'];
const afternoon = ['14:00', '14:30', '15:00', '15:30', '16:00', '16:30'];
const allBut = (...times: string[]) => [...morning, ...afternoon].filter((time) => !times.includes(time));
const book = async ({ practitionerId, typeId }: Connected, start: string) => {
  const request = { patientId: randomUUID(), practitionerId, appointmentTypeId: typeId, start };
  const { status, body } = await secretary('POST', '/api/appointments', request);
  expect(status).toBe(201);
  return body;
};
const isWritten = (id: string) => until(async () => (await stateOf(id)).unwritten === 0);
const idAtGoogle = (id: string) => id.replaceAll('-', '');

describe('connecting a calendar at Google', () => {
  it('asks the person there, and keeps no token in the clear', async () => {
    const who = await connected();
    const { body } = await secretary('GET', `/api/calendars?practitionerId=${who.practitionerId}`);
    expect(body.items).toMatchObject([{ id: who.id, host: new URL(google.url).host }]);
    const tables = ['calendar', 'calendar_authorization', 'calendar_channel'];
    const stored = await Promise.all(
      tables.map(async (table) => (await practice.sql.query(`select * from ${table}`)).rows),
    );
    expect(JSON.stringify(stored)).not.toMatch(/refresh-|access-/);
  });

  it('refuses a state that is forged, used, of somebody else, or too old, and a code that is none', async () => {
    const who = await buildPractitioner(practice);
    const answer = async () => google.consent((await begin(who)).body.url);
    const other = await practice.as({ roles: ['secretary'] });
    const used = await answer();
    await finish(used);
    const old = await answer();
    later(11);
    const tooOld = await finish(old);
    practice.clock.set(now);
    const answers = [
      await finish({ ...(await answer()), state: 'forged' }),
      await finish(used),
      await finish(await answer(), other),
      tooOld,
    ];
    for (const { status, body } of answers) {
      expect([status, body.code, body.fields[0].path]).toEqual([422, 'CALENDAR.STATE_INVALID', 'state']);
    }
    const { status, body } = await finish({ ...(await answer()), code: 'guess' });
    expect([status, body.fields[0].path]).toEqual([422, 'code']);
  });

  it('keeps what was begun as long as it may be ended, and no longer', async () => {
    const who = await buildPractitioner(practice);
    await practice.sql.query('delete from calendar_authorization');
    const kept = async () => (await practice.sql.query('select from calendar_authorization')).rowCount;
    await begin(who);
    later(9);
    await begin(who);
    expect(await kept()).toBe(2);
    later(10);
    await begin(who);
    expect(await kept()).toBe(2);
  });

  it('is for those who may, and says when the practice is not registered there', async () => {
    const who = await buildPractitioner(practice);
    const other = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    expect((await begin(who, {}, other)).body.code).toBe('ACCESS.NOT_YOUR_CALENDARS');
    const plain = await startPractice(now.toISOString());
    try {
      const theirs = await plain.as({ roles: ['secretary'] });
      const { status, body } = await begin(await buildPractitioner(plain), {}, theirs);
      expect([status, body.code]).toEqual([409, 'CALENDAR.GOOGLE_NOT_CONFIGURED']);
    } finally {
      await plain.stop();
    }
  });
});

describe('a calendar at Google', () => {
  it('takes what is busy over all pages, and follows changes by sync tokens', async () => {
    google.put('busy', at('09:00', '09:30'));
    google.put('free', { ...at('09:30', '10:00'), transparency: 'transparent' });
    google.put('declined', { ...at('10:00', '10:30'), attendees: [{ self: true, responseStatus: 'declined' }] });
    google.put('place', { ...at('10:30', '11:00'), eventType: 'workingLocation' });
    google.put('whole', { start: { date: '2026-11-24' }, end: { date: '2026-11-25' } });
    const who = await connected();
    expect(await offered(who)).toEqual(allBut('09:00'));
    google.put('busy', at('11:00', '11:30'));
    google.remove('whole');
    google.put('new', at('14:00', '14:30'));
    await sync(who.id);
    expect(google.asked.at(-1)).toContain('syncToken');
    expect(await offered(who)).toEqual(allBut('11:00', '14:00'));
  });

  it('is read whole again when the sync token is gone (410)', async () => {
    google.put('one', at('09:00', '09:30'));
    const who = await connected();
    google.events.delete('one');
    google.put('two', at('10:00', '10:30'));
    google.forgetSyncTokens();
    expect((await sync(who.id)).state).toBe('fresh');
    expect(await offered(who)).toEqual(allBut('10:00'));
  });

  it('is asked again with a new token when the old one is not taken (401)', async () => {
    const who = await connected();
    google.endAccessTokens();
    google.put('one', at('09:00', '09:30'));
    expect((await sync(who.id)).state).toBe('fresh');
    expect(await offered(who)).toEqual(allBut('09:00'));
  });

  it('is revoked once the person withdraws, and what it had taken stays taken', async () => {
    google.put('one', at('09:00', '09:30'));
    const who = await connected();
    google.revoke();
    expect(await sync(who.id)).toMatchObject({ state: 'revoked', failure: { code: 'CALENDAR.ACCESS_REFUSED' } });
    expect(await offered(who)).toEqual(allBut('09:00'));
  });

  it('is asked again when it lets us ask no more for a moment (403), and later when that lasts', async () => {
    const who = await connected();
    google.spoiled.push(rateLimited, rateLimited);
    expect((await sync(who.id)).state).toBe('fresh');
    google.spoiled.push(rateLimited, rateLimited, rateLimited);
    expect(await sync(who.id)).toMatchObject({ state: 'failing', failure: { code: 'CALENDAR.RATE_LIMITED' } });
    expect((await sync(who.id)).state).toBe('fresh');
  });

  it('is read as soon as Google says that it changed, and only when that is proved', async () => {
    const who = await connected();
    const channel = google.channels.at(-1);
    expect(channel?.address).toBe('https://practice.example/api/calendars/google/notifications');
    google.put('one', at('09:00', '09:30'));
    const tell = (headers: Record<string, string>) =>
      caller(practice.base, headers)('POST', '/api/calendars/google/notifications');
    const proved = { 'x-goog-channel-id': channel?.id ?? '', 'x-goog-channel-token': channel?.token ?? '' };
    const refused = await Promise.all([
      tell({}),
      tell({ ...proved, 'x-goog-channel-token': 'guess' }),
      tell({ ...proved, 'x-goog-channel-id': randomUUID() }),
      tell({ ...proved, 'x-goog-channel-id': "'; drop table calendar" }),
    ]);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [403, 'CALENDAR.NOTIFICATION_REFUSED']),
    );
    expect(await offered(who)).toEqual(allBut());
    expect((await tell(proved)).status).toBe(204);
    await expect.poll(() => offered(who)).toEqual(allBut('09:00'));
  });
});

describe('a practitioner who leaves', () => {
  it('takes their calendars along: read and told of no more, nothing that opens them kept, and no private address', async () => {
    const [who, other] = [await connected({ writes: true }), await connected()];
    const channels = google.channels.slice(-2);
    const feedOf = async ({ practitionerId }: Practitioner) => {
      const { body } = await secretary('PUT', `/api/calendars/feeds/${practitionerId}`);
      return new URL(body.url).pathname;
    };
    const feeds = [await feedOf(who), await feedOf(other)];
    await book(who, monday('09:00'));
    await isWritten(who.id);

    const orm = openDatabase({ url: practice.databaseUrl, entities: [AppointmentSchema], migrations: [] });
    onTestFinished(() => orm.close());
    const seal = new Seal(['a secret for tests of forty characters..'], 'calendars');
    const ending = new EndCalendars(new PostgresCalendars(orm, seal), new PostgresPrivateFeeds(orm));
    for (const _ of ['once', 'twice']) await ending.endCalendarsOf(who.practitionerId);

    const answers = async (ask: (nth: number) => Promise<{ status: number }>) =>
      (await Promise.all([ask(0), ask(1)])).map(({ status }) => status);
    expect(await answers((nth) => secretary('GET', `/api/calendars/${[who, other][nth]?.id}`))).toEqual([404, 200]);
    expect(await answers((nth) => caller(practice.base)('GET', feeds[nth] ?? ''))).toEqual([404, 200]);
    const told = (nth: number) => {
      const { id = '', token = '' } = channels[nth] ?? {};
      const proof = { 'x-goog-channel-id': id, 'x-goog-channel-token': token };
      return caller(practice.base, proof)('POST', '/api/calendars/google/notifications');
    };
    expect(await answers(told)).toEqual([403, 204]);
    const { rows } = await practice.sql.query('select 1 from calendar_entry where calendar_id = $1', [who.id]);
    expect(rows).toEqual([]);
  });
});

describe('a calendar at Google that is written to', () => {
  it('has each appointment once, and follows when it is moved and cancelled', async () => {
    const who = await connected({ writes: true });
    const { id } = await book(who, monday('09:00'));
    await isWritten(who.id);
    expect([...google.events.values()]).toMatchObject([
      {
        id: idAtGoogle(id),
        status: 'confirmed',
        summary: 'Consultation',
        start: { dateTime: '2026-11-23T08:00:00.000Z' },
      },
    ]);
    await sync(who.id);
    expect((await practice.sql.query('select from calendar_busy where calendar_id = $1', [who.id])).rows).toHaveLength(
      0,
    );
    await secretary('POST', `/api/appointments/${id}/move`, { start: monday('10:00') });
    await isWritten(who.id);
    expect([...google.events.values()]).toMatchObject([{ start: { dateTime: '2026-11-23T09:00:00.000Z' } }]);
    await secretary('POST', `/api/appointments/${id}/cancel`, { reason: 'x' });
    await isWritten(who.id);
    expect([...google.events.values()]).toMatchObject([{ id: idAtGoogle(id), status: 'cancelled' }]);
  });

  it('doubles nothing when the answer to a writing is lost (409), and overwrites what was changed there (412)', async () => {
    const who = await connected({ writes: true });
    google.spoiled.push({ status: 503, isDone: true });
    const { id } = await book(who, monday('09:00'));
    await isWritten(who.id);
    expect(google.events.size).toBe(1);
    google.put(idAtGoogle(id), at('11:00', '11:30'));
    await secretary('POST', `/api/appointments/${id}/move`, { start: monday('10:00') });
    await isWritten(who.id);
    expect([...google.events.values()]).toMatchObject([{ start: { dateTime: '2026-11-23T09:00:00.000Z' } }]);
  });
});
