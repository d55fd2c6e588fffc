import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { caller, until } from '../../../tests/support/http.ts';
import type { VisitNow } from '../src/domain/neighbours.js';
import { acting, type NotificationService, startService } from './support.ts';

let service: NotificationService;
beforeAll(async () => {
  service = await startService({ settings: { PRACTICE_PHONE: '+33 1 42 00 00 00' } });
});
afterAll(() => service?.stop());
beforeEach(() => {
  const { neighbours } = service;
  neighbours.away.clear();
  Object.assign(neighbours, { may: {}, answering: async () => undefined });
  neighbours.answers.length = 0;
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const anybody = () => caller(service.base);
/** As a page's button does, but that it is not taken to where it leads. */
async function press(path: string, body = 'answer=yes') {
  const answer = await fetch(`${service.base}${path}`, { method: 'POST', body, headers: form, redirect: 'manual' });
  return { status: answer.status, body: await answer.text() };
}
type ActName = 'confirm' | 'move' | 'cancel' | 'late';
const labels: Record<ActName, RegExp> = {
  confirm: /^Confirmer ma venue : (\S+)$/m,
  move: /^Déplacer : (\S+)$/m,
  cancel: /^Annuler : (\S+)$/m,
  late: /^Signaler un retard, le jour venu : (\S+)$/m,
};

/** What is due of the acts, once the clock is so much further. */
async function later(seconds: number): Promise<void> {
  service.clock.set(new Date(service.clock.now().getTime() + seconds * 1_000));
  await actsSettled();
}

const actsSettled = () =>
  until(async () => {
    const { rows } = await service.sql.query(
      `select count(*)::int as due from visit_act where state = 'planned' and next_at <= $1 or lease is not null`,
      [service.clock.now()],
    );
    return rows[0].due === 0;
  });

async function reminded(more: Partial<VisitNow> = {}, patient = service.patient()) {
  service.clock.set(new Date('2026-11-20T10:00:00Z'));
  const { visit, tell } = await service.visit(patient.id, '2026-12-08T08:30:00Z', more);
  await service.settled();
  await service.at('2026-12-01T09:00:00Z');
  const [, reminder] = service.email.to(patient.emails[0] as string);
  const path = (act: ActName) => new URL(labels[act].exec(reminder?.text ?? '')?.[1] ?? '').pathname;
  const see = async (act: ActName) => (await anybody()('GET', path(act))).body as string;
  const post = (act: ActName, body = 'answer=yes') => press(path(act), body);
  const now = () => service.neighbours.visits.get(visit.id) as VisitNow;
  return { patient, visit, tell, reminder, path, see, post, now };
}

describe('a message about a visit', () => {
  it('offers what may be done, by links that name nobody; the ledger keeps none of them', async () => {
    const { patient, visit, reminder, path } = await reminded();
    const links = (['confirm', 'move', 'cancel', 'late'] as const).map(path);
    expect(new Set(links).size).toBe(4);
    for (const link of links) expect(link).toMatch(/^\/api\/notifications\/links\/[\w-]{44}$/);
    expect(reminder?.html).toContain(`<a href="https://cabinet.example${path('cancel')}">Annuler</a>`);
    const { rows } = await service.sql.query('select text_values from decision where occasion_id = $1', [visit.id]);
    expect(JSON.stringify(rows)).not.toContain('/links/');
    const secretary = await service.as({ roles: ['secretary'] });
    const { items } = (await secretary('GET', `/api/notifications?patientId=${patient.id}&kind=reminder`)).body;
    const sent = items.find(({ state }: { state: string }) => state === 'sent');
    const { content } = (await secretary('GET', `/api/notifications/${sent.id}`)).body;
    expect(content.text).toContain('…');
    expect(content.text).not.toContain('/links/');
  });

  it('has one short link in an SMS, to a page that offers everything', async () => {
    const { patient, now } = await reminded();
    await service.at('2026-12-07T09:00:00Z');
    const [text] = service.sms.to(patient.phones[0] as string).slice(-1);
    const [link = ''] = /https:\S+/.exec(text?.text ?? '') ?? [];
    const { status, body } = await anybody()('GET', new URL(link).pathname);
    expect([status, body.match(/<form method="post"/g)?.length]).toEqual([200, 3]);
    const cancel = /action="([\w-]{44})"><input[^>]*>\s*<p class="actions"><button type="submit">Annuler/.exec(
      body,
    )?.[1];
    expect((await press(`/api/notifications/links/${cancel}`)).status).toBe(303);
    // The link to choose by is for no act.
    expect((await press(new URL(link).pathname)).status).toBe(404);
    await later(10);
    expect(now().status).toBe('cancelled');
  });
});

describe('a page of a link', () => {
  it('says when the visit is and nothing of who comes, to whom and why; nobody keeps it, or learns its address', async () => {
    const { patient, path } = await reminded();
    const { status, headers, body } = await anybody()('GET', path('cancel'));
    expect(status).toBe(200);
    expect(body).toContain('mardi 8 décembre 2026 à 09:30');
    expect(body).toContain('Cabinet des Lilas');
    for (const hidden of [patient.familyName, ...patient.givenNames, patient.id, 'Bernard', 'Lilas,'])
      expect([hidden, body.includes(hidden)]).toEqual([hidden, false]);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("form-action 'self'");
  });

  it.each(['GET', 'HEAD'])('does nothing however often something follows it by %s', async (method) => {
    const { path, now, visit } = await reminded();
    for (const act of ['confirm', 'move', 'cancel', 'late'] as const) {
      const answers = await Promise.all([1, 2].map(() => fetch(`${service.base}${path(act)}`, { method })));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    }
    await later(60);
    expect(service.neighbours.answers).toEqual([]);
    expect([now().status, now().version]).toEqual(['booked', visit.version]);
    expect(
      (
        await service.sql.query(
          'select from visit_act where decision_id in (select id from decision where appointment_id = $1)',
          [visit.id],
        )
      ).rows,
    ).toEqual([]);
  });

  it('is in the language of whom the message went to', async () => {
    const { patient, see } = await reminded();
    const self = await service.as({ roles: ['patient'], patientId: patient.id, sub: randomUUID() });
    const wanted = { language: 'en', unwanted: [] };
    await self('PUT', `/api/notification-preferences/${patient.id}`, wanted, { 'if-match': '"v0"' });
    expect(await see('cancel')).toMatch(
      /<html lang="en">[\s\S]*Appointment of Tuesday 8 December 2026 at 09:30[\s\S]*Cancel this/,
    );
  });
});

describe('what somebody does by a link', () => {
  it('is done after ten seconds, whoever has closed the page, and once however often it is posted', async () => {
    const { patient, visit, post, see, now } = await reminded();
    const answers = await Promise.all([post('cancel'), post('cancel'), post('cancel')]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await see('cancel')).toMatch(/http-equiv="refresh"[\s\S]*sera annulé[\s\S]*Revenir en arrière/);
    await later(9);
    expect(now().status).toBe('booked');
    await later(1);
    expect(now().status).toBe('cancelled');
    expect(await see('cancel')).toContain('Ce rendez-vous est annulé.');
    expect((await post('cancel')).status).toBe(303);
    await later(60);
    expect(service.neighbours.answers).toEqual([
      { visitId: visit.id, version: 1, answer: { by: patient.id, as: 'patient', says: 'cancel' } },
    ]);
    expect(await service.actionsOn(patient.id)).toContain('POST /api/notifications/links/:token 303');
  });

  it('is not done when it is taken back by then, and may be asked for again', async () => {
    const { post, see, now } = await reminded();
    await post('cancel');
    expect((await post('cancel', 'answer=undo')).status).toBe(303);
    expect(await see('cancel')).toContain('Annuler ce rendez-vous');
    await later(60);
    expect([now().status, service.neighbours.answers]).toEqual(['booked', []]);
    await post('cancel');
    await later(10);
    expect(now().status).toBe('cancelled');
  });

  it('cannot be taken back once it is done, and the page says that it is', async () => {
    const { post, see, now } = await reminded();
    await post('cancel');
    await later(10);
    expect((await post('cancel', 'answer=undo')).status).toBe(303);
    expect([now().status, await see('cancel')]).toEqual(['cancelled', expect.stringContaining('est annulé')]);
  });

  it('says that they come, and then offers that no more', async () => {
    const { patient, post, see } = await reminded();
    await post('confirm');
    await later(10);
    expect(service.neighbours.answers.map(({ answer }) => answer)).toEqual([
      { by: patient.id, as: 'patient', says: 'accept' },
    ]);
    const page = await see('confirm');
    expect(page).toContain('votre venue est confirmée');
    expect(page).not.toContain('<form');
  });

  it('moves the visit to a time that was shown, after which older links say when it is', async () => {
    const { post, see, now } = await reminded();
    const [, start] = /name="start" value="([^"]+)"/.exec(await see('move')) ?? [];
    await post('move', new URLSearchParams({ answer: 'yes', start: start as string }).toString());
    await later(10);
    expect(now().start.toISOString()).toBe('2026-12-08T09:00:00.000Z');
    for (const act of ['move', 'cancel'] as const)
      expect(await see(act)).toMatch(
        /a été déplacé. Il aura lieu mardi 8 décembre 2026 à 10:00[\s\S]*tel:\+33142000000/,
      );
    await post('cancel');
    await later(60);
    expect(now().status).toBe('booked');
  });

  it('says how late somebody will be, on the day', async () => {
    const { patient, post, see } = await reminded();
    expect(await see('late')).toMatch(/à partir de ce moment\s: mardi 8 décembre 2026 à 06:30/);
    service.clock.set(new Date('2026-12-08T08:35:00Z'));
    await post('late', 'answer=yes&minutes=20');
    await later(10);
    expect(service.neighbours.answers.map(({ answer }) => answer)).toEqual([
      { by: patient.id, as: 'patient', says: 'delay', minutes: 20 },
    ]);
    expect(await see('late')).toContain('sait que vous serez en retard');
  });

  it('is one thing of a message at a time', async () => {
    const { post, see, now } = await reminded();
    const all = await Promise.all(Array.from({ length: 12 }, (_, nth) => post(nth % 2 ? 'cancel' : 'confirm')));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([303]));
    const { rows } = await service.sql.query(`select act from visit_act where state = 'planned' and due_at > $1`, [
      service.clock.now(),
    ]);
    expect(rows).toHaveLength(1);
    expect(await see('cancel')).toContain('Revenir en arrière');
    await later(10);
    expect(service.neighbours.answers).toHaveLength(1);
    expect(['booked', 'cancelled']).toContain(now().status);
  });

  it.each([
    ['nothing', '', form, 422],
    ['another word', 'answer=perhaps', form, 422],
    ['a delay that was not offered', 'answer=yes&minutes=600', form, 422],
    ['a time that is none', 'answer=yes&start=tomorrow', form, 422],
    ['JSON', '{"answer":"yes"}', { 'content-type': 'application/json' }, 415],
    ['more than anybody has to say', 'answer=yes'.padEnd(9_000, '+'), form, 413],
  ] as const)('is nothing when who posts says %s', async (_, body, headers, status) => {
    const { path, now } = await reminded();
    expect((await anybody()('POST', path('cancel'), body, headers)).status).toBe(status);
    await later(60);
    expect([now().status, service.neighbours.answers]).toEqual(['booked', []]);
  });
});

