import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

const dayMs = 24 * 3_600_000;
const words = 'Asked: took a call for a colleague';

/** Stands where the sidecar stands, and answers for auth and the directory behind it. */
const neighbours = {
  staff: [] as { userId: string; patientId?: string; practitionerId?: string }[],
  practitioners: new Map<string, object>(),
  isAway: false,
  asked: 0,
};
let sidecar: Server;
let service: PatientService;
let secretary: Caller;
let admin: Caller;
/** By the clock of the service, which moves: nothing of auth that is older than a minute is believed. */
const refresh = () => service.clock.advanceBy(60_000);

beforeAll(async () => {
  sidecar = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://sidecar');
    neighbours.asked += 1;
    const found =
      pathname === '/api/auth/staff'
        ? { items: neighbours.staff }
        : neighbours.practitioners.get(pathname.split('/').at(-1) ?? '');
    const status = neighbours.isAway ? 500 : found ? 200 : 404;
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? { code: 'NOT_FOUND' }));
  });
  await new Promise<void>((resolve) => sidecar.listen(0, '127.0.0.1', resolve));
  const { port: sidecarPort } = sidecar.address() as AddressInfo;
  service = await startService({ sidecarPort, sharePercent: 0, accessesEveryMs: 20, forgetsEveryMs: 20 });
  secretary = await service.as({ roles: ['secretary'], sub: randomUUID() });
  admin = await service.as({ roles: ['admin'], sub: randomUUID() });
  await until(async () => (await placeOf('patient')) !== undefined);
});
afterAll(async () => {
  await service?.stop();
  await new Promise((resolve) => sidecar.close(resolve));
});
beforeEach(() => {
  neighbours.isAway = false;
  refresh();
});

const register = async (details: object = {}): Promise<string> =>
  (await secretary('POST', '/api/patients?acceptDuplicate=true', buildPatient(details))).body.id;
/** Nobody else is born on their days: whoever is registered is compared with those who are. */
const registerMany = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, nth) =>
      register({ birthDate: `${1950 + (nth % 50)}-03-${String(1 + Math.floor(nth / 50)).padStart(2, '0')}` }),
    ),
  );
const unmark = (id: string, by = secretary) => by('DELETE', `/api/patients/${id}/security-labels/VIP`);
const mark = (id: string, by = secretary) => by('POST', `/api/patients/${id}/security-labels`, { code: 'VIP' });

async function placeOf(name: string): Promise<number | undefined> {
  const { rows } = await service.sql.query('select until from access_watch where service = $1', [name]);
  return rows[0] && Number(rows[0].until);
}

/** Once the own trail has been looked at to its end: whoever marks somebody of public interest has looked at them. */
const settled = () =>
  until(async () => {
    const { rows } = await service.sql.query('select max(sequence) as last from audit_event where witnessed is null');
    return (await placeOf('patient')) === Number(rows[0].last);
  });

/** A practitioner in an account of their own, who stands in the directory. */
function aDoctor({ familyName = 'Médecin', patientId = undefined as string | undefined } = {}) {
  const [sub, practitionerId] = [randomUUID(), randomUUID()];
  neighbours.practitioners.set(practitionerId, { familyName });
  neighbours.staff.push({ userId: sub, practitionerId, patientId });
  refresh();
  return { sub, practitionerId, patientId };
}

interface Seen {
  by: { sub: string; practitionerId?: string };
  subjects: string[];
  at?: string;
  action?: string;
  roles?: string[];
}

