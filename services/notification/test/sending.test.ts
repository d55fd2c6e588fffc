import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, until } from '../../../tests/support/http.ts';
import { acting, type NotificationService, startService } from './support.ts';

let service: NotificationService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

const back = () => service.clock.set(new Date('2026-11-20T10:00:00Z'));
const start = '2026-12-08T08:30:00Z';
const remindersTo = ({ emails }: { emails: string[] }) =>
  service.email.to(emails[0] as string).filter(({ subject }) => subject?.startsWith('Rappel'));

interface Read {
  id: string;
  appointmentId?: string;
  kind: string;
  step: string;
  state: string;
  reason?: string;
  content?: { text: string };
}
/** All that a guardian reads of a child in the ledger, with what left. */
async function readBy(guardianId: string, childId: string): Promise<Read[]> {
  // By the clock of the services, which tests set ahead.
  const expiresIn = Math.max(600, Math.ceil((service.clock.now().getTime() - Date.now()) / 1_000) + 600);
  const guardian = await service.as({
    ...{ roles: ['patient'], patientId: guardianId, sub: randomUUID(), expiresIn },
    acts_for: [{ patient: childId, as: 'guardian', sections: ['details', 'appointments'] }],
  });
  const { items } = (await guardian('GET', `/api/notifications?patientId=${childId}&limit=200`)).body;
  return Promise.all(items.map(async ({ id }: Read) => (await guardian('GET', `/api/notifications/${id}`)).body));
}

describe('a visit that was booked', () => {
  it('is confirmed at once, and reminded of when the practice says, each message once', async () => {
    back();
    const claire = service.patient();
    const { visit } = await service.visit(claire.id, start);
    expect(await service.states(visit.id)).toEqual([
      'confirmation email sent',
      'reminder P7D email planned',
      'reminder P2D sms planned',
      'reminder P1D email planned',
    ]);
    const [mail] = service.email.to(claire.emails[0] as string);
    expect(mail).toMatchObject({
      ...{ language: 'fr', subject: 'Rendez-vous confirmé – Cabinet des Lilas', attempt: 1 },
      calendar: {
        ...{ method: 'REQUEST', uid: `${visit.id}@cabinet`, sequence: 0, zone: 'Europe/Paris' },
        ...{ start: '2026-12-08T08:30:00.000Z', end: '2026-12-08T08:45:00.000Z', attendee: claire.emails[0] },
        ...{ organizer: 'lilas@cabinet.example', title: 'Rendez-vous confirmé – Cabinet des Lilas' },
      },
    });
    expect(mail?.text).toContain('Bonjour Claire Lefèvre');
    expect(mail?.text).toContain('mardi 8 décembre 2026 à 09:30, Alice Bernard, Lilas');
    await service.at('2026-12-01T09:00:00Z');
    await service.at('2026-12-07T09:00:00Z');
    expect(await service.states(visit.id)).toEqual([
      'confirmation email sent',
      'reminder P7D email sent',
      'reminder P2D sms sent',
      'reminder P1D email sent',
    ]);
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(3);
    const [sms] = service.sms.to(claire.phones[0] as string);
    expect(sms?.text).toMatch(
      /^Cabinet des Lilas : rappel, mardi 8 décembre 2026 à 09:30\. Empêchement \? https:\/\/cabinet\.example\/api\/notifications\/links\/[\w-]{44}$/,
    );
    expect([sms?.subject, sms?.html, sms?.calendar]).toEqual([undefined, undefined, undefined]);
    expect(await service.told(claire.id, 4)).toEqual(Array(4).fill('notification.sent'));
    const told = service.published.filter(({ data }) => (data as { patientId?: string }).patientId === claire.id);
    expect(JSON.stringify(told)).not.toMatch(/Lefèvre|example\.org|\+33/);
  });

  it('is planned once, however often that is told', async () => {
    back();
    const claire = service.patient();
    const { visit } = await service.visit(claire.id, start);
    const event = (version: number) => ({
      ...{ id: randomUUID(), type: 'appointment.booked', source: 'appointment' },
      data: {
        ...{ appointmentId: visit.id, version, patientId: claire.id, practitionerId: visit.practitionerId },
        ...{ appointmentTypeId: visit.appointmentTypeId, status: 'booked', start: visit.start.toISOString() },
        end: visit.end.toISOString(),
      },
    });
    const twice = event(1);
    await service.hear('appointment', twice, twice);
    await service.hear('appointment', event(1));
    expect((await service.states(visit.id)).filter((line) => line.startsWith('confirmation'))).toEqual([
      'confirmation email sent',
    ]);
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(1);
  });

  it('is written of in the language of its recipient, and not by a channel that they declined', async () => {
    back();
    const claire = service.patient();
    const self = await service.as({ roles: ['patient'], patientId: claire.id, sub: randomUUID() });
    const wanted = { language: 'en', unwanted: [{ topic: 'reminders', channel: 'email' }] };
    const path = `/api/notification-preferences/${claire.id}`;
    expect((await self('PUT', path, wanted, { 'if-match': '"v0"' })).status).toBe(200);
    const { visit } = await service.visit(claire.id, start);
    await service.settled();
    await service.at('2026-12-01T09:00:00Z');
    expect((await service.states(visit.id)).slice(0, 2)).toEqual([
      'confirmation email sent',
      'reminder P7D email suppressed opted-out',
    ]);
    expect(service.email.to(claire.emails[0] as string)[0]?.text).toContain('Tuesday 8 December 2026 at 09:30');
  });

  it('says in the ledger that there is no address', async () => {
    back();
    const { visit } = await service.visit(service.patient({ emails: [] }).id, start);
    expect((await service.states(visit.id))[0]).toBe('confirmation email suppressed no-address');
  });

  it('is told of to nobody whom the practice no longer sees', async () => {
    back();
    const { visit } = await service.visit(service.patient({ active: false }).id, start);
    expect((await service.states(visit.id))[0]).toBe('confirmation email suppressed hidden');
  });
});

