import { randomUUID } from 'node:crypto';
import type { Section } from '@cabinet/kit/access/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { acting, type NotificationService, startService, typeId } from './support.ts';

let service: NotificationService;
let secretary: Caller;
beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'], sub: 'sophie' });
});
afterAll(() => service?.stop());

const path = '/api/notifications';
const start = '2026-12-08T08:30:00Z';
const v = (version: number) => ({ 'if-match': `"v${version}"` });
const asPatient = (patientId: string) => service.as({ roles: ['patient'], patientId, sub: randomUUID() });
const asGuardian = (patientId: string, child: string, sections: Section[] = ['details', 'appointments']) =>
  service.as({
    ...{ roles: ['patient'], patientId, sub: randomUUID() },
    acts_for: [{ patient: child, as: 'guardian', sections }],
  });
const booked = async (more = {}) => {
  const claire = service.patient();
  const { visit } = await service.visit(claire.id, start, more);
  await service.settled();
  return { claire, visit, lines: await service.ledger(visit.id) };
};

describe('GET /api/notifications', () => {
  it('is the ledger of a patient, what is due last in front, page by page', async () => {
    const { claire, visit } = await booked();
    const first = await secretary('GET', `${path}?patientId=${claire.id}&limit=3`);
    expect(first.body.items.map(({ step, state }: Record<string, string>) => [step, state])).toEqual([
      ['P1D', 'planned'],
      ['P2D', 'planned'],
      ['P7D', 'planned'],
    ]);
    const rest = await secretary('GET', `${path}?patientId=${claire.id}&limit=3&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ kind: 'confirmation', state: 'sent', templateVersion: 'file:2' }] });
    expect(rest.body.nextCursor).toBeUndefined();
    const filtered = async (query: string) => (await secretary('GET', `${path}?${query}`)).body.items.length;
    expect(await filtered(`appointmentId=${visit.id}&channel=sms`)).toBe(1);
    expect(await filtered(`patientId=${claire.id}&state=sent`)).toBe(1);
    expect(await filtered(`patientId=${claire.id}&kind=reminder`)).toBe(3);
    expect(await filtered(`patientId=${claire.id}&day=2026-12-07`)).toBe(2);
  });

  it('is for those who work for every practitioner, the patient and who acts for them, and for nobody else', async () => {
    const { claire, lines } = await booked();
    const paul = service.patient();
    const list = async (who: Caller, query = `patientId=${claire.id}`) => (await who('GET', `${path}?${query}`)).status;
    expect(await list(await asPatient(claire.id))).toBe(200);
    expect(await list(await asGuardian(paul.id, claire.id))).toBe(200);
    expect(await list(await asPatient(paul.id))).toBe(403);
    expect(await list(await asPatient(claire.id), 'day=2026-12-07')).toBe(403);
    expect(await list(secretary, 'day=2026-12-07')).toBe(200);
    const practitionerId = randomUUID();
    for (const who of [
      await service.as({ roles: ['admin'] }),
      await service.as({ roles: ['practitioner'], practitionerId }),
      await service.as({ roles: ['secretary'], delegated: [] }),
      await service.as({
        roles: ['secretary'],
        delegated: [{ practitioner: practitionerId, as: 'secretary', scopes: ['agenda'] }],
      }),
    ]) {
      expect([await list(who), await list(who, 'day=2026-12-07')]).toEqual([403, 403]);
      const its = `${path}/${lines[0]?.id}`;
      expect([(await who('GET', its)).body.content, (await who('POST', `${its}/resend`)).body.id]).toEqual([
        undefined,
        undefined,
      ]);
    }
    expect(await service.actionsOn(claire.id)).toEqual(
      expect.arrayContaining(['GET /api/notifications 200', 'GET /api/notifications 403']),
    );
  });

  it('shows guardians nothing of what is kept from them, in list or by id', async () => {
    const child = service.patient();
    const paul = service.patient();
    await acting(service, child.id, paul.id);
    const { visit } = await service.visit(child.id, start, { keptFromGuardians: true });
    await service.settled();
    const guardian = await asGuardian(paul.id, child.id);
    expect((await guardian('GET', `${path}?patientId=${child.id}`)).body.items).toEqual([]);
    const [line] = await service.ledger(visit.id);
    expect((await guardian('GET', `${path}/${line?.id}`)).status).toBe(404);
    expect((await (await asPatient(child.id))('GET', `${path}/${line?.id}`)).status).toBe(200);
  });

  it.each([
    ['day=2026-02-30', 'day'],
    ['state=lost', 'state'],
    ['cursor=x', 'cursor'],
  ])('refuses %s', async (query, field) => {
    const answer = await secretary('GET', `${path}?${query}`);
    expect([answer.status, answer.body.fields[0].path]).toEqual([422, field]);
  });
});

describe('GET /api/notifications/{id}', () => {
  it('has what left, for those who may read it, until that is forgotten', async () => {
    const { claire, lines } = await booked();
    const its = `${path}/${lines[0]?.id}`;
    const answer = await secretary('GET', its);
    expect(answer.body.content.subject).toBe('Rendez-vous confirmé – Cabinet des Lilas');
    expect(answer.body.content.text).toContain('Claire Lefèvre');
    expect((await (await asPatient(randomUUID()))('GET', its)).status).toBe(404);
    await service.sql.query('update decision set text_values = null where patient_id = $1', [claire.id]);
    expect((await secretary('GET', its)).body.content).toBeUndefined();
  });
});

describe('POST /api/notifications/{id}/resend', () => {
  it('makes a decision of its own, once for each key, which says who asked', async () => {
    const { claire, lines } = await booked();
    const key = { 'idempotency-key': randomUUID() };
    const again = () => secretary('POST', `${path}/${lines[0]?.id}/resend`, undefined, key);
    const answer = await again();
    expect([answer.status, answer.body.resendOf, answer.body.askedBy]).toEqual([201, lines[0]?.id, 'sophie']);
    expect((await again()).body.id).toBe(answer.body.id);
    await service.settled();
    // It was confirmed already: nothing new is so.
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(2);
  });

  it('answers each of several at once with what it made, or with the one that stands in its place', async () => {
    const paul = service.patient();
    const { claire, lines } = await booked();
    await acting(service, claire.id, paul.id);
    const its = `${path}/${lines[0]?.id}/resend`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => secretary('POST', its)));
    for (const { status, body } of answers) {
      expect([status, body.resendOf, body.recipientId]).toEqual([201, lines[0]?.id, claire.id]);
      expect((await secretary('GET', `${path}/${body.id}`)).status).toBe(200);
    }
  });

  it('refuses what is still to be sent, what is no longer so, and who may not', async () => {
    const { claire, visit, lines } = await booked();
    const planned = lines.find(({ step }) => step === 'P7D')?.id;
    expect((await secretary('POST', `${path}/${planned}/resend`)).body.code).toBe('NOTIFICATION.UNDER_WAY');
    await service.sql.query(`update decision set state = 'suppressed', reason = 'superseded' where id = $1`, [planned]);
    expect((await secretary('POST', `${path}/${planned}/resend`)).body.code).toBe('NOTIFICATION.NO_LONGER_SO');
    expect((await (await asPatient(claire.id))('POST', `${path}/${lines[0]?.id}/resend`)).status).toBe(403);
    expect((await secretary('POST', `${path}/${randomUUID()}/resend`)).status).toBe(404);
    expect(await service.ledger(visit.id)).toHaveLength(4);
  });
});

describe('POST /api/notify', () => {
  it('writes to patients and who acts for them by a template alone', async () => {
    const [child, paul] = [service.patient({ givenNames: ['Émile'], emails: [] }), service.patient()];
    await acting(service, child.id, paul.id, { sections: ['details', 'record'] });
    const answer = await secretary('POST', '/api/notify', { template: 'results-ready', patientIds: [child.id] });
    expect([answer.status, answer.body.items.length]).toEqual([202, 2]);
    await service.settled();
    expect(service.email.to(paul.emails[0] as string)[0]?.text).toContain('pour Émile, vous attend');
    const { rows } = await service.sql.query(
      'select state, reason from decision where occasion_id = $1 order by state',
      [answer.body.items[0].occasionId],
    );
    expect(rows).toEqual([
      { state: 'sent', reason: null },
      { state: 'suppressed', reason: 'no-address' },
    ]);
  });

  it('tells those who act for a patient nothing of a section in which they do not', async () => {
    const [lea, paul] = [service.patient(), service.patient()];
    await acting(service, lea.id, paul.id);
    const ids = new Map<string, string>();
    for (const template of ['results-ready', 'document-received', 'call-us']) {
      const { items } = (await secretary('POST', '/api/notify', { template, patientIds: [lea.id] })).body;
      expect(items).toHaveLength(template === 'call-us' ? 2 : 1);
      ids.set(template, items[0].id);
    }
    const accessId = randomUUID();
    const data = {
      ...{ patientId: lea.id, version: 1, accessId, practitionerId: randomUUID() },
      reasonCode: 'urgent-symptoms',
    };
    await service.hear('record', { id: randomUUID(), type: 'record.emergency-access-opened', source: 'record', data });
    await service.settled();
    ids.set('emergency-access', (await service.ledger(accessId))[0]?.id as string);
    expect(service.email.to(paul.emails[0] as string)).toHaveLength(1);
    const seen = async (...sections: Section[]) => {
      const who = await asGuardian(paul.id, lea.id, sections);
      const { items = [] } = (await who('GET', `${path}?patientId=${lea.id}`)).body;
      const listed = new Set(items.map(({ kind }: { kind: string }) => kind));
      for (const [kind, id] of ids) {
        expect([kind, (await who('GET', `${path}/${id}`)).status]).toEqual([kind, listed.has(kind) ? 200 : 404]);
      }
      return [...listed].sort();
    };
    expect(await seen('details', 'appointments')).toEqual(['call-us']);
    expect(await seen('record')).toEqual(['document-received', 'results-ready']);
    expect(await seen('accesses')).toEqual(['emergency-access']);
    expect(await seen('details')).toEqual([]);
  });

  it('tells guardians nothing of what the asker says is kept from them, nor that it was asked for', async () => {
    const paul = service.patient();
    const lea = service.patient({ emails: [paul.emails[0] as string, `${randomUUID()}@example.org`] });
    await acting(service, lea.id, paul.id, { sections: ['details', 'appointments', 'record', 'accesses'] });
    const order = { template: 'results-ready', patientIds: [lea.id], keptFromGuardians: true };
    const { items } = (await secretary('POST', '/api/notify', order)).body;
    expect(items.map(({ recipientId }: { recipientId: string }) => recipientId)).toEqual([lea.id]);
    await service.settled();
    expect(lea.emails.map((address) => service.email.to(address).length)).toEqual([0, 1]);
    const guardian = await asGuardian(paul.id, lea.id, ['details', 'appointments', 'record']);
    expect((await guardian('GET', `${path}?patientId=${lea.id}`)).body.items).toEqual([]);
    expect((await guardian('GET', `${path}/${items[0].id}`)).status).toBe(404);
    expect((await (await asPatient(lea.id))('GET', `${path}/${items[0].id}`)).status).toBe(200);
    const { rows } = await service.sql.query(
      `select audit_event from audit_event where subjects @> array[$1] and action = 'POST /api/notify'`,
      [lea.id],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).toContain('kept-from-guardians');
  });

  it('answers a repeat whose first answer was lost with what was decided then', async () => {
    const claire = service.patient();
    const body = { template: 'document-received', patientIds: [claire.id], channels: ['email', 'sms'] };
    const key = { 'idempotency-key': randomUUID() };
    const first = await secretary('POST', '/api/notify', body, key);
    await service.sql.query(
      `update idempotency_key set answer = null, claimed_at = claimed_at - interval '61 seconds' where key = $1`,
      [key['idempotency-key']],
    );
    const ids = ({ body: { items } }: typeof first) => items.map(({ id }: { id: string }) => id);
    const again = await secretary('POST', '/api/notify', body, key);
    expect([again.status, ids(again)]).toEqual([202, ids(first)]);
    for (const id of ids(again)) expect((await secretary('GET', `${path}/${id}`)).status).toBe(200);
    await service.settled();
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(1);
  });

  it('is for services, and sends nothing twice to a repeat', async () => {
    const claire = service.patient();
    const body = { template: 'document-received', patientIds: [claire.id] };
    const key = { 'idempotency-key': randomUUID() };
    const first = await service.sidecar('POST', '/api/notify', body, key);
    const again = await service.sidecar('POST', '/api/notify', body, key);
    expect([first.status, again.body]).toEqual([202, first.body]);
    await service.settled();
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(1);
  });

  it.each([
    ['a text', { text: 'Votre biopsie' }, 'text'],
    ['a template that there is not', { template: 'diagnosis' }, 'template'],
    ['nobody', { patientIds: [] }, 'patientIds'],
    [
      'more recipients than one may ask for',
      { patientIds: Array.from({ length: 101 }, () => randomUUID()) },
      'patientIds',
    ],
    ['somebody whom the practice does not have', { patientIds: [randomUUID()] }, 'patientIds[0]'],
  ])('refuses %s, and decides nothing', async (_, wrong, field) => {
    const { rows: before } = await service.sql.query('select count(*) from decision');
    const body = { template: 'call-us', patientIds: [service.patient().id], ...wrong };
    const answer = await secretary('POST', '/api/notify', body);
    expect([answer.status, answer.body.fields[0].path]).toEqual([422, field]);
    expect((await service.sql.query('select count(*) from decision')).rows).toEqual(before);
  });

  it('answers 503 while the patient service is away, and decides nothing', async () => {
    const claire = service.patient();
    service.neighbours.away.add('patient');
    const answer = await secretary('POST', '/api/notify', { template: 'call-us', patientIds: [claire.id] });
    service.neighbours.away.clear();
    expect(answer.status).toBe(503);
    expect((await secretary('GET', `${path}?patientId=${claire.id}`)).body.items).toEqual([]);
  });
});

describe('policies', () => {
  const current = '/api/notification-policies/current';

  it('are set in versions, each with its author, and what lies ahead is planned anew', async () => {
    const { visit } = await booked();
    const { policy, version } = (await secretary('GET', current)).body;
    const reminders = [{ channel: 'sms', daysBefore: 3, at: '11:00' }];
    expect((await secretary('PUT', current, { ...policy, reminders })).status).toBe(428);
    const set = await secretary('PUT', current, { ...policy, reminders }, v(version));
    expect([set.status, set.headers.get('etag'), set.body.setBy]).toEqual([200, `"v${version + 1}"`, 'sophie']);
    expect((await secretary('PUT', current, policy, v(version))).status).toBe(412);
    const reminded = async () =>
      (await service.states(visit.id)).filter((line) => line.startsWith('reminder') && line.endsWith('planned'));
    await expect.poll(reminded, { timeout: 60_000 }).toEqual(['reminder P3D sms planned']);
    await secretary('PUT', current, policy, v(version + 1));
    await expect
      .poll(reminded, { timeout: 60_000 })
      .toEqual(['reminder P7D email planned', 'reminder P2D sms planned', 'reminder P1D email planned']);
    const history = (await secretary('GET', '/api/notification-policies')).body.items;
    expect(history.map((each: { version: number }) => each.version).slice(0, 2)).toEqual([version + 2, version + 1]);
    const patient = await asPatient(randomUUID());
    expect((await patient('GET', current)).status).toBe(403);
  });

  it('are previewed: what an appointment would send when', async () => {
    const asked = {
      appointmentTypeId: typeId,
      start: '2027-03-29T09:30:00+02:00',
      bookedAt: '2027-01-04T09:00:00+01:00',
    };
    const { body } = await secretary('POST', '/api/notification-policies/preview', asked);
    expect(body.zone).toBe('Europe/Paris');
    expect(body.messages.map(({ kind, step, dueAt }: Record<string, string>) => [kind, step, dueAt])).toEqual([
      ['confirmation', '', '2027-01-04T08:00:00.000Z'],
      ['reminder', 'P7D', '2027-03-22T09:00:00.000Z'],
      ['reminder', 'P2D', '2027-03-27T09:00:00.000Z'],
      // The clocks have gone forward that night.
      ['reminder', 'P1D', '2027-03-28T08:00:00.000Z'],
    ]);
  });

  it.each([
    [
      'a time that there is not',
      { lateMinutes: 10, reminders: [{ channel: 'sms', daysBefore: 1, at: '25:00' }] },
      'reminders[0].at',
    ],
    [
      'the same reminder twice',
      { reminders: Array(2).fill({ channel: 'sms', daysBefore: 1, at: '10:00' }) },
      'reminders',
    ],
    ['a channel that there is not', { confirmation: { channels: ['fax'] } }, 'confirmation.channels[0]'],
  ])('refuse %s', async (_, wrong, field) => {
    const { policy, version } = (await secretary('GET', current)).body;
    const answer = await secretary('PUT', current, { ...policy, ...wrong }, v(version));
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map(({ path: where }: { path: string }) => where)).toContain(field);
  });
});

describe('templates', () => {
  const its = '/api/notification-templates/call-us/fr';

  it('are set in versions, sent from then on, and old messages are shown as they were', async () => {
    const before = await secretary('GET', its);
    expect([before.body.version, before.headers.get('etag'), before.body.versions]).toEqual(['file:1', '"v0"', []]);
    const text = {
      subject: 'Rappelez-nous',
      text: 'Bonjour {{recipient}}, rappelez {{practice}}.',
      short: '{{practice}} : rappelez.',
    };
    const preview = await secretary('POST', `${its}/preview`, text);
    expect(preview.body.text).toBe('Bonjour Claire Lefèvre, rappelez Cabinet des Lilas.');
    const set = await secretary('PUT', its, text, v(0));
    expect([set.status, set.body.version, set.body.versions[0].setBy]).toEqual([200, 'practice:1', 'sophie']);
    const claire = service.patient();
    const asked = await secretary('POST', '/api/notify', { template: 'call-us', patientIds: [claire.id] });
    await service.settled();
    const sent = (await secretary('GET', `${path}/${asked.body.items[0].id}`)).body;
    await secretary('PUT', its, { ...text, subject: 'Encore' }, v(1));
    expect((await secretary('GET', `${path}/${sent.id}`)).body.content).toEqual(sent.content);
    expect([sent.templateVersion, sent.content.subject]).toEqual(['practice:1', 'Rappelez-nous']);
    expect((await secretary('GET', `${its}/preview`)).body.subject).toBe('Encore');
  });

  it('refuse what is not known, what is empty, and what there is not', async () => {
    const text = { subject: 'x', text: '{{practice}} {{diagnosis}}', short: 'x' };
    const refused = await secretary('PUT', its, text, { 'if-match': '*' });
    expect([refused.status, refused.body.fields[0]]).toEqual([
      422,
      expect.objectContaining({ path: 'text', code: 'UNKNOWN_VARIABLE' }),
    ]);
    expect((await secretary('PUT', its, { ...text, text: ' ' }, { 'if-match': '*' })).status).toBe(422);
    expect((await secretary('GET', '/api/notification-templates/nothing/fr')).body.code).toBe(
      'NOTIFICATION.TEMPLATE_UNKNOWN',
    );
    expect((await secretary('GET', '/api/notification-templates')).body.items).toHaveLength(34);
  });
});

describe('preferences', () => {
  const of = (id: string) => `/api/notification-preferences/${id}`;

  it('are of the patient, who acts for them, and the desk; what is about access is not to choose', async () => {
    const [claire, paul] = [service.patient(), service.patient()];
    const wanted = { unwanted: [{ topic: 'reminders', channel: 'sms' }] };
    const guardian = await asGuardian(paul.id, claire.id);
    expect((await guardian('PUT', of(claire.id), wanted, v(0))).body).toEqual({
      patientId: claire.id,
      version: 1,
      ...wanted,
    });
    expect((await secretary('PUT', of(claire.id), { language: 'en', unwanted: [] }, v(1))).body.language).toBe('en');
    expect((await secretary('PUT', of(claire.id), wanted, v(1))).status).toBe(412);
    expect((await (await asPatient(paul.id))('PUT', of(claire.id), wanted, v(2))).status).toBe(403);
    const security = { unwanted: [{ topic: 'security', channel: 'email' }] };
    expect((await secretary('PUT', of(claire.id), security, v(2))).status).toBe(422);
    expect((await secretary('GET', of(claire.id))).body).toMatchObject({ version: 2, unwanted: [] });
  });
});

describe('preferences of a minor', () => {
  const of = (id: string) => `/api/notification-preferences/${id}`;
  const wanted = { unwanted: [{ topic: 'reminders', channel: 'email' }] };

  it('are their own from the age on from which what is medical is: no guardian or carer sets them', async () => {
    const [lea, paul, rose] = [service.patient(), service.patient(), service.patient()];
    const ends = [{ section: 'record', at: '2026-11-20T09:00:00Z' }];
    await acting(service, lea.id, paul.id, { sections: ['details', 'appointments', 'record'], ends });
    await acting(service, lea.id, rose.id, { relationship: 'carer', sections: ['appointments'] });
    const carer = await service.as({
      ...{ roles: ['patient'], patientId: rose.id, sub: randomUUID() },
      acts_for: [{ patient: lea.id, as: 'carer', sections: ['appointments'] }],
    });
    for (const who of [await asGuardian(paul.id, lea.id), carer]) {
      const answer = await who('PUT', of(lea.id), wanted, v(0));
      expect([answer.status, answer.body.code]).toEqual([403, 'NOTIFICATION.NOT_YOURS']);
      expect((await who('GET', of(lea.id))).body).toMatchObject({ version: 0, unwanted: [] });
    }
    expect((await (await asPatient(lea.id))('PUT', of(lea.id), wanted, v(0))).status).toBe(200);
    expect((await secretary('PUT', of(lea.id), { unwanted: [] }, v(1))).status).toBe(200);
  });

  it('are their guardians’ until then, and those of adults who is acted for stay their carers’', async () => {
    const [tom, paul, jean, rose] = [service.patient(), service.patient(), service.patient(), service.patient()];
    await acting(service, tom.id, paul.id, { sections: ['details', 'appointments', 'record'] });
    expect((await (await asGuardian(paul.id, tom.id))('PUT', of(tom.id), wanted, v(0))).status).toBe(200);
    await acting(service, jean.id, rose.id, { relationship: 'carer', sections: ['appointments'] });
    const carer = await service.as({
      ...{ roles: ['patient'], patientId: rose.id, sub: randomUUID() },
      acts_for: [{ patient: jean.id, as: 'carer', sections: ['appointments'] }],
    });
    expect((await carer('PUT', of(jean.id), wanted, v(0))).status).toBe(200);
  });
});

describe('a copy of all that is kept of a patient', () => {
  it('has what was decided about them, and what they want', async () => {
    const { claire } = await booked();
    const given = await (await asPatient(claire.id))('GET', `/system/patient-data/${claire.id}`);
    expect(given.body.sections.notifications).toHaveLength(4);
    expect(given.body.sections.notificationPreferences).toEqual([{ unwanted: [] }]);
  });
});