describe('a link that is not, or no longer, good', () => {
  it('looks the same as one that never was, for who looks and for who posts', async () => {
    const { path, post } = await reminded();
    const never = path('cancel').replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    const [changed, unknown] = [await anybody()('GET', never), await anybody()('GET', '/api/notifications/links/x')];
    service.clock.set(new Date('2026-12-08T08:30:00Z'));
    const ended = await anybody()('GET', path('cancel'));
    expect([changed.status, unknown.status, ended.status]).toEqual([404, 404, 404]);
    expect(new Set([changed.body, unknown.body, ended.body]).size).toBe(1);
    expect(ended.body).toMatch(/n’est plus valable[\s\S]*tel:\+33142000000[\s\S]*https:\/\/cabinet\.example/);
    expect((await post('cancel')).body).toBe(ended.body);
    expect(service.neighbours.answers).toEqual([]);
  });

  it('says that it is too late to cancel once the notice of the type has passed, and how to reach the practice', async () => {
    const { see, post, now } = await reminded();
    service.clock.set(new Date('2026-12-08T07:00:00Z'));
    expect(await see('cancel')).toMatch(/trop tard[\s\S]*tel:\+33142000000/);
    expect((await post('cancel')).status).toBe(303);
    await later(60);
    expect(now().status).toBe('booked');
  });

  it('leads nowhere for one who was erased', async () => {
    const { patient, path, post } = await reminded();
    await post('cancel');
    const data = { patientId: patient.id, version: 3 };
    await service.hear('patient', { id: randomUUID(), type: 'patient.erased', source: 'patient', data });
    expect((await anybody()('GET', path('cancel'))).status).toBe(404);
    await later(60);
    expect(service.neighbours.answers).toEqual([]);
  });
});