describe('a visit that was moved', () => {
  it('is told of after ten minutes of quiet; the reminders of the old time are superseded', async () => {
    back();
    const claire = service.patient();
    const { visit, tell } = await service.visit(claire.id, start);
    await service.settled();
    await tell('moved', { start: new Date('2026-12-09T10:00:00Z'), end: new Date('2026-12-09T10:15:00Z') });
    await service.at('2026-11-20T10:09:59Z');
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(1);
    await service.at('2026-11-20T10:10:00Z');
    expect(await service.states(visit.id)).toEqual([
      'confirmation email sent',
      'reminder P7D email suppressed superseded',
      'reminder P2D sms suppressed superseded',
      'reminder P1D email suppressed superseded',
      'moved email sent',
      'moved sms sent',
      'reminder P7D email planned',
      'reminder P2D sms planned',
      'reminder P1D email planned',
    ]);
    const mail = service.email.to(claire.emails[0] as string)[1];
    expect(mail?.calendar).toMatchObject({ method: 'REQUEST', uid: `${visit.id}@cabinet`, sequence: 1 });
    expect(mail?.text).toContain('prévu mardi 8 décembre 2026 à 09:30');
  });

  it('and moved back within these tells nothing', async () => {
    back();
    const claire = service.patient();
    const { visit, tell } = await service.visit(claire.id, start);
    await service.settled();
    await tell('moved', { start: new Date('2026-12-09T10:00:00Z') });
    await tell('moved', { start: new Date(start) });
    await service.at('2026-11-20T11:00:00Z');
    const changes = (await service.states(visit.id)).filter((line) => line.startsWith('moved'));
    expect(new Set(changes.map((line) => line.replace(/email|sms/, '')))).toEqual(
      new Set(['moved  suppressed superseded']),
    );
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(1);
    expect(service.sms.to(claire.phones[0] as string)).toHaveLength(0);
  });

  it('and then cancelled within these tells the cancellation alone, which takes it out of the calendar', async () => {
    back();
    const claire = service.patient();
    const { visit, tell } = await service.visit(claire.id, start);
    await service.settled();
    await tell('moved', { start: new Date('2026-12-09T10:00:00Z') });
    await tell('cancelled', { cancellationCode: 'prov' });
    await service.at('2026-11-20T11:00:00Z');
    const lines = await service.states(visit.id);
    expect(lines.filter((line) => line.includes(' sent'))).toEqual([
      'confirmation email sent',
      'cancelled email sent',
      'cancelled sms sent',
    ]);
    expect(lines.some((line) => line.endsWith('planned'))).toBe(false);
    const mail = service.email.to(claire.emails[0] as string)[1];
    expect(mail?.subject).toBe('Rendez-vous annulé par le cabinet – Cabinet des Lilas');
    expect(mail?.calendar).toMatchObject({ method: 'CANCEL', uid: `${visit.id}@cabinet`, sequence: 2 });
  });
});

