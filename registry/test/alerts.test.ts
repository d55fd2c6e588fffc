import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startForTest } from './start.js';

it('every metric that an alert looks at is there', async () => {
  const { url } = await startForTest({ PEER_URLS: 'http://127.0.0.1:1/eureka/', SYNC_WAIT_MS: '0' });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const rules = readFileSync(`${import.meta.dirname}/../alerts.yaml`, 'utf8');
  const wanted = new Set(rules.match(/registry_\w+/g));
  expect(wanted.size).toBe(4);
  for (const name of wanted) expect(metrics).toContain(`# TYPE ${name} `);
});
