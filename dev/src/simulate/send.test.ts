import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newTally, sendReadings } from './send.ts';

let answers: [status: number, body: object, headers?: Record<string, string>][];
let asked: { token: unknown; readings: unknown[] }[];
let gateway: string;
let stop: () => void;

beforeEach(async () => {
  asked = [];
  const server = createServer((req, res) => {
    let body = '';
    req
      .on('data', (part) => (body += part))
      .on('end', () => {
        asked.push({ token: req.headers['device-token'], readings: JSON.parse(body).readings });
        const [status, answer, headers = {}] = answers.shift() ?? [500, {}];
        res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => server.close();
});
afterEach(() => stop());

const reading = { at: 0, code: '8867-4', value: 60, unit: '/min', effectiveAt: '2026-11-20T09:00:00Z' };
const taken = { stored: 1, known: 0, corrected: 0, refused: 0, outcomes: [{ outcome: 'stored' }] };
const send = async (tally = newTally()) => {
  const pauses: number[] = [];
  await sendReadings(gateway, 'token', [reading], tally, async (ms) => pauses.push(ms));
  return { tally, pauses };
};

it('sends the same again after as long as the practice asks for, when that has too much at once', async () => {
  answers = [
    [429, {}, { 'retry-after': '30' }],
    [503, {}, { 'retry-after': '5' }],
    [502, {}],
    [202, taken],
  ];
  const { tally, pauses } = await send();
  expect(pauses).toEqual([30_000, 5_000, 1_000]);
  expect(tally).toMatchObject({ stored: 1, waits: 3 });
  expect(new Set(asked.map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify({ token: 'token', readings: [{ ...reading, at: undefined }] })]),
  );
});

it('counts what was refused by its reason, and goes on', async () => {
  const outcomes = [{ outcome: 'refused', fields: [{ path: 'effectiveAt', code: 'NOT_PAIRED' }] }];
  answers = [[202, { stored: 0, known: 0, corrected: 0, refused: 1, outcomes }]];
  expect((await send()).tally).toMatchObject({ refused: 1, refusals: { 'effectiveAt NOT_PAIRED': 1 } });
});

it('ends when a batch is refused as a whole, and says why', async () => {
  answers = [[403, { code: 'DEVICE.TOKEN_INVALID' }]];
  await expect(send()).rejects.toThrow('answered 403 DEVICE.TOKEN_INVALID');
  expect(asked).toHaveLength(1);
});

it('ends when nobody is there', async () => {
  stop();
  await expect(sendReadings('http://127.0.0.1:1', 'token', [reading], newTally())).rejects.toThrow('cannot be reached');
});
