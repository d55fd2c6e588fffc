import { randomUUID } from 'node:crypto';
import { createServer, connect as dial, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { type RadicaleServer, startRadicale } from '../../../tests/support/radicale.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';
import { icsOf } from './web-server.ts';

let radicale: RadicaleServer;
let practice: Practice;
let secretary: Caller;
/** A way to the server that the test can make slow, or cut. */
let detour: Detour;

const now = new Date('2026-11-20T10:00:00Z');
const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

beforeAll(async () => {
  radicale = await startRadicale();
  detour = await startDetour(Number(radicale.host.split(':')[1]));
  practice = await startPractice(now.toISOString(), { settings: settings() });
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(async () => {
  await practice?.stop();
  await detour?.stop();
  await radicale?.stop();
});

beforeEach(() => practice.clock.set(now));

const settings = () => ({
  CALENDAR_PRIVATE_HOSTS: ['127.0.0.1'],
  CALENDAR_TIMEOUT_SECONDS: 2,
  CALENDAR_POLL_SECONDS: 86_400,
});

interface Detour {
  host: string;
  /** Bytes are held back while it is true. */
  isHeld: boolean;
  stop(): Promise<void>;
}

async function startDetour(port: number): Promise<Detour> {
  const sockets = new Set<import('node:net').Socket>();
  const server: Server = createServer((socket) => {
    const onward = dial(port, '127.0.0.1');
    for (const each of [socket, onward]) sockets.add(each.on('error', () => undefined));
    socket.pipe(onward);
    let passed = Promise.resolve();
    const pass = (act: () => void) => {
      passed = passed.then(() => until(() => !way.isHeld || socket.destroyed)).then(act);
    };
    onward.on('data', (bytes) => pass(() => socket.write(bytes)));
    onward.on('close', () => pass(() => socket.end()));
    socket.on('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const way: Detour = {
    host: `127.0.0.1:${(server.address() as import('node:net').AddressInfo).port}`,
    isHeld: false,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return way;
}

async function connected(more: object = {}, at = radicale.host) {
  const who = await buildPractitioner(practice);
  const name = randomUUID();
  await radicale.makeCalendar(name);
  const url = `http://${at}/${radicale.username}/${name}/`;
  const { username, password } = radicale;
  const answer = await secretary('POST', '/api/calendars', {
    practitionerId: who.practitionerId,
    kind: 'caldav',
    name: 'Own calendar',
    url,
    username,
    password,
    ...more,
  });
  expect([answer.status, answer.body.state]).toEqual([201, 'fresh']);
  const path = `/${radicale.username}/${name}/`;
  return {
    ...who,
    id: answer.body.id as string,
    path,
    put: (object: string, text: string) =>
      radicale.ask('PUT', `${path}${object}.ics`, text.replace(/UID:.*@example/, `UID:${object}@example`)),
    delete: (object: string) => radicale.ask('DELETE', `${path}${object}.ics`),
    read: async (object: string) => (await radicale.ask('GET', `${path}${object}.ics`)).body as string,
    objects: async () =>
      [...(await radicale.ask('PROPFIND', path, undefined, { depth: '1' })).body.matchAll(/([\w-]+)\.ics</g)].map(
        ([, object]) => object as string,
      ),
  };
}

type Connected = Awaited<ReturnType<typeof connected>>;

const sync = async (id: string, as = secretary) => (await as('POST', `/api/calendars/${id}/sync`)).body;
const stateOf = async (id: string) => (await secretary('GET', `/api/calendars/${id}`)).body;
const isOffered = async ({ practitionerId, typeId: appointmentTypeId }: Connected, at: string) =>
  (await secretary('GET', `/api/slots/explain?${new URLSearchParams({ practitionerId, appointmentTypeId, at })}`)).body
    .isOffered;
const book = async ({ practitionerId, typeId }: Connected, start: string, patientId = randomUUID()) => {
  const request = { patientId, practitionerId, appointmentTypeId: typeId, start };
  const { status, body } = await secretary('POST', '/api/appointments', request);
  expect(status).toBe(201);
  return body;
};
const post = (id: string, action: string, body: object) => secretary('POST', `/api/appointments/${id}/${action}`, body);
/** Time goes on while writing fails, so that what is put off comes again. */
const isWritten = (id: string, others: Practice[] = []) =>
  until(async () => {
    const { unwritten, failure } = await stateOf(id);
    if (failure) for (const { clock } of [practice, ...others]) clock.advanceBy(60_000);
    return unwritten === 0;
  });
/** What was put off for a while is due. */
const later = (minutes: number) => practice.clock.set(new Date(now.getTime() + minutes * 60_000));
const deliver = async (type: string, data: object) => {
  const event = { id: randomUUID(), source: 'patient', type, data };
  expect((await practice.hear('patient', event)).status).toBe(200);
};
const lines = (text: string) => text.split(/\r?\n/);

describe('a CalDAV calendar', () => {
  it('takes times by its sync tokens: what was added, changed and removed', async () => {
    const who = await connected();
    await who.put('a', icsOf(monday('09:00')));
    await who.put('b', icsOf(monday('10:00')));
    await sync(who.id);
    expect(await Promise.all(['09:00', '09:30', '10:00'].map((time) => isOffered(who, monday(time))))).toEqual([
      false,
      true,
      false,
    ]);
    await who.put('a', icsOf(monday('09:30')));
    await who.delete('b');
    await sync(who.id);
    expect(await Promise.all(['09:00', '09:30', '10:00'].map((time) => isOffered(who, monday(time))))).toEqual([
      true,
      false,
      true,
    ]);
    const { rows } = await practice.sql.query('select bookmark from calendar where id = $1', [who.id]);
    expect(rows[0].bookmark.token).toBeTruthy();
  });

  it('is read by whoever connects it, however soon another process looks for what is due', async () => {
    await practice.sql.query(`
      create function take_what_is_due() returns trigger language plpgsql as $$ begin
        if new.next_sync_at <= new.created_at then
          new.claim := gen_random_uuid(); new.claimed_until := new.created_at + interval '1 minute';
        end if;
        return new;
      end $$;
      create trigger at_once before insert on calendar for each row execute function take_what_is_due()`);
    onTestFinished(() => practice.sql.query('drop function take_what_is_due cascade').then(() => undefined));
    await connected();
  });

  it('is read whole again when the server no longer knows the token', async () => {
    const who = await connected();
    await who.put('a', icsOf(monday('09:00')));
    await sync(who.id);
    await practice.sql.query(
      `update calendar set bookmark = '{"token": "http://radicale.org/ns/sync/0000000000000000000000000000000000000000000000000000000000000000"}' where id = $1`,
      [who.id],
    );
    await who.delete('a');
    await who.put('b', icsOf(monday('10:00')));
    expect((await sync(who.id)).state).toBe('fresh');
    expect([await isOffered(who, monday('09:00')), await isOffered(who, monday('10:00'))]).toEqual([true, false]);
  });

  it('is refused with a wrong password, and at an address that is no calendar, at once', async () => {
    const { practitionerId } = await buildPractitioner(practice);
    const url = await radicale.makeCalendar(randomUUID());
    const { username, password } = radicale;
    const connect = (more: object) =>
      secretary('POST', '/api/calendars', {
        practitionerId,
        kind: 'caldav',
        name: 'x',
        url,
        username,
        password,
        ...more,
      });
    const [wrong, home] = [
      await connect({ password: 'guess' }),
      await connect({ url: `${radicale.url}/${username}/` }),
    ];
    expect([wrong.status, wrong.body.fields]).toMatchObject([
      422,
      [{ path: 'password', code: 'CALENDAR.ACCESS_REFUSED' }],
    ]);
    expect([home.status, home.body.fields]).toMatchObject([422, [{ path: 'url', code: 'CALENDAR.UNREADABLE' }]]);
  });

  it('keeps no credential in the clear', async () => {
    await connected();
    const { rows } = await practice.sql.query('select * from calendar');
    expect(JSON.stringify(rows)).not.toContain(radicale.password);
  });
});

describe('a CalDAV calendar that is written to', () => {
  it('has each appointment once, without the patient, and follows when it is moved and cancelled', async () => {
    const patientId = randomUUID();
    practice.people.names.set(patientId, 'PETIT Claire');
    const who = await connected({ writes: true });
    const { id } = await book(who, monday('09:00'), patientId);
    await isWritten(who.id);
    expect(await who.objects()).toEqual([id]);
    const written = lines(await who.read(id));
    expect(written).toEqual(
      expect.arrayContaining([
        `UID:${id}@appointment.cabinet`,
        'SEQUENCE:0',
        'DTSTART:20261123T080000Z',
        'STATUS:CONFIRMED',
      ]),
    );
    expect(written.join()).not.toContain('PETIT');

    // Read back, it is not in its own way.
    await sync(who.id);
    expect((await practice.sql.query('select from calendar_busy where calendar_id = $1', [who.id])).rows).toHaveLength(
      0,
    );
    expect(
      (await secretary('GET', `/api/calendars/conflicts?practitionerId=${who.practitionerId}`)).body.items,
    ).toEqual([]);
    expect((await post(id, 'move', { start: monday('09:30') })).status).toBe(200);
    await isWritten(who.id);
    expect(await who.objects()).toEqual([id]);
    expect(lines(await who.read(id))).toEqual(expect.arrayContaining(['SEQUENCE:1', 'DTSTART:20261123T083000Z']));

    await post(id, 'cancel', { reason: 'no longer needed' });
    await isWritten(who.id);
    expect(await who.objects()).toEqual([]);
    await sync(who.id);
    expect(await isOffered(who, monday('09:30'))).toBe(true);
  });

  it('has what was booked before it was connected, and the patient when that is wanted', async () => {
    const who = await connected();
    const patientId = randomUUID();
    practice.people.names.set(patientId, 'PETIT Claire');
    const { id } = await book(who, monday('09:00'), patientId);
    const path = `/api/calendars/${who.id}`;
    await secretary('PUT', path, { writes: true, showsPatients: true }, { 'if-match': '"v1"' });
    later(1);
    await until(async () => (await who.objects()).includes(id));
    expect(lines(await who.read(id))).toContain('SUMMARY:PETIT Claire');
  });

  it('has nothing of a patient who was erased, also of what is past, whatever is being written then', async () => {
    const who = await connected({ writes: true, showsPatients: true }, detour.host);
    const patientId = randomUUID();
    practice.people.names.set(patientId, 'PETIT Claire');
    const { id } = await book(who, monday('09:00'), patientId);
    await isWritten(who.id);
    expect(await who.read(id)).toContain('SUMMARY:PETIT Claire');
    practice.clock.set(new Date(monday('12:00')));
    expect((await post(id, 'arrive', {})).status).toBe(200);
    await isWritten(who.id);
    // It has the name, and is not done when she is erased.
    detour.isHeld = true;
    expect((await post(id, 'complete', {})).status).toBe(200);
    await until(async () => (await who.read(id)).includes('SEQUENCE:2'));
    practice.people.names.delete(patientId);
    await deliver('patient.erased', { patientId, version: 2 });
    detour.isHeld = false;
    await until(async () => {
      practice.clock.advanceBy(60_000);
      return !(await who.read(id)).includes('PETIT');
    });
    expect(await who.read(id)).toContain('SUMMARY:Consultation');
  });

  it('has no name of whom the visit is a secret, from when on it is one', async () => {
    const who = await connected({ writes: true, showsPatients: true });
    const patientId = randomUUID();
    practice.people.names.set(patientId, 'PETIT Claire');
    const { id } = await book(who, monday('09:00'), patientId);
    await isWritten(who.id);
    expect(await who.read(id)).toContain('SUMMARY:PETIT Claire');
    expect((await post(id, 'keep-from-guardians', { keptFromGuardians: true })).status).toBe(200);
    await until(async () => !(await who.read(id)).includes('PETIT'));
    expect(await who.read(id)).toContain('SUMMARY:Consultation');
  });

  it('has the name that the patient has after two were merged', async () => {
    const who = await connected({ writes: true, showsPatients: true });
    const [patientId, mergedIntoPatientId] = [randomUUID(), randomUUID()];
    practice.people.names.set(patientId, 'PETIT Claire');
    const { id } = await book(who, monday('09:00'), patientId);
    await isWritten(who.id);
    practice.people.names.set(mergedIntoPatientId, 'PETIT-GRAND Claire');
    await deliver('patient.merged', { patientId, mergedIntoPatientId, version: 2 });
    await until(async () => (await who.read(id)).includes('SUMMARY:PETIT-GRAND Claire'));
  });

  it('shows no hold, and shows what waits for the practice as tentative', async () => {
    const who = await connected({ writes: true });
    const { practitionerId, typeId: appointmentTypeId } = who;
    const request = { patientId: randomUUID(), practitionerId, appointmentTypeId, start: monday('09:00') };
    const held = await secretary('POST', '/api/appointments/holds', request);
    const { id } = await book(who, monday('10:00'));
    await isWritten(who.id);
    expect(await who.objects()).toEqual([id]);
    await post(held.body.id, 'confirm', {});
    await isWritten(who.id);
    expect((await who.objects()).sort()).toEqual([held.body.id, id].sort());
  });

  it('is written over what somebody changed or removed there', async () => {
    const who = await connected({ writes: true });
    const [changed, removed] = [await book(who, monday('09:00')), await book(who, monday('10:00'))];
    await isWritten(who.id);
    await who.put(changed.id, (await who.read(changed.id)).replace('DTSTART:20261123T08', 'DTSTART:20261123T07'));
    await who.delete(removed.id);
    await post(changed.id, 'move', { start: monday('11:00') });
    await post(removed.id, 'move', { start: monday('11:30') });
    await isWritten(who.id);
    expect((await who.objects()).sort()).toEqual([changed.id, removed.id].sort());
    expect(await who.read(changed.id)).toContain('DTSTART:20261123T100000Z');
    expect(await who.read(removed.id)).toContain('DTSTART:20261123T103000Z');
    await who.delete(changed.id);
    await post(changed.id, 'cancel', { reason: 'x' });
    await isWritten(who.id);
    expect(await who.objects()).toEqual([removed.id]);
  });

  it('loses and doubles nothing when an answer is lost, and when two processes write', async () => {
    const who = await connected({ writes: true }, detour.host);
    const other = await startPractice(now.toISOString(), {
      settings: { ...settings(), DATABASE_URL: practice.databaseUrl },
    });
    onTestFinished(() => other.stop());
    detour.isHeld = true;
    const booked = [
      await book(who, monday('09:00')),
      await book(who, monday('10:00')),
      await book(who, monday('11:00')),
    ];
    // It is stored there, and we never hear of it.
    await until(async () => (await stateOf(who.id)).failure?.code !== undefined);
    detour.isHeld = false;
    await isWritten(who.id, [other]);
    expect((await who.objects()).sort()).toEqual(booked.map(({ id }) => id).sort());
    expect((await sync(who.id)).state).toBe('fresh');
  });
});

describe('a CalDAV server in trouble', () => {
  it('is killed: the state says so, nothing is lost, and all is written once it is back', async () => {
    const who = await connected({ writes: true });
    await who.put('a', icsOf(monday('09:00')));
    await sync(who.id);
    await radicale.kill();
    const { id } = await book(who, monday('10:00'));
    expect(await sync(who.id)).toMatchObject({
      state: 'failing',
      failure: { code: 'CALENDAR.UNREACHABLE' },
      unwritten: 1,
    });
    expect(await isOffered(who, monday('09:00'))).toBe(false);
    await radicale.start();
    later(60);
    await until(async () => (await sync(who.id)).state === 'fresh');
    await isWritten(who.id);
    expect((await who.objects()).sort()).toEqual(['a', id].sort());
    expect(await isOffered(who, monday('09:00'))).toBe(false);
  });

  it('answers 401 from one moment to the next: revoked, until it is connected anew', async () => {
    const who = await connected({ writes: true });
    await who.put('a', icsOf(monday('09:00')));
    await sync(who.id);
    await radicale.changePassword('another password of bernard');
    const { id } = await book(who, monday('10:00'));
    expect(await sync(who.id)).toMatchObject({ state: 'revoked', failure: { code: 'CALENDAR.ACCESS_REFUSED' } });
    expect(await isOffered(who, monday('09:00'))).toBe(false);
    const { username, password } = radicale;
    const access = { url: `${radicale.url}${who.path}`, username, password };
    const anew = await secretary('PUT', `/api/calendars/${who.id}/access`, access);
    expect([anew.status, anew.body.state]).toEqual([200, 'fresh']);
    await isWritten(who.id);
    expect((await who.objects()).sort()).toEqual(['a', id].sort());
  });

  it('is slow: it counts as not read, and what it had taken stays taken', async () => {
    const who = await connected({}, detour.host);
    await who.put('a', icsOf(monday('09:00')));
    await sync(who.id);
    detour.isHeld = true;
    expect(await sync(who.id)).toMatchObject({ state: 'failing', failure: { code: 'CALENDAR.TIMED_OUT' } });
    expect(await isOffered(who, monday('09:00'))).toBe(false);
    detour.isHeld = false;
    expect((await sync(who.id)).state).toBe('fresh');
  });
});

describe('several processes', () => {
  it('read each calendar that is due once', async () => {
    const who = await connected();
    const other = await startPractice(now.toISOString(), {
      settings: { ...settings(), DATABASE_URL: practice.databaseUrl },
    });
    onTestFinished(() => other.stop());
    const theirs = await other.as({ roles: ['secretary'] });
    await who.put('a', icsOf(monday('09:00')));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, nth) => (nth % 2 ? theirs : secretary)('POST', `/api/calendars/${who.id}/sync`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const { rows } = await practice.sql.query('select from calendar_busy where calendar_id = $1', [who.id]);
    expect(rows).toHaveLength(1);
  });
});