/** Has a service tell what stands in its trail next. */
async function tell(seen: Seen[], name = 'record', place?: number) {
  const after = place ?? (await placeOf(name)) ?? 0;
  const accesses = seen.map(
    ({ by, subjects, at, action = 'GET /api/records/:patientId', roles = ['practitioner'] }, nth) => ({
      sequence: after + nth + 1,
      at: at ?? service.clock.now().toISOString(),
      actor: by.sub,
      practitionerId: by.practitionerId,
      roles,
      purpose: 'TREAT',
      action,
      subjects,
    }),
  );
  const body = { after, until: after + seen.length, accesses };
  return service.sidecar('POST', '/api/patients/accesses', body, { 'dapr-caller-app-id': name });
}
/** The trail of a service is looked at from where it is the first time. */
const begin = (name: string, until = 0) =>
  service.sidecar(
    'POST',
    '/api/patients/accesses',
    { after: until, until, accesses: [] },
    { 'dapr-caller-app-id': name },
  );

async function found(by: { sub: string }) {
  const { rows } = await service.sql.query(
    'select id, patient_id as "patientId", reasons, is_sampled as "isSampled", patients, usual, lines from unusual_access where actor = $1 order by id',
    [by.sub],
  );
  return rows as {
    id: string;
    patientId: string | null;
    reasons: string[];
    isSampled: boolean;
    patients: number;
    lines: object[];
  }[];
}
async function unreviewed(by = admin) {
  const items = [];
  let cursor: string | undefined;
  do {
    const page = await by(
      'GET',
      `/api/patients/unusual-accesses?unreviewed=true&limit=2${cursor ? `&cursor=${cursor}` : ''}`,
    );
    expect(page.status).toBe(200);
    items.push(...page.body.items);
    cursor = page.body.nextCursor;
  } while (cursor);
  return items;
}
const judge = (id: string, by = admin, said: object = { finding: 'justified', words }, ifMatch = '"v1"') =>
  by('POST', `/api/patients/unusual-accesses/${id}/verdict`, said, ifMatch ? { 'if-match': ifMatch } : {});

/** Somebody of public interest whom a practitioner looked at. @returns what is to be reviewed of it */
async function anUnusualLook(doctor = aDoctor()) {
  const patientId = await register();
  await mark(patientId);
  await begin('record');
  await tell([{ by: doctor, subjects: [patientId] }]);
  const item = (await unreviewed()).find((each) => each.actor === doctor.sub);
  return { doctor, patientId, item };
}