describe('what happens meanwhile', () => {
  it('is not overlooked: what was moved within the ten seconds is not cancelled', async () => {
    const { post, see, now, tell } = await reminded();
    await post('cancel');
    const start = new Date('2026-12-09T08:30:00Z');
    await tell('moved', { start, end: new Date(start.getTime() + 900_000) });
    await later(60);
    expect([now().status, service.neighbours.answers]).toEqual(['booked', []]);
    expect(await see('cancel')).toContain('a été déplacé');
  });

  it('is looked at again when the visit changes under our hands', async () => {
    const { post, now } = await reminded();
    service.neighbours.answering = async (visit) => {
      service.neighbours.answering = async () => undefined;
      visit.version += 1;
      return 'changed';
    };
    await post('cancel');
    await later(10);
    expect(now().status).toBe('booked');
    await later(1);
    expect(now().status).toBe('cancelled');
  });

  it('is told when it is too late, or the time was taken: nothing has changed', async () => {
    const { post, see, now } = await reminded();
    service.neighbours.answering = async () => 'taken';
    await post('move', 'answer=yes&start=2026-12-08T09:00:00.000Z');
    await later(10);
    expect(await see('move')).toMatch(/vient d’être pris[\s\S]*name="start"/);
    expect(now().start.toISOString()).toBe('2026-12-08T08:30:00.000Z');
  });

  it('is waited for while the appointment service is away, and said to who looks', async () => {
    const { post, path, now } = await reminded();
    await post('cancel');
    service.neighbours.away.add('appointment');
    await later(10);
    const away = await anybody()('GET', path('cancel'));
    expect([away.status, away.headers.get('retry-after'), away.body.includes('Réessayez dans une minute')]).toEqual([
      503,
      '60',
      true,
    ]);
    expect((await post('cancel')).status).toBe(503);
    service.neighbours.away.clear();
    expect(await (await anybody()('GET', path('cancel'))).body).toContain('C’est en cours');
    await later(5);
    expect([now().status, service.neighbours.answers.length]).toEqual(['cancelled', 1]);
  });

  it('is done once when an answer was lost on its way', async () => {
    const { post, now, see } = await reminded();
    service.neighbours.answering = async (visit) => {
      service.neighbours.answering = async () => undefined;
      Object.assign(visit, { status: 'cancelled', version: visit.version + 1 });
      throw new Error('the answer was lost');
    };
    await post('cancel');
    await later(10);
    await later(5);
    expect([now().status, service.neighbours.answers]).toEqual(['cancelled', []]);
    expect(await see('cancel')).toContain('est annulé');
  });
});