describe('a cancellation', () => {
  it('beats a reminder that is due, also when it was not heard of yet', async () => {
    back();
    const claire = service.patient();
    const { visit } = await service.visit(claire.id, start);
    await service.settled();
    visit.status = 'cancelled';
    await service.at('2026-12-01T09:00:00Z');
    expect((await service.states(visit.id))[1]).toBe('reminder P7D email suppressed superseded');
    expect(service.email.to(claire.emails[0] as string)).toHaveLength(1);
  });
});

describe('a request', () => {
  it('that the practice declines is told to who asked, and nothing when it is their own secret', async () => {
    back();
    const [child, paul] = [service.patient(), service.patient()];
    await acting(service, child.id, paul.id);
    const asked = await service.visit(child.id, start, { status: 'pending' });
    const kept = await service.visit(child.id, start, { status: 'pending', keptFromGuardians: true });
    expect(await service.states(asked.visit.id)).toEqual([]);
    for (const { tell } of [asked, kept]) await tell('declined');
    await service.at('2026-11-20T10:11:00Z');
    expect(await service.states(asked.visit.id)).toEqual([
      ...Array(2).fill('declined email sent'),
      ...Array(2).fill('declined sms sent'),
    ]);
    const mails = (who: { emails: string[] }) =>
      service.email.to(who.emails[0] as string).map(({ subject }) => subject);
    expect(mails(child)).toEqual(Array(2).fill('Votre demande de rendez-vous – Cabinet des Lilas'));
    expect(mails(paul)).toHaveLength(1);
    expect(service.email.to(paul.emails[0] as string)[0]?.calendar).toBeUndefined();
    expect((await readBy(paul.id, child.id)).map(({ appointmentId }) => appointmentId)).not.toContain(kept.visit.id);
  });
});

describe('several visits on one day', () => {
  it('are told by one reminder, which the ledger says of each', async () => {
    back();
    const claire = service.patient();
    const first = await service.visit(claire.id, start);
    const second = await service.visit(claire.id, '2026-12-08T14:00:00Z');
    const other = await service.visit(claire.id, '2026-12-08T15:00:00Z');
    await service.settled();
    other.visit.status = 'cancelled';
    await service.at('2026-12-01T09:00:00Z');
    expect((await service.states(first.visit.id))[1]).toBe('reminder P7D email sent');
    expect((await service.states(second.visit.id))[1]).toBe('reminder P7D email suppressed merged-with-another-visit');
    expect((await service.states(other.visit.id))[1]).toBe('reminder P7D email suppressed superseded');
    const reminders = service.email
      .to(claire.emails[0] as string)
      .filter(({ subject }) => subject?.startsWith('Rappel'));
    expect(reminders).toHaveLength(1);
    expect(reminders[0]?.text).toContain(
      'vos rendez-vous :\nmardi 8 décembre 2026 à 09:30, Alice Bernard, Lilas\nmardi',
    );
    // Each with links of its own, under its time.
    expect(reminders[0]?.text).toMatch(/mardi 8 décembre 2026 à 15:00\nConfirmer ma venue : https:/);
    const cancelling = [...(reminders[0]?.text ?? '').matchAll(/^Annuler : (\S+)$/gm)].map(([, link = '']) => link);
    const cancel = new URL(cancelling[1] as string).pathname;
    const page = (await caller(service.base)('GET', cancel)).body;
    expect(page).toContain('mardi 8 décembre 2026 à 15:00');
    expect(cancelling).toHaveLength(2);
  });

  it('of which a minor keeps one are told apart, and guardians read nothing of that one', async () => {
    back();
    const [child, paul] = [service.patient(), service.patient()];
    await acting(service, child.id, paul.id);
    const open = await service.visit(child.id, start);
    const kept = await service.visit(child.id, '2026-12-08T10:00:00Z', { keptFromGuardians: true });
    await service.settled();
    await service.at('2026-12-01T09:00:00Z');
    expect(remindersTo(child)).toHaveLength(2);
    const read = await readBy(paul.id, child.id);
    expect(new Set(read.map(({ appointmentId }) => appointmentId))).toEqual(new Set([open.visit.id]));
    expect(read.filter(({ step, state }) => step === 'P7D' && state === 'sent')).toHaveLength(2);
    expect(read.map(({ reason }) => reason)).not.toContain('merged-with-another-visit');
    expect(read.map(({ content }) => content?.text ?? '').join()).not.toContain('11:00');
    expect(JSON.stringify(read)).not.toContain(kept.visit.id);
  });

  it('of two patients are told apart to who acts for both, and each is about its own patient', async () => {
    back();
    const [tom, lea, claire, paul] = [
      service.patient({ givenNames: ['Tom'], emails: [] }),
      service.patient({ givenNames: ['Léa'], emails: [] }),
      service.patient(),
      service.patient(),
    ];
    for (const child of [tom, lea]) await acting(service, child.id, claire.id);
    await acting(service, tom.id, paul.id);
    await service.visit(tom.id, start);
    const other = await service.visit(lea.id, '2026-12-08T14:00:00Z');
    await service.settled();
    await service.at('2026-12-01T09:00:00Z');
    const said = remindersTo(claire).map(({ text }) =>
      ['de Tom', 'de Léa', '09:30', '15:00'].filter((it) => text.includes(it)),
    );
    expect(said.sort()).toEqual([
      ['de Léa', '15:00'],
      ['de Tom', '09:30'],
    ]);
    const read = await readBy(paul.id, tom.id);
    expect(read.filter(({ step, state }) => step === 'P7D' && state === 'sent')).toHaveLength(2);
    expect(read.map(({ content }) => content?.text ?? '').join()).not.toContain('15:00');
    expect(JSON.stringify(read)).not.toContain(other.visit.id);
  });
});

