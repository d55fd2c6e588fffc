import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { problemExit } from '../http/problem.js';
import { createLogger } from '../observe/log.js';
import { type EventHandler, eventRoute } from './event-routes.js';

const appApiToken = 'the-token-of-the-own-sidecar';
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Answer {
  status?: string;
  statuses?: { entryId: string; status: string }[];
}

async function receiver(handle: EventHandler) {
  const log = createLogger('test', 'silent');
  const app = express().use(express.json(), eventRoute('/events', handle, { appApiToken, log }), problemExit(log));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closers.push(() => server.close());
  return async (body: object, token = appApiToken) => {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'dapr-api-token': token, 'dapr-caller-app-id': 'appointment' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
}

const event = (id: string) => ({ id, type: 'appointment.booked', source: 'appointment', data: { id } });
const batchOf = (...ids: string[]) => ({ entries: ids.map((id, n) => ({ entryId: String(n), event: event(id) })) });
const statusesOf = (answer: { body: Answer }) => answer.body.statuses?.map(({ status }) => status);

describe('an event route', () => {
  it('hands a single event and a batch to the same handler, a batch at once and in its order', async () => {
    const handled: string[][] = [];
    const deliver = await receiver(async (events) => void handled.push(events.map(({ id }) => id)));
    expect(await deliver(event('a'))).toEqual({ status: 200, body: { status: 'SUCCESS' } });
    const answer = await deliver(batchOf('b', 'c', 'd'));
    expect(answer.body.statuses).toEqual(['0', '1', '2'].map((entryId) => ({ entryId, status: 'SUCCESS' })));
    expect(handled).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('gives those of a batch their effect that can be handled, and asks for the others again', async () => {
    const done: string[] = [];
    const deliver = await receiver(async (events) => {
      if (events.some(({ id }) => id === 'bad')) throw new Error('cannot be handled');
      done.push(...events.map(({ id }) => id));
    });
    expect(statusesOf(await deliver(batchOf('a', 'bad', 'b')))).toEqual(['SUCCESS', 'RETRY', 'SUCCESS']);
    expect(done).toEqual(['a', 'b']);
  });

  it('asks again for what is no event, and handles the rest', async () => {
    const done: string[] = [];
    const deliver = await receiver(async (events) => void done.push(...events.map(({ id }) => id)));
    const broken = { entryId: '1', event: { id: '', type: 'x' } };
    const answer = await deliver({ entries: [{ entryId: '0', event: event('a') }, broken] });
    expect(statusesOf(answer)).toEqual(['SUCCESS', 'RETRY']);
    expect(done).toEqual(['a']);
  });

  it('answers 500 to a single event that could not be handled, and 401 to anybody but the own sidecar', async () => {
    const deliver = await receiver(async () => {
      throw new Error('cannot be handled');
    });
    expect((await deliver(event('a'))).status).toBe(500);
    expect((await deliver(event('a'), 'guessed')).status).toBe(401);
  });
});