describe('who acts for a patient', () => {
  async function remindedParent(more: Partial<VisitNow> = {}) {
    const [child, parent] = [service.patient(), service.patient()];
    const relatedPersonId = randomUUID();
    await acting(service, child.id, parent.id, { relatedPersonId });
    const visited = await reminded(more, child);
    const [, reminder] = service.email.to(parent.emails[0] as string);
    const link = labels.cancel.exec(reminder?.text ?? '')?.[1];
    const path = link && new URL(link).pathname;
    return { ...visited, child, parent, relatedPersonId, path, reminder };
  }

  it('cancels for them, as who they are', async () => {
    const { child, parent, path, reminder, now } = await remindedParent();
    expect(reminder?.text).toContain('Claire');
    const page = (await anybody()('GET', path as string)).body;
    for (const hidden of [...child.givenNames, parent.familyName]) expect(page).not.toContain(hidden);
    await press(path as string);
    await later(10);
    expect(now().status).toBe('cancelled');
    expect(service.neighbours.answers.map(({ answer }) => answer)).toEqual([
      { by: parent.id, as: 'guardian', says: 'cancel' },
    ]);
  });

  it('has a link that leads nowhere once the visit is kept from them, or they act no longer, also within the ten seconds', async () => {
    const { path, now } = await remindedParent();
    await press(path as string);
    now().keptFromGuardians = true;
    expect((await anybody()('GET', path as string)).status).toBe(404);
    await later(10);
    expect([now().status, service.neighbours.answers]).toEqual(['booked', []]);

    const other = await remindedParent();
    await acting(service, other.child.id, other.parent.id, {
      relatedPersonId: other.relatedPersonId,
      version: 2,
      type: 'ended',
    });
    expect((await anybody()('GET', other.path as string)).status).toBe(404);
  });
});
