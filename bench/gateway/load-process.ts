import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';

// Runs as a process of its own: sends requests and tells how they fared, as one line of JSON. Its first second is not
// counted: its own code is not yet compiled then, which costs a fast proxy and a slow one unlike parts of their time.
const warmUpMs = 1_000;

export interface LoadOrder {
  origin: string;
  path: string;
  /** Of the people who ask: each connection is one of them. */
  authorizations: string[];
  /** That are counted. */
  seconds: number;
  connections: number;
  /** Requests a second, sent whether or not earlier ones are answered while a connection is free; absent: one after the other. */
  rate?: number;
  /** Of the body that is sent; absent: a GET. */
  bodyBytes?: number;
}

export interface LoadResult {
  /** Answered 200, a second. */
  rate: number;
  p99Ms: number;
  /** Of all that were sent, those that were not counted included. */
  answered: number;
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const { connections, seconds, rate } = order;
  // Clients rather than a pool: a pool looks through all its connections for a free one.
  const free = Array.from({ length: connections }, () => new Client(order.origin, { headersTimeout: 30_000 }));
  const clients = [...free];
  const people = new Map(clients.map((client, n) => [client, order.authorizations[n % order.authorizations.length]]));
  const body = order.bodyBytes === undefined ? undefined : Buffer.alloc(order.bodyBytes, 'x');
  const times: number[] = [];
  let answered = 0;
  const send = (done: () => void) => {
    const began = performance.now();
    let status = 0;
    const client = free.pop() as Client;
    const headers = { authorization: people.get(client), ...(body && { 'content-type': 'application/json' }) };
    const over = () => {
      free.push(client);
      if (status === 200) {
        times.push(performance.now() - began);
        answered += 1;
      }
      done();
    };
    client.dispatch(
      { method: body ? 'POST' : 'GET', path: order.path, headers, body: body ?? null },
      {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code;
        },
        onResponseData() {},
        onResponseEnd: over,
        onResponseError() {
          status = 0;
          over();
        },
      },
    );
  };
  let isOver = false;
  const again = () => {
    if (!isOver) send(again);
  };
  const began = performance.now();
  let sent = 0;
  const sendDue = () => {
    const due = ((performance.now() - began) / 1_000) * (rate ?? 0);
    for (; sent < due; sent += 1) if (free.length > 0) send(() => {});
  };
  const sending = setInterval(sendDue, 1);
  if (rate === undefined) for (let i = 0; i < connections; i += 1) send(again);
  await delay(warmUpMs);
  times.length = 0;
  const countedFrom = performance.now();
  await delay(seconds * 1_000);
  const counted = (performance.now() - countedFrom) / 1_000;
  isOver = true;
  clearInterval(sending);
  const result = { rate: times.length / counted, p99Ms: percentileOf(times, 0.99), answered };
  await Promise.all(clients.map((client) => client.destroy()));
  return result;
}

const percentileOf = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

process.stdout.write(JSON.stringify(await run(JSON.parse(readFileSync(0, 'utf8')))));