describe('who acts for a patient', () => {
  it('is written to as well, greeted by their own name', async () => {
    back();
    const [child, paul] = [
      service.patient({ givenNames: ['Émile'], emails: [] }),
      service.patient({ givenNames: ['Paul'] }),
    ];
    await acting(service, child.id, paul.id);
    const { visit } = await service.visit(child.id, start);
    expect((await service.states(visit.id)).slice(0, 2).sort()).toEqual([
      'confirmation email sent',
      'confirmation email suppressed no-address',
    ]);
    const [mail] = service.email.to(paul.emails[0] as string);
    expect(mail?.text).toContain('Bonjour Paul Lefèvre,\n\nNous confirmons le rendez-vous d’Émile');
  });

  it('hears nothing of what a minor keeps from them, whenever that was said', async () => {
    back();
    const [child, paul] = [service.patient(), service.patient()];
    await acting(service, child.id, paul.id);
    const { visit } = await service.visit(child.id, start, { keptFromGuardians: true });
    const open = await service.visit(child.id, '2026-12-10T08:30:00Z');
    await service.settled();
    open.visit.keptFromGuardians = true;
    await service.at('2026-12-03T09:00:00Z');
    expect(service.email.to(paul.emails[0] as string).map(({ calendar }) => calendar?.uid)).toEqual([
      `${open.visit.id}@cabinet`,
    ]);
    const toPaul = async (id: string) => (await service.ledger(id)).filter((line) => line.recipient_id === paul.id);
    expect((await toPaul(visit.id)).map(({ state, reason }) => `${state} ${reason}`)).toEqual(
      Array(4).fill('suppressed minors-secret'),
    );
    expect((await toPaul(open.visit.id)).find(({ step }) => step === 'P7D')).toMatchObject({ reason: 'minors-secret' });
    expect(service.email.to(child.emails[0] as string).length).toBeGreaterThan(1);
  });

  it('is not reached by an address of their own with what a minor keeps from them', async () => {
    back();
    const paul = service.patient();
    const [shared, own] = [paul.emails[0] as string, `${randomUUID()}@example.org`];
    const lea = service.patient({ emails: [shared], phones: paul.phones });
    const tom = service.patient({ emails: [shared, own] });
    for (const child of [lea, tom]) await acting(service, child.id, paul.id);
    const { visit } = await service.visit(lea.id, start, { keptFromGuardians: true });
    await service.visit(tom.id, start, { keptFromGuardians: true });
    await service.settled();
    for (const at of ['2026-12-01T09:00:00Z', '2026-12-07T09:00:00Z']) await service.at(at);
    const toLea = (await service.ledger(visit.id)).filter((line) => line.recipient_id === lea.id);
    expect(toLea.map(({ channel, state, reason }) => [channel, state, reason])).toEqual([
      ['email', 'suppressed', 'no-address'],
      ['email', 'suppressed', 'no-address'],
      ['sms', 'suppressed', 'no-address'],
      ['email', 'suppressed', 'no-address'],
    ]);
    expect([service.email.to(shared), service.sms.to(paul.phones[0] as string)]).toEqual([[], []]);
    expect(service.email.to(own)).toHaveLength(3);
    await service.visit(lea.id, '2026-12-10T08:30:00Z');
    await service.settled();
    // What is not kept goes where both are reached: to the one and to the other.
    expect(service.email.to(shared)).toHaveLength(2);
  });

  it('reads nothing of what is kept from them after it was told, nor of what was told together with it', async () => {
    back();
    const [child, paul] = [service.patient(), service.patient()];
    await acting(service, child.id, paul.id);
    const first = await service.visit(child.id, start);
    const second = await service.visit(child.id, '2026-12-08T14:00:00Z');
    await service.settled();
    await service.at('2026-12-01T09:00:00Z');
    expect((await readBy(paul.id, child.id)).length).toBeGreaterThan(6);
    await second.tell('privacy-changed', { keptFromGuardians: true });
    const read = await readBy(paul.id, child.id);
    expect(new Set(read.map(({ appointmentId }) => appointmentId))).toEqual(new Set([first.visit.id]));
    expect(read.filter(({ step }) => step === 'P7D')).toEqual([]);
    expect(JSON.stringify(read)).not.toContain(second.visit.id);
    await service.at('2026-12-07T09:00:00Z');
    const later = await readBy(paul.id, child.id);
    expect(JSON.stringify(later)).not.toContain(second.visit.id);
    expect(later.map(({ content }) => content?.text ?? '').join()).not.toContain('15:00');
    expect(later.filter(({ step, state }) => step === 'P1D' && state === 'sent')).toHaveLength(2);
    await second.tell('privacy-changed', { keptFromGuardians: false });
    expect((await readBy(paul.id, child.id)).map(({ appointmentId }) => appointmentId)).toContain(second.visit.id);
  });

  it('reads nothing of what is kept from them and was not told of yet', async () => {
    back();
    const [child, paul] = [service.patient(), service.patient()];
    await acting(service, child.id, paul.id);
    const first = await service.visit(child.id, start);
    const second = await service.visit(child.id, '2026-12-08T14:00:00Z');
    await service.settled();
    second.visit.keptFromGuardians = true;
    await service.at('2026-12-01T09:00:00Z');
    expect(remindersTo(child)).toHaveLength(2);
    const read = (await readBy(paul.id, child.id)).filter(({ step }) => step === 'P7D');
    expect(read.map(({ appointmentId, state }) => [appointmentId, state])).toEqual([
      [first.visit.id, 'sent'],
      [first.visit.id, 'sent'],
    ]);
    expect(read.map(({ content }) => content?.text ?? '').join()).not.toContain('15:00');
  });

  it('is told of what lies ahead once they act, and no longer when they do not', async () => {
    back();
    const [child, paul] = [service.patient(), service.patient()];
    const { visit } = await service.visit(child.id, start);
    const relatedPersonId = randomUUID();
    await acting(service, child.id, paul.id, { relatedPersonId });
    const toPaul = async () =>
      (await service.ledger(visit.id)).filter((line) => line.recipient_id === paul.id).map(({ state }) => state);
    expect(await toPaul()).toEqual(['planned', 'planned', 'planned']);
    await acting(service, child.id, paul.id, { relatedPersonId, version: 2, type: 'ended' });
    expect(await toPaul()).toEqual(['suppressed', 'suppressed', 'suppressed']);
    await acting(service, child.id, paul.id, { relatedPersonId, version: 1 });
    expect(await toPaul()).toEqual(['suppressed', 'suppressed', 'suppressed']);
  });
});

