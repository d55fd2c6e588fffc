import { randomUUID } from 'node:crypto';
import { openDatabase } from '@cabinet/postgres/orm';
import { Seal } from '@cabinet/service/seal';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { type Given, HttpCounterpart, type Received } from '../../../tests/support/http-counterpart.ts';
import { PolicySchema } from '../src/data/postgres-policies.js';
import { sealAnew } from '../src/data/seal-anew.js';
import { PostgresWebhooks } from '../src/data/webhooks/postgres-webhooks.js';
import { channelSettings, type NotificationService, secret, startService } from './support.ts';

/** Somebody's program, which verifies with the public library. */
class Program extends HttpCounterpart {
  secrets: string[] = [];
  /** Ids of what was genuine, in the order in which it came. */
  readonly ids: string[] = [];
  readonly told: unknown[] = [];

  protected answer({ headers, body }: Received): Given {
    for (const secret of this.secrets) {
      try {
        this.told.push(new Webhook(secret).verify(body.toString(), headers as Record<string, string>));
      } catch {
        return { status: 401 };
      }
    }
    this.ids.push(String(headers['webhook-id']));
    return { status: 204 };
  }
}

const program = new Program();
let service: NotificationService;
let admin: Caller;
beforeAll(async () => {
  await program.start();
  const settings = channelSettings({ OUTBOUND_PRIVATE_HOSTS: program.host });
  // The library believes what was signed within five minutes, by its own clock.
  service = await startService({ settings, now: new Date().toISOString() });
  admin = await service.as({ roles: ['admin'], sub: 'alice' });
});
afterAll(async () => {
  await service?.stop();
  await program.stop();
});
beforeEach(async () => {
  await service.sql.query('delete from webhook');
  service.clock.set(new Date());
  for (const list of [program.ids, program.told, program.spoiled, program.received]) list.splice(0);
});

const path = '/api/webhooks';
const order = { name: 'Laboratory', types: ['appointment.booked', 'appointment.cancelled'] };
async function made(more: object = {}) {
  const { status, body } = await admin('POST', path, { ...order, url: `${program.url}/hooks`, ...more });
  expect(status).toBe(201);
  program.secrets = body.secret ? [body.secret] : [];
  return { ...body, its: `${path}/${body.id}` };
}
const booked = () => {
  const start = new Date(service.clock.now().getTime() + 20 * 86_400_000).toISOString();
  return service.visit(service.patient().id, start);
};
const deliveries = async (its: string) => (await admin('GET', `${its}/deliveries`)).body.items;
const delivered = (its: string, states: string[]) =>
  until(async () => {
    const items: { state: string }[] = await deliveries(its);
    return items.map(({ state }) => state).join() === states.join();
  });

