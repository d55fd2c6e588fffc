import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRegistry } from '../../../tests/support/gateway.ts';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let desk: Caller;
let who: Awaited<ReturnType<typeof buildPractitioner>>;

beforeAll(async () => {
  practice = await startPractice();
  desk = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

interface Event {
  id: number;
  event: string;
  data: { practitionerId?: string; from?: string; until?: string };
}

interface Listening {
  status: number;
  text: string;
  events: Event[];
  isOver: boolean;
  stop(): void;
}

const path = (ids: string[], more = '') => `/api/appointments/agendas/changes?practitionerIds=${ids.join(',')}${more}`;

/** Listens as a page of the portal does. */
async function listen(
  authorization: string,
  ids: string[],
  { base = practice.base, after, more }: { base?: string; after?: number; more?: string } = {},
): Promise<Listening> {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const answer = await fetch(base + path(ids, more), {
    signal: gone.signal,
    headers: {
      authorization,
      accept: 'text/event-stream',
      ...(after !== undefined && { 'last-event-id': String(after) }),
    },
  });
  const listening: Listening = { status: answer.status, text: '', events: [], isOver: false, stop: () => gone.abort() };
  const decoder = new TextDecoder();
  void (async () => {
    for await (const part of answer.body ?? []) {
      listening.text += decoder.decode(part, { stream: true });
      const blocks = listening.text.split('\n\n').slice(0, -1);
      listening.events = blocks.filter((block) => block.startsWith('id: ')).map(readEvent);
    }
  })()
    .catch(() => undefined)
    .finally(() => {
      listening.isOver = true;
    });
  return listening;
}

function readEvent(block: string): Event {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
  return { id: Number(fields.id), event: fields.event, data: JSON.parse(fields.data) };
}

const secretary = () => practice.bearer({ roles: ['secretary'], sub: randomUUID() });

async function book(start: string, as = desk) {
  const { practitionerId, typeId: appointmentTypeId } = who;
  const answer = await as('POST', '/api/appointments', {
    patientId: randomUUID(),
    practitionerId,
    appointmentTypeId,
    start,
    reason: 'Chest pain',
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

/** In 2030, with its place in the order taken, and seen by nobody before it is committed. */
async function changeUnderWay() {
  const client = await practice.sql.connect();
  onTestFinished(async () => {
    await client.query('rollback');
    client.release();
  });
  await client.query('begin');
  const { rows } = await client.query(
    `insert into agenda_change (practitioner_id, "from", until) values ($1, '2030-01-01Z', '2030-01-02Z')
     returning position::int`,
    [who.practitionerId],
  );
  return { client, position: rows[0].position as number };
}

const isOpen = (listening: Listening) => until(() => listening.events[0]?.event === 'open');
const agendaEvents = (listening: Listening) => listening.events.filter(({ event }) => event === 'agenda');

beforeAll(async () => {
  who = await buildPractitioner(practice);
});

describe('GET /api/appointments/agendas/changes', () => {
  it('tells another desk, at another replica, within two seconds between which times to read anew, and nothing else', async () => {
    const other = await buildPractitioner(practice);
    const [here, there] = await Promise.all([
      listen(await secretary(), [who.practitionerId]),
      listen(await secretary(), [who.practitionerId, other.practitionerId], { base: await practice.replica() }),
    ]);
    await Promise.all([isOpen(here), isOpen(there)]);
    const began = performance.now();
    const booked = await book('2026-11-23T09:00:00+01:00');
    await until(() => agendaEvents(here).length > 0 && agendaEvents(there).length > 0);
    expect(performance.now() - began).toBeLessThan(2_000);
    const data = {
      practitionerId: who.practitionerId,
      from: new Date(booked.start).toISOString(),
      until: new Date(booked.end).toISOString(),
    };
    for (const { events, text } of [here, there]) {
      expect(events.at(-1)).toEqual({ id: expect.any(Number), event: 'agenda', data });
      for (const hidden of [booked.id, booked.patientId, 'Chest']) expect(text).not.toContain(hidden);
    }
  });

  it('tells of whatever changes an agenda: a hold, a move, a cancellation, other hours', async () => {
    const listening = await listen(await secretary(), [who.practitionerId]);
    await isOpen(listening);
    const spans = () => agendaEvents(listening).map(({ data: { from, until } }) => [from, until]);
    const heardOf = (from?: string) => until(() => spans().some(([start]) => start === from));
    const { practitionerId, typeId: appointmentTypeId, placeId } = who;
    const [at, to] = ['2026-11-24T08:00:00.000Z', '2026-11-25T09:00:00.000Z'];
    const wanted = { patientId: randomUUID(), practitionerId, appointmentTypeId, start: at };
    const held = await desk('POST', '/api/appointments/holds', wanted);
    await heardOf(at);
    await desk('POST', `/api/appointments/${held.body.id}/confirm`);
    const moved = await desk('POST', `/api/appointments/${held.body.id}/move`, { start: to });
    expect(moved.status).toBe(200);
    await until(() => spans().some(([, last]) => last !== undefined && last > to));
    const before = agendaEvents(listening).length;
    await desk('POST', `/api/appointments/${held.body.id}/cancel`, { reason: 'She is ill' });
    await until(() => agendaEvents(listening).length > before);
    const hours = [{ placeId, daysOfWeek: ['mon', 'tue'], startTime: '09:00', endTime: '12:00' }];
    const set = await desk('PUT', `/api/schedules/${practitionerId}`, { hours }, { 'if-match': '"v1"' });
    expect(set.status).toBe(200);
    await heardOf(undefined);
  });

  it('gives whoever comes back what they missed, once for each agenda, or says that it is no longer known', async () => {
    const first = await listen(await secretary(), [who.practitionerId]);
    await isOpen(first);
    await book('2026-11-30T09:00:00+01:00');
    await until(() => agendaEvents(first).length > 0);
    const { id } = first.events.at(-1) as Event;
    first.stop();
    await book('2026-11-30T10:00:00+01:00');
    await book('2026-11-30T11:00:00+01:00');
    const again = await listen(await secretary(), [who.practitionerId], { after: id });
    await until(() => again.events.length > 0);
    expect(again.events).toEqual([
      {
        id: expect.any(Number),
        event: 'agenda',
        data: {
          practitionerId: who.practitionerId,
          from: '2026-11-30T09:00:00.000Z',
          until: '2026-11-30T10:30:00.000Z',
        },
      },
    ]);
    await practice.sql.query(`update agenda_change set at = at - interval '2 hours' where position <= $1 + 1`, [id]);
    await practice.sql.query(`delete from agenda_change where at < now() - interval '1 hour'`);
    for (const after of [id, 999_999_999_999]) {
      const late = await listen(await secretary(), [who.practitionerId], { after });
      await until(() => late.events.length > 0);
      expect(late.events[0]?.event).toBe('reset');
    }
  });

  it('tells of a change that another one overtook in the store', async () => {
    await practice.sql.query(`update agenda_change set at = at - interval '2 minutes'`);
    const listening = await listen(await secretary(), [who.practitionerId]);
    await isOpen(listening);
    const { client: slow } = await changeUnderWay();
    await book('2026-12-07T09:00:00+01:00');
    await until(() => agendaEvents(listening).length > 0);
    const { id } = listening.events.at(-1) as Event;
    await slow.query('commit');
    await until(() => agendaEvents(listening).some(({ data }) => data.from?.startsWith('2030')));
    // Whoever came back with what they had heard by then would hear of it as well.
    const again = await listen(await secretary(), [who.practitionerId], { after: id });
    await until(() => agendaEvents(again).some(({ data }) => (data.until ?? '') >= '2030'));
  });

  it.each(['quiet for longer than a minute', 'quiet for longer than an hour'])(
    'tells of a change that was overtaken before anybody followed, in a practice that was %s',
    async (before) => {
      await practice.sql.query(
        before.endsWith('hour')
          ? 'delete from agenda_change'
          : `update agenda_change set at = at - interval '2 minutes'`,
      );
      const { client: slow, position } = await changeUnderWay();
      await book(before.endsWith('hour') ? '2026-12-08T09:00:00+01:00' : '2026-12-08T10:00:00+01:00');
      // One at which nobody follows yet.
      const listening = await listen(await secretary(), [who.practitionerId], { base: await practice.replica() });
      await isOpen(listening);
      expect(listening.events[0]?.id).toBeLessThan(position);
      expect(agendaEvents(listening)).toEqual([]);
      await slow.query('commit');
      await until(() => agendaEvents(listening).some(({ data }) => data.from?.startsWith('2030')));
    },
  );

  it('tells whoever comes to another instance of a change that was under way when the first one went', async () => {
    const [first, second] = [await practice.replica(), await practice.replica()];
    await practice.sql.query(`update agenda_change set at = at - interval '2 minutes'`);
    const listening = await listen(await secretary(), [who.practitionerId], { base: first });
    await isOpen(listening);
    const { client: slow } = await changeUnderWay();
    await book('2026-12-14T09:00:00+01:00');
    await until(() => agendaEvents(listening).length > 0);
    const { id } = listening.events.at(-1) as Event;
    listening.stop();
    const again = await listen(await secretary(), [who.practitionerId], { base: second, after: id });
    await until(() => agendaEvents(again).length > 0);
    expect(again.text).not.toContain('2030');
    await slow.query('commit');
    await until(() => agendaEvents(again).some(({ data }) => (data.until ?? '') >= '2030'));
  });

  it('knows after a quiet hour that nothing was missed', async () => {
    const listening = await listen(await secretary(), [who.practitionerId]);
    await isOpen(listening);
    await book('2026-12-15T09:00:00+01:00');
    await until(() => agendaEvents(listening).length > 0);
    listening.stop();
    const { rows } = await practice.sql.query('select max(position)::int as id from agenda_change');
    await practice.sql.query('delete from agenda_change');
    const again = await listen(await secretary(), [who.practitionerId], { after: rows[0].id, more: '&seconds=0' });
    await until(() => again.isOver);
    expect(again.events).toEqual([]);
  });

  it('obeys the access table: secretaries follow all agendas, practitioners their own, others none', async () => {
    const statusOf = async (claims: Parameters<Practice['as']>[0], ids: string[]) =>
      (await (await practice.as(claims))('GET', path(ids, '&seconds=0'))).status;
    const { practitionerId } = who;
    expect(await statusOf({ roles: ['practitioner'], practitionerId }, [practitionerId])).toBe(200);
    expect(await statusOf({ roles: ['practitioner'], practitionerId }, [practitionerId, randomUUID()])).toBe(403);
    expect(await statusOf({ roles: ['patient'], patientId: randomUUID() }, [practitionerId])).toBe(403);
    expect(await statusOf({ roles: ['admin'] }, [practitionerId])).toBe(403);
    expect((await fetch(practice.base + path([practitionerId]))).status).toBe(401);
  });

  it('ends with what was delegated, at its time, though the token goes on', async () => {
    const before = practice.clock.now();
    const end = Math.floor(before.getTime() / 1_000) + 60;
    const { practitionerId } = who;
    const delegated = [
      { practitioner: practitionerId, as: 'secretary' as const, scopes: ['agenda' as const], until: end },
    ];
    const named = await practice.bearer({ roles: ['secretary'], sub: randomUUID(), delegated });
    const [theirs, all] = [await listen(named, [practitionerId]), await listen(await secretary(), [practitionerId])];
    expect([theirs.status, all.status]).toEqual([200, 200]);
    practice.clock.set(new Date(end * 1_000));
    try {
      await until(() => theirs.isOver);
      expect(all.isOver).toBe(false);
    } finally {
      practice.clock.set(before);
    }
  });

  it('ends with the token, within ten seconds', async () => {
    const listening = await listen(await practice.bearer({ roles: ['secretary'], expiresIn: 2 }), [who.practitionerId]);
    await isOpen(listening);
    const expiresAt = performance.now() + 2_000;
    await until(() => listening.isOver);
    expect(performance.now() - expiresAt).toBeLessThan(10_000);
  });

  it('is bounded: eight for one person, and sixteen agendas in each', async () => {
    const authorization = await secretary();
    const all = await Promise.all(Array.from({ length: 8 }, () => listen(authorization, [who.practitionerId])));
    await Promise.all(all.map(isOpen));
    const one = await fetch(practice.base + path([who.practitionerId]), { headers: { authorization } });
    expect([one.status, one.headers.get('retry-after'), await one.json()]).toMatchObject([
      429,
      '30',
      { code: 'AGENDA.FOLLOWED_TOO_OFTEN' },
    ]);
    all[0]?.stop();
    await until(async () => (await desk('GET', path([who.practitionerId], '&seconds=0'))).status === 200);
    await until(async () => {
      const again = await listen(authorization, [who.practitionerId]);
      return again.status === 200;
    });
    const many = await desk(
      'GET',
      path(
        Array.from({ length: 17 }, () => randomUUID()),
        '&seconds=0',
      ),
    );
    expect([many.status, many.body.fields?.[0]?.path]).toEqual([422, 'practitionerIds']);
  });

  it('is not counted as a slow answer', async () => {
    const base = await practice.replica();
    const secretary = await practice.as({ roles: ['secretary'] }, base);
    expect((await secretary('GET', path([who.practitionerId], '&seconds=0'))).status).toBe(200);
    expect((await secretary('GET', path([who.practitionerId], '&seconds=601'))).status).toBe(422);
    const counted = async () =>
      String((await secretary('GET', '/metrics')).body)
        .match(/^http_server_request_duration_seconds_count.*agendas\/changes.*$/gm)
        ?.map((line) => /status="(\d+)"/.exec(line)?.[1]);
    await until(async () => (await counted())?.includes('422') ?? false);
    expect(await counted()).toEqual(['422']);
  });

  it('with no seconds tells what there is and ends, as it does for HEAD', async () => {
    const answer = await desk('GET', path([who.practitionerId], '&seconds=0'));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream\b/),
    ]);
    expect(answer.body).toContain('event: open');
    expect((await desk('HEAD', path([who.practitionerId]))).status).toBe(200);
  });

  it('goes on while others may still be sent to an instance that ends, and then comes back to none there', async () => {
    const { port } = await startRegistry();
    const registry = `http://127.0.0.1:${port}/eureka/`;
    const leaving = await startPractice(undefined, { beside: practice, settings: { REGISTRY_URLS: [registry] } });
    const isListed = async () => (await fetch(`${registry}apps/APPOINTMENT`)).ok;
    await until(isListed);
    const authorization = await leaving.bearer({ roles: ['secretary'] });
    const comeBack = () => listen(authorization, [who.practitionerId], { base: leaving.base });
    const first = await comeBack();
    await isOpen(first);
    const began = performance.now();
    const stopped = leaving.stop();
    await until(() => first.isOver);
    expect(await isListed()).toBe(false);
    // As a page does, until there is nobody.
    await until(async () => {
      const again = await comeBack().catch(() => undefined);
      if (again?.status === 200) await until(() => again.isOver);
      return again === undefined;
    });
    await stopped;
    // Not when the patience with running requests is over.
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  it('does not keep its process from ending', async () => {
    const listening = await listen(await secretary(), [who.practitionerId]);
    await isOpen(listening);
    const began = performance.now();
    const restarted = practice.restart();
    await until(() => listening.isOver);
    // Not when the patience with running requests is over.
    expect(performance.now() - began).toBeLessThan(5_000);
    await restarted;
  });
});
