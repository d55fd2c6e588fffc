import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../../../dev/src/api-client.ts';
import { Simulation } from '../../../dev/src/simulate/simulation.ts';
import { newPatient, startService, type WearableService } from './support.ts';

let service: WearableService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

it('a practice takes what simulated people measure, knows it again, and draws it', async () => {
  const patients = await Promise.all(Array.from({ length: 8 }, () => newPatient(service)));
  const desk = await service.as({ roles: ['secretary'] });
  const answered = async (method: string, path: string, sent?: object) => {
    const { status, body } = await desk(method, path, sent);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const asDesk = {
    get: (path: string) => answered('GET', path),
    send: (method: string, path: string, body: object) => answered(method, path, body),
  } as ApiClient;
  const now = service.clock.now();
  const simulate = async () => {
    const simulation = new Simulation({
      gateway: service.base,
      desk: async () => asDesk,
      patientIds: patients.map(({ patientId }) => patientId),
      ...{ days: 4, seed: 1, now },
    });
    await simulation.sendPast(() => undefined);
    return simulation;
  };
  const first = await simulate();
  expect(first.people).toBe(8);
  expect(first.tally.stored).toBeGreaterThan(8 * 4 * 50);
  expect(await service.count('reading')).toBe(first.tally.stored);

  const again = await simulate();
  expect(again.devices).toBe(first.devices);
  expect([again.tally.stored, again.tally.known, again.tally.refused]).toEqual([
    0,
    first.tally.stored + first.tally.known + first.tally.corrected,
    first.tally.refused,
  ]);
  expect(again.tally.corrected).toBe(0);

  await again.sendSince(new Date(now.getTime() + 30 * 60_000));
  expect(again.tally.refusals['effectiveAt IN_THE_FUTURE']).toBeGreaterThan(0);

  const [{ patientId, self }] = patients as [Awaited<ReturnType<typeof newPatient>>];
  const from = new Date(now.getTime() - 5 * 86_400_000).toISOString();
  const { body } = await self('GET', `/api/readings?patientId=${patientId}&code=8867-4&from=${from}`);
  expect(body.items.length).toBeGreaterThan(40);
});
