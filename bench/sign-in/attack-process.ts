import { randomInt, randomUUID } from 'node:crypto';
import { Pool } from 'undici';

// Runs as a process of its own: guesses passwords of accounts that nobody has guessed at yet, from addresses that nobody has come
// from, so that no lock spares the service its work. Counts what it is answered, by status.
const [base = '', perSecond = '200', ms = '1000'] = process.argv.slice(2);
const http = new Pool(base, { connections: 200, pipelining: 1 });
const counts: Record<string, number> = {};
const pending = new Set<Promise<void>>();
const address = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

async function guess(): Promise<void> {
  const answer = await http.request({
    method: 'POST',
    path: '/api/auth/login',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address() },
    body: JSON.stringify({ email: `${randomUUID()}@practice.example`, password: 'an old grey mare likes oats' }),
  });
  await answer.body.dump();
  counts[answer.statusCode] = (counts[answer.statusCode] ?? 0) + 1;
}

const begun = performance.now();
let sent = 0;
for (;;) {
  const passed = performance.now() - begun;
  if (passed >= Number(ms)) break;
  for (; sent < (passed / 1_000) * Number(perSecond); sent += 1) {
    const guessing = guess().finally(() => pending.delete(guessing));
    pending.add(guessing);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await Promise.all(pending);
await http.close();
console.log(JSON.stringify(counts));