describe('an offer', () => {
  it('is told at once, whatever the hour, and not once it was taken', async () => {
    service.clock.set(new Date('2026-11-20T22:30:00Z'));
    const [claire, other] = [service.patient(), service.patient()];
    const heldUntil = new Date('2026-11-20T23:30:00Z');
    const its = { status: 'pending' as const, heldUntil };
    const { visit } = await service.visit(claire.id, start, its);
    expect(await service.states(visit.id)).toEqual(['offer email sent', 'offer sms sent']);
    expect(service.sms.to(claire.phones[0] as string)[0]?.text).toContain(
      'gardé jusqu’au samedi 21 novembre 2026 à 00:30',
    );
    service.neighbours.away.add('appointment');
    const taken = await service.visit(other.id, start, its);
    taken.visit.status = 'booked';
    service.neighbours.away.clear();
    await service.at('2026-11-20T22:40:00Z');
    expect(await service.states(taken.visit.id)).toEqual([
      'offer email suppressed superseded',
      'offer sms suppressed superseded',
    ]);
  });
});

describe('what auth and record tell', () => {
  it('leaves as a mail with a code that is kept nowhere, as long as the code is good', async () => {
    back();
    const [good, used] = [randomUUID(), randomUUID()];
    service.neighbours.codes.set(good, {
      ...{ email: 'new@example.org', purpose: 'reset', code: '7K3F-9QXM-2BTR' },
      expiresAt: new Date('2026-11-20T10:30:00Z'),
    });
    const made = (codeId: string) => ({
      ...{ id: randomUUID(), type: 'code.made', source: 'auth', data: { codeId, purpose: 'reset' } },
    });
    await service.hear('auth', made(good), made(used));
    expect(await service.states(good)).toEqual(['password-reset email sent']);
    expect(await service.states(used)).toEqual(['password-reset email suppressed superseded']);
    expect(service.email.to('new@example.org')[0]?.text).toContain('7K3F-9QXM-2BTR');
    const { rows } = await service.sql.query(`select * from decision where occasion_id = $1`, [good]);
    expect(JSON.stringify(rows)).not.toMatch(/7K3F|new@example/);
  });

  it('tells a patient that their record was opened as an emergency', async () => {
    back();
    const claire = service.patient();
    const accessId = randomUUID();
    const data = {
      ...{ patientId: claire.id, version: 1, accessId, practitionerId: randomUUID() },
      reasonCode: 'urgent-symptoms',
    };
    await service.hear('record', { id: randomUUID(), type: 'record.emergency-access-opened', source: 'record', data });
    expect(await service.states(accessId)).toEqual(['emergency-access email sent']);
    expect(service.email.to(claire.emails[0] as string)[0]?.text).not.toMatch(/urgent-symptoms/);
  });
});

