import { expect, it } from 'vitest';
import { startSystem } from './support/system.js';
import { answerStatus, startUpstream } from './support/upstream.js';

const json = { 'content-type': 'application/json' };
const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, second)).toISOString();

/** A service whose trail has an event at each of these seconds. */
const withTrail = (asked: string[], seconds: number[]) =>
  startUpstream((req, res) => {
    asked.push(`${req.url}`);
    const { searchParams } = new URL(req.url ?? '', 'http://service');
    const to = searchParams.get('to') ?? at(1_000);
    const limit = Number(searchParams.get('limit'));
    const found = seconds.map((second) => ({ at: at(second), sequence: second })).filter((each) => each.at < to);
    const items = found.toReversed().slice(0, limit);
    res.writeHead(200, json).end(JSON.stringify({ items, nextCursor: found.length > limit ? 'more' : undefined }));
  });

async function startPractice() {
  const asked: string[] = [];
  const system = await startSystem();
  await system.add('patient', await withTrail(asked, [1, 3, 5, 7]));
  await system.add('record', await withTrail(asked, [2, 4, 5, 6, 8]));
  await system.add('practitioner', await startUpstream(answerStatus(500, json, '{}')));
  const authorization = `Bearer ${await system.issuer.token({ roles: ['admin'] })}`;
  const ask = async (query: string) => {
    const answer = await fetch(`${system.url}/api/system/audit${query}`, { headers: { authorization } });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { asked, ask };
}

it('an admin reads the trails of all services as one, page by page, and who could not be asked is named', async () => {
  const { ask, asked } = await startPractice();
  const told: string[] = [];
  let cursor = '';
  do {
    const { status, body } = await ask(`?actor=user-1&limit=4${cursor}`);
    expect(status).toBe(200);
    for (const service of ['practitioner', 'auth'])
      expect(body.unavailable).toContainEqual({ service, code: expect.any(String) });
    for (const item of body.items as { service: string; sequence: number }[])
      told.push(`${item.service} ${item.sequence}`);
    cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
  } while (cursor);
  expect(told.filter((each) => !each.endsWith(' 5'))).toEqual([
    'record 8',
    'patient 7',
    'record 6',
    'record 4',
    'patient 3',
    'record 2',
    'patient 1',
  ]);
  expect(told.filter((each) => each.endsWith(' 5')).sort()).toEqual(['patient 5', 'record 5']);
  expect(asked[0]).toBe('/system/audit?actor=user-1&limit=5');
});

it('of one service alone, and refuses what it does not understand', async () => {
  const { ask, asked } = await startPractice();
  const { body } = await ask('?service=record&limit=200');
  expect(body).toMatchObject({ items: [{ service: 'record', sequence: 8 }, {}, {}, {}, {}], unavailable: [] });
  expect(asked).toHaveLength(1);
  for (const query of [
    '?service=nosuch',
    '?limit=0',
    '?limit=x',
    '?cursor=x',
    `?cursor=${Buffer.from('2026').toString('base64url')}`,
  ]) {
    expect([query, (await ask(query)).status]).toEqual([query, 422]);
  }
  expect(asked).toHaveLength(1);
});

it('services are told on whose behalf they are asked, from where and in which request', async () => {
  const system = await startSystem();
  const heard: (string | string[] | undefined)[][] = [];
  const service = await startUpstream((req, res) => {
    heard.push([req.headers['x-forwarded-for'], req.headers['x-request-id']]);
    res.writeHead(200, json).end('{"items":[]}');
  });
  await system.add('patient', service);
  const authorization = `Bearer ${await system.issuer.token({ roles: ['admin'] })}`;
  const headers = { authorization, 'x-request-id': 'request-of-admin', 'x-forwarded-for': '192.0.2.7' };
  expect((await fetch(`${system.url}/api/system/audit`, { headers })).status).toBe(200);
  // The word of nobody about addresses is believed here.
  expect(heard).toEqual([['127.0.0.1', 'request-of-admin']]);
});
