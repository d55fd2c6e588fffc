import { readFileSync } from 'node:fs';
import { Client } from 'undici';

// Runs as a process of its own: sends requests and tells how they fared, as one line of JSON.

export interface LoadOrder {
  origin: string;
  path: string;
  /** Of the people who ask: each connection is one of them. */
  authorizations: string[];
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
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const { connections, seconds, rate } = order;
  // Clients rather than a pool: a pool looks through all its connections for a free one.
  const free = Array.from({ length: connections }, () => new Client(order.origin, { headersTimeout: 30_000 }));
  const clients = [...free];
  const people = new Map(clients.map((client, n) => [client, order.authorizations[n % order.authorizations.length]]));
  const body = order.bodyBytes === undefined ? undefined : Buffer.alloc(order.bodyBytes, 'x');
  const times: number[] = [];
  const send = (done: () => void) => {
    const began = performance.now();
    let status = 0;
    const client = free.pop() as Client;
    const headers = { authorization: people.get(client), ...(body && { 'content-type': 'application/json' }) };
    const over = () => {
      free.push(client);
      if (status === 200) times.push(performance.now() - began);
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
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  if (rate === undefined) {
    const again = () => {
      if (elapsed() < seconds) send(again);
    };
    for (let i = 0; i < connections; i += 1) send(again);
    await until(() => elapsed() >= seconds);
  } else {
    let sent = 0;
    await until(() => {
      for (; sent < elapsed() * rate; sent += 1) if (free.length > 0) send(() => {});
      return elapsed() >= seconds;
    });
  }
  const result = { rate: times.length / elapsed(), p99Ms: percentileOf(times, 0.99) };
  await Promise.all(clients.map((client) => client.destroy()));
  return result;
}

const until = (isOver: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (!isOver()) return;
      clearInterval(look);
      resolve();
    }, 1);
  });

const percentileOf = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

process.stdout.write(JSON.stringify(await run(JSON.parse(readFileSync(0, 'utf8')))));