describe('who is merged or erased', () => {
  const gone = (type: string, data: object) =>
    service.hear('patient', { id: randomUUID(), type: `patient.${type}`, source: 'patient', data });

  it('is followed, by what is planned too', async () => {
    back();
    const [claire, survivor] = [service.patient(), service.patient()];
    const { visit } = await service.visit(claire.id, start);
    await service.settled();
    await gone('merged', { patientId: claire.id, version: 2, mergedIntoPatientId: survivor.id });
    await service.at('2026-12-01T09:00:00Z');
    expect(service.email.to(survivor.emails[0] as string)).toHaveLength(1);
    expect((await service.ledger(visit.id)).map(({ recipient_id }) => recipient_id)).toEqual(
      Array(4).fill(survivor.id),
    );
  });

  it('is told once, who stands there twice or acts for themselves until that is mended', async () => {
    back();
    const [child, paul, doubled] = [service.patient(), service.patient(), service.patient()];
    for (const { id } of [paul, doubled]) await acting(service, child.id, id, { sections: ['appointments', 'record'] });
    await acting(service, child.id, doubled.id, { relationship: 'carer', sections: ['appointments'] });
    await gone('merged', { patientId: doubled.id, version: 2, mergedIntoPatientId: paul.id });
    const { visit } = await service.visit(child.id, start);
    expect((await service.states(visit.id)).slice(0, 2)).toEqual(Array(2).fill('confirmation email sent'));
    expect(service.email.to(paul.emails[0] as string)).toHaveLength(1);
    await service.visit(child.id, start, { keptFromGuardians: true });
    await service.settled();
    expect(service.email.to(paul.emails[0] as string)).toHaveLength(1);
    await gone('merged', { patientId: paul.id, version: 2, mergedIntoPatientId: child.id });
    const { visit: own } = await service.visit(child.id, '2026-12-09T08:30:00Z');
    expect((await service.states(own.id)).filter((line) => line.startsWith('confirmation'))).toHaveLength(1);
  });

  it('leaves nothing, and that is told', async () => {
    back();
    const claire = service.patient();
    const { visit } = await service.visit(claire.id, start);
    await service.settled();
    await gone('erased', { patientId: claire.id, version: 3 });
    expect(await service.ledger(visit.id)).toEqual([]);
    await until(() => service.published.some(({ type }) => type === 'notification.patient-data-erased'));
    const receipt = service.published.findLast(({ type }) => type === 'notification.patient-data-erased');
    expect(receipt?.data).toMatchObject({
      patientId: claire.id,
      what: expect.arrayContaining([{ kind: 'notifications', count: 4, outcome: 'erased' }]),
    });
  });
});