describe('an unusual access', () => {
  it('is found in the own trail of the service: a colleague, seen by a secretary', async () => {
    const patientId = await register();
    const doctor = aDoctor({ patientId });
    const curious = { sub: randomUUID() };
    const call = await service.as({ roles: ['secretary'], ...curious });
    await call('GET', `/api/patients/${patientId}`);
    await until(async () => (await found(curious)).length === 1);
    expect(await found(curious)).toMatchObject([{ patientId, reasons: ['colleague'], isSampled: true }]);
    // Their own look at themselves is that of a patient.
    const self = await service.as({ roles: ['patient', 'practitioner'], ...doctor });
    await self('GET', `/api/patients/${patientId}`);
    await call('GET', `/api/patients/${patientId}`);
    await until(async () => (await found(curious))[0]?.lines.length === 2);
    expect(await found(doctor)).toEqual([]);
  });

  it('is one to a colleague who began to work here a moment before', async () => {
    await begin('record');
    const [curious, patientId] = [aDoctor(), await register()];
    await tell([{ by: curious, subjects: [await register()] }]);
    neighbours.staff.push({ userId: randomUUID(), patientId });
    service.clock.advanceBy(1_000);
    await tell([{ by: curious, subjects: [patientId] }]);
    expect(await found(curious)).toMatchObject([{ patientId, reasons: ['colleague'] }]);
  });

  it('is one to a colleague whose link was taken away, for a month', async () => {
    await begin('record');
    const patientId = await register();
    const colleague = aDoctor({ patientId });
    const [curious, later] = [aDoctor(), aDoctor()];
    await tell([{ by: curious, subjects: [await register()] }]);
    neighbours.staff = neighbours.staff.filter(({ userId }) => userId !== colleague.sub);
    refresh();
    await tell([{ by: curious, subjects: [patientId] }]);
    expect(await found(curious)).toMatchObject([{ patientId, reasons: ['colleague'] }]);
    service.clock.advanceBy(31 * dayMs);
    await tell([{ by: later, subjects: [patientId], at: '2026-11-20T10:00:00Z' }]);
    expect(await found(later)).toEqual([]);
  });

  it.each([
    ['a namesake by the directory', { familyName: 'Lefevre' }, { familyName: 'Lefèvre' }, ['same-name']],
    ['somebody born with the name', { familyName: 'Lefevre' }, { birthName: 'LEFEVRE' }, ['same-name']],
    ['somebody else', { familyName: 'Lefevre' }, {}, []],
  ])('is one to %s, told by another service, and not in a sample of none', async (_, own, details, reasons) => {
    await begin('record');
    const [doctor, patientId] = [aDoctor(own), await register(details)];
    expect((await tell([{ by: doctor, subjects: [patientId] }])).status).toBe(200);
    expect(await found(doctor)).toMatchObject(reasons.length > 0 ? [{ patientId, reasons, isSampled: false }] : []);
    expect((await unreviewed()).filter((each) => each.actor === doctor.sub)).toEqual([]);
  });

  it('is one to a neighbour, of whom both addresses are known here, and two things together are always reviewed', async () => {
    await begin('record');
    const address = (line: string) => ({ line: [line], postalCode: '69003', city: 'Lyon' });
    const doctor = aDoctor({ patientId: await register({ address: address('3 rue Tête-d’Or') }) });
    const patientId = await register({ address: address('41 bis rue Tete d’Or') });
    await tell([{ by: doctor, subjects: [patientId], at: '2026-11-20T10:00:00Z' }]);
    expect(await found(doctor)).toMatchObject([{ reasons: ['same-street'], isSampled: false }]);
    await tell([{ by: doctor, subjects: [patientId], at: '2026-11-20T20:00:00Z' }]);
    expect(await found(doctor)).toMatchObject([{ reasons: ['same-street', 'outside-hours'], isSampled: true }]);
    const [item] = (await unreviewed()).filter((each) => each.actor === doctor.sub);
    expect(item).toMatchObject({ day: '2026-11-20', patientId, escalated: false });
    expect(
      item.lines.map(({ service: name, sequence }: { service: string; sequence: number }) => `${name} ${sequence}`),
    ).toHaveLength(2);
    expect(JSON.stringify(item)).not.toMatch(/Tete|rue|69003/i);
  });

  it('is one to whom a search shows among few, and may be one among many, but none to who else stands there', async () => {
    const familyName = buildPatient().familyName;
    const registerAlike = () => register({ familyName, birthDate: '1990-02-03' });
    const [famous, ...others] = [await registerAlike(), await registerAlike(), await registerAlike()];
    await mark(famous as string);
    const search = async (by: { sub: string }) => {
      const call = await service.as({ roles: ['secretary'], ...by });
      const { body } = await call('POST', '/api/patients/search', { q: familyName });
      return body.items.length;
    };
    const curious = { sub: randomUUID() };
    expect(await search(curious)).toBe(3);
    await until(async () => (await found(curious)).length > 0);
    await settled();
    expect(await found(curious)).toMatchObject([{ patientId: famous, reasons: ['public-interest'], isSampled: true }]);
    for (let more = others.length; more < 5; more += 1) await registerAlike();
    const careful = { sub: randomUUID() };
    expect(await search(careful)).toBe(6);
    await until(async () => (await found(careful)).length > 0);
    await settled();
    expect(await found(careful)).toMatchObject([{ patientId: famous, reasons: ['listed'], isSampled: false }]);
  });

  it('is none where a patient stands in another list, nor in what reviewers read', async () => {
    const { doctor, patientId } = await anUnusualLook();
    const reader = aDoctor();
    const others = [await register(), await register()];
    await tell([
      { by: reader, subjects: [patientId, ...others], action: 'GET /api/appointments' },
      { by: reader, subjects: [patientId], action: 'GET /api/patients/unusual-accesses', roles: ['admin'] },
      { by: reader, subjects: [patientId], action: 'GET /api/records/emergency-accesses', roles: ['admin'] },
    ]);
    expect(await found(reader)).toEqual([]);
    expect(await found(doctor)).toHaveLength(1);
  });

  it('is one of many patients within an hour, by what the person usually sees', async () => {
    await begin('record');
    const patients = await registerMany(61);
    const looks = (by: Seen['by'], count: number) => patients.slice(0, count).map((id) => ({ by, subjects: [id] }));
    const [newcomer, usual] = [aDoctor(), aDoctor()];
    for (let hour = 1; hour <= 12; hour += 1) {
      await service.sql.query('insert into patients_in_hour (actor, hour, patients) values ($1, $2, 6)', [
        usual.sub,
        new Date(service.clock.now().getTime() - hour * 3_600_000),
      ]);
    }
    await tell([...looks(newcomer, 60), ...looks(usual, 20)]);
    expect([await found(newcomer), await found(usual)]).toEqual([[], []]);
    await tell([...looks(newcomer, 61).slice(60), ...looks(usual, 21).slice(20)]);
    expect(await found(newcomer)).toMatchObject([
      { patientId: null, reasons: ['many-patients'], patients: 61, usual: 0, isSampled: true },
    ]);
    expect(await found(usual)).toMatchObject([{ reasons: ['many-patients'], patients: 21, usual: 6 }]);
    // Seen again an hour later they are none too many.
    const slow = aDoctor();
    await tell(looks(slow, 40));
    service.clock.advanceBy(3_600_001);
    refresh();
    await tell(looks(slow, 61).slice(21));
    expect(await found(slow)).toEqual([]);
  });
});

