import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { type NotificationService, startService } from './support.ts';

let service: NotificationService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'], sub: randomUUID() });
});
afterAll(() => service?.stop());

const path = '/api/notifications';
const v = (version: number) => ({ 'if-match': `"v${version}"` });
const eventsOf = (id: string) =>
  service.published.filter(({ data }) => (data as { notificationId: string }).notificationId === id);
const asPatient = (patientId: string) => service.as({ roles: ['patient'], patientId, sub: randomUUID() });

async function recorded(patientId: string = randomUUID(), text = 'Douleur depuis mardi') {
  const { body } = await secretary('POST', path, { patientId, text });
  return { id: body.id as string, patientId, its: `${path}/${body.id}` };
}

describe('POST /api/notifications', () => {
  it('stores what was sent, tidied, and tells it with ids alone', async () => {
    const patientId = randomUUID();
    const answer = await secretary('POST', path, { patientId, text: '  Fièvre ' });
    const { id } = answer.body;
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ patientId, text: 'Fièvre', version: 1, createdAt: '2026-11-20T10:00:00.000Z' });
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([`${path}/${id}`, '"v1"']);
    expect(await service.textsOf(patientId)).toEqual(['Fièvre']);
    expect(await service.told(id, 1)).toEqual(['notification.recorded']);
    expect(eventsOf(id)).toMatchObject([
      { source: 'notification', data: { notificationId: id, version: 1, patientId } },
    ]);
    expect(await service.actionsOn(patientId)).toEqual(['POST /api/notifications 201']);
  });

  it('gives the first answer again to a repeat with the same key, and stores it once', async () => {
    const patientId = randomUUID();
    const send = () => secretary('POST', path, { patientId, text: 'Toux' }, { 'idempotency-key': patientId });
    const first = await send();
    const again = await send();
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    expect(await service.textsOf(patientId)).toEqual(['Toux']);
  });

  it.each([
    ['no text', { text: undefined }, 'text'],
    ['a text that nobody can read', { text: ' \u200b' }, 'text'],
    ['a text that is too long', { text: 'x'.repeat(501) }, 'text'],
    ['a patient who is no id', { patientId: 'claire' }, 'patientId'],
    ['a field that there is not', { colour: 'red' }, 'colour'],
  ])('refuses %s, and names the field', async (_, wrong, field) => {
    const patientId = randomUUID();
    const answer = await secretary('POST', path, { patientId, text: 'Toux', ...wrong });
    expect([answer.status, answer.body.fields.map((each: { path: string }) => each.path)]).toEqual([422, [field]]);
    expect(await service.textsOf(patientId)).toEqual([]);
  });

  it('lets patients record their own, and nobody else’s', async () => {
    const [patientId, other] = [randomUUID(), randomUUID()];
    const patient = await asPatient(patientId);
    expect((await patient('POST', path, { patientId, text: 'Toux' })).status).toBe(201);
    const refused = await patient('POST', path, { patientId: other, text: 'Toux' });
    expect([refused.status, refused.body.code]).toEqual([403, 'NOTIFICATION.NOT_YOURS']);
    expect(await service.textsOf(other)).toEqual([]);
    expect(await service.actionsOn(other)).toEqual(['POST /api/notifications 403']);
  });
});

describe('GET /api/notifications', () => {
  it('lists those of a patient in order of time, page by page', async () => {
    const patientId = randomUUID();
    for (const text of ['a', 'b', 'c']) await recorded(patientId, text);
    await recorded();
    const first = await secretary('GET', `${path}?patientId=${patientId}&limit=2`);
    const { items, nextCursor } = first.body;
    expect([first.status, items.map(({ text }: { text: string }) => text)]).toEqual([200, ['a', 'b']]);
    const second = await secretary('GET', `${path}?patientId=${patientId}&limit=2&cursor=${nextCursor}`);
    expect(second.body.items).toMatchObject([{ text: 'c' }]);
    expect(second.body.nextCursor).toBeUndefined();
  });

  it('is for the practice and for the patient', async () => {
    const { patientId } = await recorded();
    const list = (who: Caller) => who('GET', `${path}?patientId=${patientId}`);
    expect((await list(await asPatient(patientId))).body.items).toHaveLength(1);
    expect((await list(await asPatient(randomUUID()))).status).toBe(403);
    expect((await list(await service.as({ roles: ['admin'] }))).status).toBe(403);
    expect((await fetch(`${service.base}${path}?patientId=${patientId}`)).status).toBe(401);
  });
});

describe('GET /api/notifications/{id}', () => {
  it('gives it to the practice and to its patient; to others it does not exist', async () => {
    const { patientId, its } = await recorded();
    expect((await secretary('GET', its)).body).toMatchObject({ patientId, version: 1 });
    expect((await (await asPatient(patientId))('GET', its)).status).toBe(200);
    const stranger = await asPatient(randomUUID());
    const missing = await stranger('GET', `${path}/${randomUUID()}`);
    const hidden = await stranger('GET', its);
    expect([hidden.status, hidden.body.code]).toEqual([404, 'NOTIFICATION.NOT_FOUND']);
    expect(hidden.body.title).toBe(missing.body.title);
    expect((await service.actionsOn(patientId)).slice(1)).toEqual([
      'GET /api/notifications/:id 200',
      'GET /api/notifications/:id 200',
      'GET /api/notifications/:id 404',
    ]);
  });
});

