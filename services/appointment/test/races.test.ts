import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

/** Each case is one that went wrong elsewhere; its title names where. Thirty-two clients do it at once, several times. */
const clients = 32;
const rounds = 3;

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice(undefined, { offersEveryMs: 50 });
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const times = [
  '09:00',
  '09:30',
  '10:00',
  '10:30',
  '11:00',
  '11:30',
  '14:00',
  '14:30',
  '15:00',
  '15:30',
  '16:00',
  '16:30',
];

const setRules = ({ practitionerId, placeId, typeId }: Practitioner, rules: object) =>
  secretary(
    'PUT',
    `/api/schedules/${practitionerId}`,
    {
      hours: [{ placeId, daysOfWeek: ['mon', 'tue'], startTime: '09:00', endTime: '12:00' }],
      rules: [{ appointmentTypeId: typeId, ...rules }],
    },
    { 'if-match': '"v1"' },
  );

const wanted = ({ practitionerId, typeId }: Practitioner, more: object = {}) => ({
  patientId: randomUUID(),
  practitionerId,
  appointmentTypeId: typeId,
  start: monday('09:30'),
  ...more,
});

const book = (who: Practitioner, more: object = {}, as = secretary) =>
  as('POST', '/api/appointments', wanted(who, more));

async function booked(who: Practitioner, more: object = {}): Promise<string> {
  const answer = await book(who, more);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const onId = (id: string, what: string, body: object = {}, as = secretary) =>
  as('POST', `/api/appointments/${id}/${what}`, body);

/** What takes time of the practitioner, as it is stored. */
const stored = async (who: Practitioner) =>
  (
    await practice.sql.query<{ id: string; status: string; start: Date; patient_id: string; seat: number | null }>(
      `select id, status, "start", patient_id, seat from appointment
       where practitioner_id = $1 and status in ('pending', 'booked', 'arrived', 'fulfilled') order by "start"`,
      [who.practitionerId],
    )
  ).rows;

/** Appointments that take one time of one practitioner or patient, other than those of one session. */
const doubled = async () =>
  (
    await practice.sql.query(
      `select a.id from appointment a join appointment b on a.id < b.id and a.during && b.during
         and (a.patient_id = b.patient_id or (a.practitioner_id = b.practitioner_id and a.session_key <> b.session_key))
       where a.status in ('pending', 'booked', 'arrived', 'fulfilled')
         and b.status in ('pending', 'booked', 'arrived', 'fulfilled')`,
    )
  ).rows;

interface Timed extends Answer {
  ms: number;
}

const histogram = new Map<string, Timed[]>();

/** Sends all at once and notes what came back, and how fast. */
async function race(title: string, calls: (() => Promise<Answer>)[]): Promise<Timed[]> {
  const answers = await Promise.all(
    calls.map(async (call) => {
      const begun = performance.now();
      const answer = await call();
      return { ...answer, ms: performance.now() - begun };
    }),
  );
  histogram.set(title, [...(histogram.get(title) ?? []), ...answers]);
  for (const { status } of answers) expect(status).toBeLessThan(500);
  expect(await doubled()).toEqual([]);
  return answers;
}

const many = (call: (nth: number) => Promise<Answer>) => Array.from({ length: clients }, (_, nth) => () => call(nth));
const won = (answers: Answer[]) => answers.filter(({ status }) => status < 300);
const idOf = ([first]: Answer[]): string => first?.body.id;
const codes = (answers: Answer[]) => [
  ...new Set(answers.filter(({ status }) => status >= 300).map(({ body }) => body.code)),
];

afterAll(() => {
  for (const [title, answers] of histogram) {
    const counts = Map.groupBy(answers, ({ status, body }) => `${status}${status < 300 ? '' : ` ${body.code}`}`);
    const ms = answers.map((each) => each.ms).sort((a, b) => a - b);
    const at = (share: number) => `${Math.round(ms[Math.floor((ms.length - 1) * share)] ?? 0)}`;
    process.stdout.write(`\n${title}\n  p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms\n`);
    for (const [answer, { length }] of [...counts].sort(([, a], [, b]) => b.length - a.length)) {
      const bar = '█'.repeat(Math.max(1, Math.round((length / answers.length) * 40)));
      process.stdout.write(`  ${answer.padEnd(34)} ${String(length).padStart(4)} ${bar}\n`);
    }
  }
});

describe.each([...Array(rounds).keys()])('at once, round %i', () => {
  it('one of many books a slot (easyappointments#31, cal.diy#13397)', async () => {
    const who = await buildPractitioner(practice);
    const answers = await race(
      'one slot',
      many(() => book(who)),
    );
    expect(won(answers)).toHaveLength(1);
    expect(codes(answers)).toEqual(['APPOINTMENT.SLOT_TAKEN']);
    const rows = await stored(who);
    expect(rows.map(({ id }) => id)).toEqual(won(answers).map(({ body }) => body.id));
    // Who lost is told where to go instead, and never to what was just taken (ottehr#615).
    for (const { body } of answers.filter(({ status }) => status === 409)) {
      expect(body.nextFreeSlots.length).toBeGreaterThan(0);
      expect(body.nextFreeSlots.map(({ start }: { start: string }) => start)).not.toContain(monday('09:30'));
    }
  });

  it('a whole day is filled without gap or overlap (easyappointments#982)', async () => {
    const who = await buildPractitioner(practice);
    const answers = await race(
      'a day of twelve slots',
      many((nth) => book(who, { start: monday(times[nth % times.length] as string) })),
    );
    expect(won(answers)).toHaveLength(times.length);
    expect((await stored(who)).map(({ start }) => start.toISOString())).toEqual(
      times.map((time) => new Date(monday(time)).toISOString()),
    );
  });

  it('any of several practitioners is booked once each (easyappointments#845)', async () => {
    const practitioners = await Promise.all([1, 2, 3].map(() => buildPractitioner(practice)));
    const answers = await race(
      'any practitioner',
      many((nth) => book(practitioners[nth % practitioners.length] as Practitioner)),
    );
    expect(won(answers)).toHaveLength(3);
    for (const who of practitioners) expect(await stored(who)).toHaveLength(1);
  });

  it('a patient is in one place, however many practitioners are asked (openemr#2632)', async () => {
    const practitioners = await Promise.all([1, 2, 3, 4].map(() => buildPractitioner(practice)));
    const patientId = randomUUID();
    const answers = await race(
      'one patient, four practitioners',
      many((nth) => book(practitioners[nth % practitioners.length] as Practitioner, { patientId })),
    );
    expect(won(answers)).toHaveLength(1);
    const all = (await Promise.all(practitioners.map(stored))).flat();
    expect(all.filter(({ patient_id }) => patient_id === patientId)).toHaveLength(1);
  });

  it('two tabs of one patient, or a retry, book once (ottehr#615, hapi-fhir#3141)', async () => {
    const who = await buildPractitioner(practice);
    const body = wanted(who);
    const key = { 'idempotency-key': randomUUID() };
    const tabs = await race('two tabs', [
      () => secretary('POST', '/api/appointments', body, key),
      () => secretary('POST', '/api/appointments', body, key),
      () => secretary('POST', '/api/appointments', body),
      () => secretary('POST', '/api/appointments', body),
    ]);
    expect(new Set(won(tabs).map(({ body }) => body.id)).size).toBe(1);
    expect(await stored(who)).toHaveLength(1);
    expect(codes(tabs).every((code) => ['APPOINTMENT.SLOT_TAKEN', 'REQUEST.IN_FLIGHT'].includes(code))).toBe(true);
  });

  it('one of many holds a slot, and only that hold is confirmed, once (medplum#7690, gpconnect#386)', async () => {
    const who = await buildPractitioner(practice);
    const held = await race(
      'holds',
      many(() => secretary('POST', '/api/appointments/holds', wanted(who))),
    );
    expect(won(held)).toHaveLength(1);
    const id = idOf(won(held));
    const both = await race(
      'confirming a hold while others book',
      many((nth) => (nth % 2 ? onId(id, 'confirm') : book(who))),
    );
    expect(won(both)).toHaveLength(1);
    expect(await stored(who)).toMatchObject([{ id, status: 'booked' }]);
  });

  it('what waits for the practice takes its slot until it is confirmed or cancelled, once (cal.diy#29958, #10789)', async () => {
    const who = await buildPractitioner(practice);
    await setRules(who, { needsConfirmation: true });
    const patients = await Promise.all(
      Array.from({ length: clients }, async () => {
        const patientId = randomUUID();
        return { patientId, as: await practice.as({ roles: ['patient'], patientId }) };
      }),
    );
    const asked = await race(
      'pending',
      patients.map(
        ({ patientId, as }) =>
          () =>
            book(who, { patientId }, as),
      ),
    );
    expect(won(asked)).toHaveLength(1);
    const id = idOf(won(asked));
    const decided = await race(
      'confirming and cancelling what is pending',
      many((nth) => (nth % 2 ? onId(id, 'confirm') : onId(id, 'cancel', { reason: 'No' }))),
    );
    // A booking that was confirmed can still be cancelled; nothing that was cancelled comes back.
    const statuses = won(decided).map(({ body }) => body.status);
    expect(statuses.length === 1 || (statuses.length === 2 && statuses.includes('cancelled'))).toBe(true);
    const left = await stored(who);
    expect(left.map(({ status }) => status)).toEqual(statuses.includes('cancelled') ? [] : ['booked']);
  });

  it('many move to one slot: one does, and the others stay where they were (cal.diy#5820)', async () => {
    const who = await buildPractitioner(practice);
    const ids = await Promise.all(
      times.filter((time) => time !== '16:30').map((time) => booked(who, { start: monday(time) })),
    );
    const moved = await race(
      'moving to one slot',
      ids.map((id) => () => onId(id, 'move', { start: monday('16:30') })),
    );
    expect(won(moved)).toHaveLength(1);
    const rows = await stored(who);
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(rows.at(-1)?.start.toISOString()).toBe(new Date(monday('16:30')).toISOString());
  });

  it('one appointment is moved to many slots at once: it is in one of them, and the rest is free (easyappointments#1783)', async () => {
    const who = await buildPractitioner(practice);
    const id = await booked(who, { start: monday('09:00') });
    const moved = await race(
      'moving one appointment',
      times.slice(1).map((time) => () => onId(id, 'move', { start: monday(time) })),
    );
    expect(won(moved).length).toBeGreaterThan(0);
    expect(await stored(who)).toHaveLength(1);
    const free = await secretary(
      'GET',
      `/api/slots?practitionerId=${who.practitionerId}&appointmentTypeId=${who.typeId}&from=${encodeURIComponent(monday('00:00'))}&to=${encodeURIComponent(monday('23:00'))}`,
    );
    expect(free.body.items).toHaveLength(times.length - 1);
  });

  it('series that meet are booked whole or not at all (cal.diy#13360: only the first two occurrences were checked)', async () => {
    const who = await buildPractitioner(practice);
    const rules = ['FREQ=WEEKLY;COUNT=6', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4', 'FREQ=DAILY;INTERVAL=7;COUNT=3'];
    const answers = await race(
      'series',
      many((nth) => secretary('POST', '/api/appointments/series', wanted(who, { rule: rules[nth % rules.length] }))),
    );
    expect(won(answers)).toHaveLength(1);
    expect(codes(answers)).toEqual(['SERIES.NOT_POSSIBLE']);
    expect((await stored(who)).map(({ id }) => id)).toEqual(
      won(answers)[0]?.body.appointments.map(({ id }: { id: string }) => id),
    );
    const { rows } = await practice.sql.query(
      'select id from series s where not exists (select from appointment where series_id = s.id)',
    );
    expect(rows).toEqual([]);
  });

  it('series and single bookings meet: no series has a hole (cal.diy#19589)', async () => {
    const who = await buildPractitioner(practice);
    const answers = await race(
      'series against single bookings',
      many((nth) =>
        nth % 4 === 0
          ? secretary('POST', '/api/appointments/series', wanted(who, { rule: 'FREQ=WEEKLY;COUNT=4' }))
          : book(who, { start: `2026-12-${nth % 2 ? '07' : '14'}T09:30:00+01:00` }),
      ),
    );
    const whole = won(answers).flatMap(({ body }) => (body.appointments ? [body.appointments.length] : []));
    expect(whole.every((length) => length === 4)).toBe(true);
    const rows = await stored(who);
    expect(rows).toHaveLength(won(answers).reduce((sum, { body }) => sum + (body.appointments?.length ?? 1), 0));
  });

  it('the seats of a group visit are taken once each, and all of them (cal.diy#15997, PR 22803)', async () => {
    const who = await buildPractitioner(practice);
    await setRules(who, { capacity: 6 });
    const answers = await race(
      'six seats',
      many(() => book(who)),
    );
    expect(won(answers)).toHaveLength(6);
    expect(codes(answers)).toEqual(['APPOINTMENT.GROUP_FULL']);
    expect((await stored(who)).map(({ seat }) => seat).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('those who cancel and those who book the same slots leave each with one (easyappointments#733)', async () => {
    const who = await buildPractitioner(practice);
    const ids = await Promise.all(times.slice(0, 6).map((time) => booked(who, { start: monday(time) })));
    const answers = await race(
      'cancelling while others book',
      many((nth) => {
        const [id, time] = [ids[nth % 6] as string, times[nth % 6] as string];
        return nth < 12 ? onId(id, 'cancel', { reason: 'No' }) : book(who, { start: monday(time) });
      }),
    );
    const cancelled = won(answers).filter(({ body }) => body.status === 'cancelled');
    expect(cancelled).toHaveLength(6);
    expect(await stored(who)).toHaveLength(won(answers).length - cancelled.length);
  });

  it('a slot that is freed goes to one: who waits for it or who books it (cal.diy#10616)', async () => {
    const who = await buildPractitioner(practice);
    const hours = [{ placeId: who.placeId, daysOfWeek: ['mon'], startTime: '09:30', endTime: '10:00' }];
    await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours }, { 'if-match': '"v1"' });
    const thatDay = { fromDate: '2026-11-23', untilDate: '2026-11-23' };
    const id = await booked(who);
    const joined = await Promise.all(
      Array.from({ length: 4 }, () =>
        secretary('POST', '/api/waiting-list', {
          patientId: randomUUID(),
          wants: [{ practitionerId: who.practitionerId, appointmentTypeId: who.typeId }],
          ...thatDay,
        }),
      ),
    );
    const answers = await race('a freed slot, wanted by all', [
      () => onId(id, 'cancel', { reason: 'No' }),
      ...Array.from({ length: clients - 1 }, () => () => book(who)),
    ]);
    const isBooked = won(answers).some(({ body }) => body.status === 'booked');
    const offered = async () =>
      (await Promise.all(joined.map(({ body }) => secretary('GET', `/api/waiting-list/${body.id}`)))).filter(
        ({ body }) => body.status === 'proposed',
      ).length;
    if (!isBooked) await until(async () => (await offered()) === 1);
    expect(await offered()).toBe(isBooked ? 0 : 1);
    expect(await stored(who)).toHaveLength(1);
    expect(await doubled()).toEqual([]);
  });
});