describe('services that tell at once', () => {
  const other = 'practitioner';
  beforeEach(async () => void (await Promise.all([begin('record'), begin(other)])));

  it('find one thing of a day and patient, with all that each of them has', async () => {
    const doctor = aDoctor({ familyName: 'Lefevre' });
    const patients = await Promise.all(Array.from({ length: 6 }, () => register({ familyName: 'Lefevre' })));
    const looks = (at: string) => patients.map((id) => ({ by: doctor, subjects: [id], at: `2026-11-20T${at}:00Z` }));
    await Promise.all([tell(looks('10:00')), tell(looks('21:00'), other)]);
    const all = await found(doctor);
    expect(all.map(({ patientId }) => patientId).sort()).toEqual(patients.sort());
    for (const { reasons, isSampled, lines } of all) {
      expect([reasons.sort(), isSampled, lines.length]).toEqual([['outside-hours', 'same-name'], true, 2]);
    }
  });

  it('count together', async () => {
    const doctor = aDoctor();
    const patients = await registerMany(61);
    const looks = patients.map((id) => ({ by: doctor, subjects: [id] }));
    await Promise.all([tell(looks.slice(30)), tell(looks.slice(0, 30), other)]);
    expect(await found(doctor)).toMatchObject([{ reasons: ['many-patients'], patients: 61 }]);
  });

  it('leave a verdict that is given meanwhile', async () => {
    const { doctor, patientId, item } = await anUnusualLook();
    const judges = `update unusual_access set verdict = '{"finding":"justified"}' where id = $1`;
    await whileHolding(service.sql, [judges, item.id], async (letGo) => {
      const telling = tell([{ by: doctor, subjects: [patientId] }]);
      await until(async () => {
        const { rows } = await service.sql.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      });
      await letGo();
      expect((await telling).status).toBe(200);
    });
    const { rows } = await service.sql.query('select verdict from unusual_access where id = $1', [item.id]);
    expect(rows).toMatchObject([{ verdict: { finding: 'justified' } }]);
    expect(await found(doctor)).toHaveLength(1);
  });
});