describe('PUT /api/notifications/{id}', () => {
  it('changes the version that was read, once', async () => {
    const { id, patientId, its } = await recorded();
    const change = (text: string, headers = {}) => secretary('PUT', its, { text }, headers);
    expect((await change('Toux')).status).toBe(428);
    const changed = await change('Toux', v(1));
    expect([changed.status, changed.body.text, changed.headers.get('etag')]).toEqual([200, 'Toux', '"v2"']);
    expect((await change('Fièvre', v(1))).status).toBe(412);
    expect((await change('Toux', v(2))).body.version).toBe(2);
    expect(await service.textsOf(patientId)).toEqual(['Toux']);
    expect(await service.told(id, 2)).toEqual(['notification.recorded', 'notification.updated']);
  });

  it('lets one of many changes of the same version win', async () => {
    const { patientId, its } = await recorded();
    const texts = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(texts.map((text) => secretary('PUT', its, { text }, v(1))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect(await service.textsOf(patientId)).toEqual([winner?.body.text]);
  });

  it('does not exist for another patient', async () => {
    const { patientId, its } = await recorded();
    const stranger = await asPatient(randomUUID());
    expect((await stranger('PUT', its, { text: 'Toux' }, v(1))).status).toBe(404);
    expect(await service.textsOf(patientId)).toEqual(['Douleur depuis mardi']);
  });
});

describe('a patient who', () => {
  const event = (type: string, data: object) => ({ id: randomUUID(), type, source: 'patient', data });
  const merged = (patientId: string, mergedIntoPatientId: string) =>
    event('patient.merged', { patientId, version: 2, mergedIntoPatientId });
  const erased = (patientId: string) => event('patient.erased', { patientId, version: 3 });

  it('was merged is followed, once, and by the old id, too', async () => {
    const { id, patientId } = await recorded();
    const survivor = randomUUID();
    const told = merged(patientId, survivor);
    for (let times = 0; times < 2; times += 1) expect((await service.hear('patient', told)).status).toBe(200);
    expect([await service.textsOf(patientId), (await service.textsOf(survivor)).length]).toEqual([[], 1]);
    expect(await service.told(id, 2)).toEqual(['notification.recorded', 'notification.updated']);
    expect(eventsOf(id)).toMatchObject([{ data: { patientId } }, { data: { version: 2, patientId: survivor } }]);
    const self = await asPatient(survivor);
    const accesses = (await self('GET', `/system/accesses/${patientId}`)).body.items;
    expect(accesses.map(({ action }: { action: string }) => action)).toEqual([`POST ${path}`]);
    const later = await secretary('POST', path, { patientId, text: 'Toux' });
    expect(later.body.patientId).toBe(survivor);
    expect((await secretary('GET', `${path}?patientId=${patientId}`)).body.items).toHaveLength(2);
  });

  it('was erased leaves nothing, and nothing more is recorded for them', async () => {
    const { patientId, its } = await recorded();
    const key = { 'idempotency-key': patientId };
    await secretary('POST', path, { patientId, text: 'Toux' }, key);
    await service.hear('patient', erased(patientId));
    expect(await service.textsOf(patientId)).toEqual([]);
    expect((await secretary('GET', its)).status).toBe(404);
    expect(await service.told(patientId, 1)).toEqual(['notification.patient-data-erased']);
    const what = expect.arrayContaining([{ kind: 'notifications', count: 2, outcome: 'erased' }]);
    expect(service.published.at(-1)?.data).toEqual({ patientId, what });
    const later = await secretary('POST', path, { patientId, text: 'Toux' }, key);
    expect([later.status, later.body.code]).toEqual([410, 'NOTIFICATION.PATIENT_ERASED']);
    expect(await service.textsOf(patientId)).toEqual([]);
  });

  it('has a copy of all that is kept of them, and nobody else has', async () => {
    const { id, patientId } = await recorded();
    const its = `/system/patient-data/${patientId}`;
    const given = await (await asPatient(patientId))('GET', its);
    expect(given.body).toMatchObject({ patientId, sections: { notifications: [{ id }] } });
    expect((await (await asPatient(randomUUID()))('GET', its)).status).toBe(403);
    expect((await secretary('GET', its)).status).toBe(403);
  });

  it('was merged into one who was erased leaves nothing either', async () => {
    const { patientId } = await recorded();
    const survivor = randomUUID();
    await service.hear('patient', erased(survivor));
    await service.hear('patient', merged(patientId, survivor));
    expect([await service.textsOf(patientId), await service.textsOf(survivor)]).toEqual([[], []]);
  });
});