describe('a webhook', () => {
  it('is told of what it wants to know, once, signed so that the public library believes it', async () => {
    const { its } = await made();
    const { visit, tell } = await booked();
    await tell('moved');
    await tell('cancelled');
    await until(() => program.ids.length === 2);
    const types = (told: unknown) => (told as { type: string }).type;
    expect(program.told.toSorted((a, b) => types(a).localeCompare(types(b)))).toMatchObject([
      { type: 'appointment.booked', data: { appointmentId: visit.id, patientId: visit.patientId } },
      { type: 'appointment.cancelled', data: { appointmentId: visit.id } },
    ]);
    await delivered(its, ['sent', 'sent']);
    const items = await deliveries(its);
    expect(items.map(({ id }: { id: string }) => id).sort()).toEqual([...program.ids].sort());
    expect(items[0].attempts).toEqual([{ at: expect.any(String) }]);
    expect(JSON.stringify(items)).not.toContain(visit.patientId);
  });

  it('shows its secret once, and keeps it from whoever reads the database', async () => {
    const { secret: shownOnce, its, ...shown } = await made();
    expect(shownOnce).toMatch(/^whsec_/);
    expect((await admin('GET', its)).body).toEqual(shown);
    expect(shown).toMatchObject({ createdBy: 'alice', keys: 1, signedBy: 'hmac' });
    const { rows } = await service.sql.query('select * from webhook');
    expect(JSON.stringify(rows)).not.toContain(shownOnce.slice('whsec_'.length));
    expect(JSON.stringify(rows)).not.toContain(program.host);
  });

  it('is sealed anew when the secret of the service is changed, so that the old one may go', async () => {
    const { id, url } = await made();
    const newer = 'another secret of the notification service';
    const sealBy = (...secrets: string[]) => new Seal('notification', secrets, 'webhooks');
    const orm = openDatabase({ url: service.databaseUrl, entities: [PolicySchema], migrations: [] });
    try {
      const found = async () => (await new PostgresWebhooks(orm, sealBy(newer), service.clock).get(id))?.url;
      expect(await found()).toBe('');
      await sealAnew(orm, sealBy(newer, secret), 'webhook');
      expect(await found()).toBe(url);
    } finally {
      await orm.close(true);
    }
  });

  it('may be verified by a public key', async () => {
    const { secret: none, publicKey } = await made({ signedBy: 'ed25519' });
    expect([none, publicKey]).toEqual([undefined, expect.stringMatching(/^whpk_/)]);
    await booked();
    await until(() => program.received.length === 1);
    expect(program.received[0]?.headers['webhook-signature']).toMatch(/^v1a,/);
  });

  it('is signed by the new key and the one before for a day', async () => {
    const { secret: before, its } = await made();
    const { body: rotated } = await admin('POST', `${its}/rotate`);
    expect(rotated.secret).not.toBe(before);
    expect((await admin('GET', its)).body.keys).toBe(2);
    program.secrets = [before, rotated.secret];
    await booked();
    await until(() => program.ids.length === 1);
    expect(program.told).toHaveLength(2);
  });

  it('is told again after a fault, under the same id, and each attempt is listed', async () => {
    const { its } = await made();
    program.spoiled.push({ status: 503 });
    await booked();
    await until(async () => (await deliveries(its))[0]?.attempts.length === 1);
    service.clock.advanceBy(6_000);
    await until(() => program.ids.length === 1);
    await delivered(its, ['sent']);
    const [{ id, attempts }] = await deliveries(its);
    expect(program.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(attempts).toMatchObject([{ failure: { class: 'temporary', text: 'the endpoint answered 503' } }, {}]);
    expect(attempts[1].failure).toBeUndefined();
  });

  it('is told again when somebody asks for it, under the id that it had', async () => {
    const { its } = await made();
    await booked();
    await delivered(its, ['sent']);
    const [{ id }] = await deliveries(its);
    const replayed = await admin('POST', `${its}/deliveries/${id}/replay`);
    expect([replayed.status, replayed.body.state]).toEqual([202, 'planned']);
    await until(() => program.ids.length === 2);
    expect(program.ids).toEqual([id, id]);
    await until(async () => (await deliveries(its))[0].attempts.length === 2);
    expect((await admin('POST', `${its}/deliveries/${randomUUID()}/replay`)).status).toBe(404);
  });

  it('that says that it wants nothing more is told nothing more, until somebody enables it', async () => {
    const { its } = await made();
    program.spoiled.push({ status: 410 });
    await booked();
    await delivered(its, ['failed']);
    expect((await admin('GET', its)).body).toMatchObject({ disabledWhy: 'gone', disabledAt: expect.any(String) });
    await booked();
    const [{ id }, ...others] = await deliveries(its);
    expect(others).toEqual([]);
    const replay = () => admin('POST', `${its}/deliveries/${id}/replay`);
    expect((await replay()).body.code).toBe('NOTIFICATION.WEBHOOK_DISABLED');
    expect((await admin('POST', `${its}/enable`)).body.disabledAt).toBeUndefined();
    expect((await replay()).status).toBe(202);
    await until(() => program.ids.length === 1);
    expect(program.ids).toEqual([id]);
  });

  it('has for three days to mend what it answers wrongly', async () => {
    const { its } = await made();
    program.spoiled.push({ status: 200, body: '<!doctype html><p>Sign in</p>' });
    await booked();
    await until(async () => (await deliveries(its))[0]?.attempts.length === 1);
    expect((await deliveries(its))[0]).toMatchObject({
      state: 'planned',
      nextAt: expect.any(String),
      attempts: [{ failure: { class: 'configuration', text: 'the endpoint answered 200 with a page (HTML)' } }],
    });
  });

  it('lists what it was told page by page', async () => {
    const { its } = await made();
    for (let times = 0; times < 3; times += 1) {
      await booked();
      service.clock.advanceBy(1);
    }
    await delivered(its, ['sent', 'sent', 'sent']);
    const first = (await admin('GET', `${its}/deliveries?limit=2`)).body;
    const rest = (await admin('GET', `${its}/deliveries?limit=2&cursor=${first.nextCursor}`)).body;
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, undefined]);
    expect((await admin('GET', `${its}/deliveries?cursor=x`)).status).toBe(422);
  });

  it('forgets what is about a patient who was erased, and all when it is removed', async () => {
    const { its, id } = await made();
    const { visit } = await booked();
    await delivered(its, ['sent']);
    const data = { patientId: visit.patientId, version: 3 };
    await service.hear('patient', { id: randomUUID(), type: 'patient.erased', source: 'patient', data });
    expect(await deliveries(its)).toEqual([]);
    await booked();
    expect((await admin('DELETE', its)).status).toBe(204);
    expect((await admin('GET', its)).body.code).toBe('NOTIFICATION.WEBHOOK_NOT_FOUND');
    const { rows } = await service.sql.query('select from webhook_delivery where webhook_id = $1', [id]);
    expect(rows).toEqual([]);
  });

  it.each([
    ['an address within', { url: 'https://10.0.0.7/hooks' }, 'url'],
    ['an address without TLS', { url: 'http://hooks.example.org/x' }, 'url'],
    ['an address with a password', { url: 'https://a:b@hooks.example.org/x' }, 'url'],
    ['nothing that it would be told', { types: [] }, 'types'],
  ])('is refused with %s', async (_, wrong, field) => {
    const { status, body } = await admin('POST', path, { ...order, url: `${program.url}/hooks`, ...wrong });
    expect([status, body.fields[0].path]).toEqual([422, field]);
  });

  it('is one of twenty at most', async () => {
    for (let times = 0; times < 20; times += 1) await made();
    const { status, body } = await admin('POST', path, { ...order, url: `${program.url}/hooks` });
    expect([status, body.code]).toEqual([409, 'NOTIFICATION.TOO_MANY_WEBHOOKS']);
  });
});