describe('a trail', () => {
  const untoldSeconds = async (name: string, { base } = service) => {
    const text = await (await fetch(`${base}/metrics`)).text();
    return Number(new RegExp(`^accesses_told_seconds\\{.*service="${name}".*\\} (\\S+)$`, 'm').exec(text)?.[1]);
  };

  it('of which lines wait is told by a figure, however often its service asks how far it has got', async () => {
    const patientId = await register();
    await settled();
    neighbours.isAway = true;
    refresh();
    await secretary('GET', `/api/patients/${patientId}`);
    service.clock.advanceBy(7_200_000);
    const before = neighbours.asked;
    await until(async () => neighbours.asked > before + 1);
    expect(await untoldSeconds('patient')).toBeGreaterThanOrEqual(7_200);
    neighbours.isAway = false;
    await until(async () => (await untoldSeconds('patient')) === 0);
  });

  it('of which nothing was ever told is told by a figure as well', async () => {
    const alone = await startService();
    try {
      alone.clock.advanceBy(7_200_000);
      expect(await untoldSeconds('record', alone)).toBe(7_200);
      expect(await untoldSeconds('auth', alone)).toBeNaN();
    } finally {
      await alone.stop();
    }
  });

  it.each([
    ['ends before what was looked at', 'until = until + 1000, hash = null'],
    ['has another line where it was looked at', `until = until + 1, hash = 'of another'`],
  ])('that was restored from a backup, and %s, is looked at from there', async (_, cut) => {
    const patientId = await register();
    await mark(patientId);
    await settled();
    refresh();
    refresh();
    const curious = { sub: randomUUID() };
    await service.sql.query(`update access_watch set ${cut} where service = 'patient'`);
    const call = await service.as({ roles: ['secretary'], ...curious });
    await call('GET', `/api/patients/${patientId}`);
    await until(async () => (await found(curious)).length > 0);
    await settled();
    expect(await found(curious)).toMatchObject([{ patientId, lines: [{ service: 'patient' }] }]);
  });

  it('is looked at from where it is the first time, each part once, and from nowhere else', async () => {
    const name = 'appointment';
    expect((await begin(name, 400)).body).toMatchObject({ after: 400 });
    const [doctor, patientId] = [aDoctor(), await register()];
    await mark(patientId);
    const look = { by: doctor, subjects: [patientId] };
    const answers = await Promise.all(Array.from({ length: 4 }, () => tell([look], name, 400)));
    expect(answers.map(({ body }) => body.after)).toEqual(Array(4).fill(401));
    expect((await tell([look], name, 300)).body.after).toBe(401);
    expect((await tell([look], name, 900)).body.after).toBe(401);
    const [only] = await found(doctor);
    expect(only?.lines).toHaveLength(1);
  });

  it('waits while nobody can say who works here, and is taken then', async () => {
    await begin('record');
    const [doctor, patientId] = [aDoctor(), await register()];
    await mark(patientId);
    const place = await placeOf('record');
    neighbours.isAway = true;
    expect((await tell([{ by: doctor, subjects: [patientId] }])).status).toBe(503);
    expect([await placeOf('record'), await found(doctor)]).toEqual([place, []]);
    neighbours.isAway = false;
    expect((await tell([{ by: doctor, subjects: [patientId] }])).status).toBe(200);
    expect(await found(doctor)).toHaveLength(1);
  });

  it('is told by services alone, in a form that can be read', async () => {
    const part = { after: 0, until: 0, accesses: [] };
    expect((await admin('POST', '/api/patients/accesses', part)).status).toBe(403);
    for (const [wrong, path] of [
      [{ after: -1 }, 'after'],
      [{ accesses: [{ sequence: 1 }] }, 'accesses'],
    ] as const) {
      const answer = await service.sidecar('POST', '/api/patients/accesses', { ...part, ...wrong });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.fields[0].path).toContain(path);
    }
  });
});

describe('a verdict', () => {
  it('is given once, by an admin, and repeated as often as they like', async () => {
    const { item } = await anUnusualLook();
    expect((await judge(item.id, secretary)).status).toBe(403);
    const { status, body } = await judge(item.id);
    expect([status, body.verdict]).toMatchObject([200, { finding: 'justified', words }]);
    expect((await judge(item.id)).status).toBe(200);
    const another = await service.as({ roles: ['admin'], sub: randomUUID() });
    for (const [by, said] of [
      [another, { finding: 'justified', words }],
      [admin, { finding: 'not-justified', words }],
    ] as const) {
      expect((await judge(item.id, by, said)).body.code).toBe('PATIENT.ACCESS_JUDGED_ALREADY');
    }
    expect((await unreviewed()).map(({ id }) => id)).not.toContain(item.id);
    expect((await judge(randomUUID())).body.code).toBe('PATIENT.NO_SUCH_UNUSUAL_ACCESS');
    expect((await judge(item.id, admin, { finding: 'justified', words: '   short    ' })).body.fields).toMatchObject([
      { path: 'words' },
    ]);
  });

  it('of several at once is one', async () => {
    const { item } = await anUnusualLook();
    const admins = await Promise.all(
      Array.from({ length: 5 }, () => service.as({ roles: ['admin'], sub: randomUUID() })),
    );
    const statuses = (await Promise.all(admins.map((by) => judge(item.id, by)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409]);
  });

  it('is of what its reviewer has seen', async () => {
    const { doctor, patientId, item } = await anUnusualLook();
    await tell([{ by: doctor, subjects: [patientId] }]);
    expect((await judge(item.id)).body.code).toBe('REQUEST.STALE_VERSION');
    expect((await judge(item.id, admin, undefined, '')).status).toBe(428);
    expect((await unreviewed()).find(({ id }) => id === item.id)).toMatchObject({ version: 2 });
    const { status, headers } = await judge(item.id, admin, undefined, '"v2"');
    expect([status, headers.get('etag')]).toEqual([200, '"v2"']);
  });

  it('of many patients is asked for again when there are more than twice as many', async () => {
    await begin('record');
    const doctor = aDoctor();
    const patients = await registerMany(123);
    const see = (from: number, to: number) =>
      tell(patients.slice(from, to).map((id) => ({ by: doctor, subjects: [id] })));
    await see(0, 61);
    const [judged] = await found(doctor);
    expect((await judge(judged?.id as string)).status).toBe(200);
    await see(61, 122);
    expect(await found(doctor)).toHaveLength(1);
    await see(122, 123);
    expect(await found(doctor)).toMatchObject([{ patients: 61 }, { patients: 123, isSampled: true }]);
  });

  it('and that there is something to judge are nothing that who looked finds in the trail of reviews', async () => {
    const looker = { sub: randomUUID() };
    const { patientId, item } = await anUnusualLook({ ...aDoctor(), ...looker });
    await judge(item.id);
    const reviews = async (by: Caller, query: string) => {
      const { status, body } = await by('GET', `/system/audit?limit=201${query}`);
      expect(status).toBe(200);
      return body.items.filter(({ action }: { action: string }) => action.includes('unusual-accesses'));
    };
    const curious = await service.as({ roles: ['admin'], ...looker });
    expect(await reviews(curious, `&subject=${patientId}`)).toEqual([]);
    const all = await reviews(curious, '');
    expect(all.map(({ action }: { action: string }) => action)).toContain(
      'POST /api/patients/unusual-accesses/:accessId/verdict',
    );
    expect(JSON.stringify(all)).not.toContain(patientId);
    const named = await reviews(admin, `&subject=${patientId}`);
    expect(named.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining([
        'GET /api/patients/unusual-accesses',
        'POST /api/patients/unusual-accesses/:accessId/verdict',
      ]),
    );
  });

  // No such two accounts are there but by a merge; of one that has no link nobody knows whose it is.
  it('is not given, nor the access seen, by who looked, in an account of theirs that is known, by whom it is about, or their guardian', async () => {
    const ownId = await register();
    const { doctor, patientId, item } = await anUnusualLook(aDoctor({ patientId: ownId }));
    for (const claims of [
      { sub: doctor.sub },
      { practitionerId: doctor.practitionerId },
      { patientId: ownId },
      { patientId },
      { acts_for: [{ patient: patientId, as: 'guardian' as const, sections: ['details' as const] }] },
    ]) {
      const by = await service.as({ sub: randomUUID(), ...claims, roles: ['admin'] });
      expect((await unreviewed(by)).map(({ id }) => id)).not.toContain(item.id);
      expect((await judge(item.id, by)).body.code).toBe('PATIENT.OWN_ACCESS');
    }
    expect((await unreviewed()).map(({ id }) => id)).toContain(item.id);
  });

  it('is asked for again when another thing of the same day is unusual, and not when the same is', async () => {
    const { doctor, patientId, item } = await anUnusualLook();
    await judge(item.id);
    await tell([{ by: doctor, subjects: [patientId] }]);
    expect(await found(doctor)).toHaveLength(1);
    await tell([{ by: doctor, subjects: [patientId], at: `${item.day}T21:00:00Z` }]);
    expect(await found(doctor)).toMatchObject([
      { reasons: ['public-interest'] },
      { reasons: ['public-interest', 'outside-hours'] },
    ]);
  });

  it('is overdue after seven days, which figures tell', async () => {
    const { item } = await anUnusualLook();
    const figure = async (label: string) => {
      const text = await (await fetch(`${service.base}/metrics`)).text();
      return Number(
        new RegExp(`^unusual_accesses_unreviewed\\{.*escalated="${label}".*\\} (\\d+)$`, 'm').exec(text)?.[1],
      );
    };
    await settled();
    const [before, fresh] = [await figure('true'), await figure('false')];
    expect(fresh).toBeGreaterThan(0);
    service.clock.advanceBy(7 * dayMs);
    expect(await figure('true')).toBe(before + fresh);
    expect((await unreviewed()).find(({ id }) => id === item.id)).toMatchObject({ escalated: true });
    await judge(item.id);
    expect(await figure('true')).toBe(before + fresh - 1);
  });

  it('loses its words when the patient is erased, and stays', async () => {
    const { doctor, patientId, item } = await anUnusualLook();
    await judge(item.id);
    await settled();
    await admin('POST', `/api/patients/${patientId}/erase`);
    const { rows } = await service.sql.query('select verdict from unusual_access where actor = $1', [doctor.sub]);
    expect(rows).toMatchObject([{ verdict: { finding: 'justified', words: '' } }]);
    const { body } = await admin('GET', `/api/patients/${patientId}/erasure`);
    expect(body.receipts[0].what).toContainEqual({
      kind: 'unusualAccesses',
      // Theirs, and that of who marked the patient.
      count: 2,
      outcome: 'kept',
      reason: 'access-trail',
      rule: expect.any(String),
    });
  });
});

it('what is old goes, also of who is never seen again', async () => {
  const gone = { sub: randomUUID() };
  const earlier = (days: number) => new Date(service.clock.now().getTime() - days * dayMs);
  const rows = async () => {
    const tables = ['patient_seen', 'patients_in_hour', 'unusual_access'];
    const counts = tables.map((table) => service.sql.query(`select from ${table} where actor = $1`, [gone.sub]));
    return (await Promise.all(counts)).map(({ rows: { length } }) => length);
  };
  const store = async (seen: number, hour: number, day: number) => {
    await service.sql.query('insert into patient_seen values ($1, $2, $3)', [gone.sub, earlier(seen), randomUUID()]);
    await service.sql.query('insert into patients_in_hour values ($1, $2, 1)', [gone.sub, earlier(hour)]);
    await service.sql.query(
      `insert into unusual_access (id, actor, day, reasons, is_sampled, lines, first_at, last_at, due_at, patient_id)
       values ($1, $2, $3, '["same-name"]', false, '[]', now(), now(), now(), $1)`,
      [randomUUID(), gone.sub, earlier(day)],
    );
  };
  await store(0.9, 55, 3 * 365);
  await store(1.1, 57, 3 * 366 + 2);
  await until(async () => (await rows()).every((count) => count < 2));
  expect(await rows()).toEqual([1, 1, 1]);
});

describe('a mark of public interest', () => {
  const labels = async (id: string, by = secretary) => by('GET', `/api/patients/${id}/security-labels`);

  it('is set once, listed, and taken away', async () => {
    const id = await register();
    expect((await labels(id)).body).toEqual({ items: [] });
    const first = await mark(id);
    service.clock.advanceBy(1_000);
    expect((await mark(id, admin)).body).toEqual(first.body);
    expect((await labels(id)).body.items).toEqual([first.body]);
    expect((await unmark(id)).status).toBe(204);
    expect((await unmark(id)).body.code).toBe('PATIENT.NO_SUCH_LABEL');
    expect((await labels(id)).body).toEqual({ items: [] });
    service.clock.advanceBy(1_000);
    expect((await mark(id)).body).not.toEqual(first.body);
    const self = await service.as({ roles: ['patient'], patientId: id });
    expect((await self('GET', `/system/patient-data/${id}`)).body.sections.securityLabels).toMatchObject([
      { code: 'VIP', setAt: first.body.setAt, removedAt: expect.any(String) },
      { code: 'VIP' },
    ]);
    const wrong = await secretary('POST', `/api/patients/${id}/security-labels`, { code: 'FAMOUS' });
    expect([wrong.status, wrong.body.fields[0].path]).toEqual([422, 'code']);
  });

  it('holds for who looked while it stood, and whoever takes it away has looked', async () => {
    await begin('record');
    const [id, doctor] = [await register(), aDoctor()];
    const seen = async (subjects: string[], minutes: number) => {
      const at = new Date(service.clock.now().getTime() + minutes * 60_000).toISOString();
      await tell([{ by: doctor, subjects, at }]);
    };
    await seen([id], -1);
    await mark(id);
    service.clock.advanceBy(600_000);
    const eraser = { sub: randomUUID() };
    expect((await unmark(id, await service.as({ roles: ['secretary'], ...eraser }))).status).toBe(204);
    await until(async () => (await found(eraser)).length > 0);
    expect(await found(eraser)).toMatchObject([{ patientId: id, reasons: ['public-interest'] }]);
    await seen([id], 5);
    expect(await found(doctor)).toEqual([]);
    // Told only now.
    await seen([id], -5);
    expect(await found(doctor)).toMatchObject([{ patientId: id, reasons: ['public-interest'], isSampled: true }]);
  });

  it('is that of the one a patient was merged into, and goes with an erasure', async () => {
    const [id, earlier] = [await register(), await register()];
    await mark(earlier);
    await admin('POST', `/api/patients/${earlier}/merge`, { intoPatientId: id });
    expect((await labels(id)).body.items).toMatchObject([{ patientId: id, code: 'VIP' }]);
    const doctor = aDoctor();
    await begin('record');
    await tell([{ by: doctor, subjects: [earlier] }]);
    expect(await found(doctor)).toMatchObject([{ patientId: id, reasons: ['public-interest'] }]);
    await admin('POST', `/api/patients/${id}/erase`);
    const { rows } = await service.sql.query('select from security_label where patient_id = any($1)', [[id, earlier]]);
    expect(rows).toEqual([]);
  });
});
