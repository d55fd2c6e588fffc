import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import type { TokenClaims } from '../../../tests/support/tokens.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let colleague: Caller;
/** What a minor keeps from their guardians, and what a stranger has, in one agenda. */
let doctor: Awaited<ReturnType<typeof buildPractitioner>>;
let child: string;
let secret: string;
let strangers: string;

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const tuesday = (time: string) => `2026-11-24T${time}:00+01:00`;

beforeAll(async () => {
  practice = await startPractice();
  colleague = await practice.as({ roles: ['secretary'], sub: randomUUID() });
});
afterAll(() => practice?.stop());
beforeEach(async () => {
  [doctor, child] = [await buildPractitioner(practice), randomUUID()];
  strangers = await booked(monday('09:00'), { patientId: randomUUID() });
  secret = await booked(monday('10:00'), { keptFromGuardians: true });
});

const visit = (start: string, more: object = {}) => ({
  patientId: child,
  practitionerId: doctor.practitionerId,
  appointmentTypeId: doctor.typeId,
  start,
  ...more,
});
async function booked(start: string, more: object): Promise<string> {
  const { status, body } = await colleague('POST', '/api/appointments', visit(start, more));
  if (status !== 201) throw new Error(`not booked: ${JSON.stringify(body)}`);
  return body.id;
}
const parentWho = (claims: TokenClaims) =>
  practice.as({
    patientId: randomUUID(),
    sub: randomUUID(),
    acts_for: [{ patient: child, as: 'guardian', sections: ['details', 'appointments', 'record', 'accesses'] }],
    ...claims,
  });
const atTheDesk = () => parentWho({ roles: ['secretary', 'patient'] });
const standingIn = () => {
  const day = Date.parse('2026-11-20T00:00:00Z') / 1000;
  const [since, until] = [day, day + 7 * 86_400];
  const delegated = [
    { practitioner: doctor.practitionerId, as: 'locum' as const, scopes: ['agenda' as const], since, until },
  ];
  return parentWho({ roles: ['practitioner', 'patient'], practitionerId: randomUUID(), delegated });
};

interface Reason {
  code: string;
  appointmentId?: string;
}

describe.each([
  ['secretary', atTheDesk],
  ['locum', standingIn],
])('a guardian who is a %s', (_, as) => {
  it('is told of a time that it is taken, and by which appointment only where it is none that is kept from them', async () => {
    const her = await as();
    const explained = async (by: Caller, at: string): Promise<Reason[]> => {
      const question = new URLSearchParams({
        practitionerId: doctor.practitionerId,
        appointmentTypeId: doctor.typeId,
        at,
      });
      return (await by('GET', `/api/slots/explain?${question}`)).body.reasons;
    };
    expect(await explained(her, monday('09:00'))).toMatchObject([{ appointmentId: strangers }]);
    expect(await explained(colleague, monday('10:00'))).toMatchObject([{ appointmentId: secret }]);
    const [reason, ...others] = await explained(her, monday('10:00'));
    expect([reason?.code, reason?.appointmentId, others]).toEqual(['APPOINTMENT.SLOT_TAKEN', undefined, []]);
  });

  it('books a series around it, and reads of none that is in the way', async () => {
    const her = await as();
    const rule = 'FREQ=WEEKLY;COUNT=2';
    const book = (start: string, more: object = {}) =>
      her('POST', '/api/appointments/series', { ...visit(start, { patientId: randomUUID() }), rule, ...more });
    const reasonsOf = ({ body }: Awaited<ReturnType<Caller>>): Reason[] => body.impossible[0].reasons;
    expect(reasonsOf(await book(monday('09:00')))).toMatchObject([{ appointmentId: strangers }]);
    const [refused, skipped] = [await book(monday('10:00')), await book(monday('10:00'), { skipImpossible: true })];
    expect([refused.status, skipped.status]).toEqual([409, 201]);
    for (const answer of [refused, skipped]) {
      expect(reasonsOf(answer)).toMatchObject([{ code: 'APPOINTMENT.SLOT_TAKEN' }]);
      expect(JSON.stringify(answer.body)).not.toContain(secret);
    }
  });
});

describe('an absence that a secretary makes who is a guardian', () => {
  const plan = { startDate: '2026-11-23', endDate: '2026-11-23', action: 'move' };
  const absences = () => `/api/schedules/${doctor.practitionerId}/absences`;

  it('does to what is kept from them as to all, and names it nowhere', async () => {
    const her = await atTheDesk();
    const preview = async () => (await her('POST', `${absences()}/preview`, plan)).body;
    const make = (token: string, headers = {}) =>
      her('POST', absences(), { ...plan, token, reason: 'Training' }, headers);
    const first = await preview();
    expect(first.touched).toMatchObject([{ appointment: { id: strangers } }]);
    const read = ['base64', 'base64url'].map((code) => Buffer.from(first.token, code as 'base64').toString('latin1'));
    expect([first.token, ...read].join()).not.toMatch(new RegExp(`${secret}|${strangers}|${child}|moved`));
    // What has changed since is said as far as she sees it.
    await colleague('POST', `/api/appointments/${secret}/cancel`, { reason: 'Called' });
    const another = await booked(monday('11:00'), { keptFromGuardians: true });
    const plain = await booked(monday('11:30'), { patientId: randomUUID() });
    const refused = await make(first.token);
    expect([refused.status, refused.body.changed.map((each: Reason) => each.appointmentId)]).toEqual([409, [plain]]);
    expect((await colleague('GET', absences().replace('/absences', ''))).body.absences).toEqual([]);
    const key = { 'idempotency-key': randomUUID() };
    const { token } = await preview();
    const done = await make(token, key);
    expect([done.status, done.body.appointments.map(({ id }: { id: string }) => id)]).toEqual([
      201,
      [strangers, plain],
    ]);
    const moved = (await colleague('GET', `/api/appointments/${another}`)).body;
    expect([moved.status, moved.start.slice(0, 10)]).toEqual(['booked', tuesday('09:00').slice(0, 10)]);
    expect((await make(token, key)).body.appointments).toHaveLength(2);
  });

  it('is made of a preview of that practitioner alone', async () => {
    const { token } = (await colleague('POST', `${absences()}/preview`, plan)).body;
    const other = await buildPractitioner(practice);
    const elsewhere = `/api/schedules/${other.practitionerId}/absences`;
    for (const [path, said] of [
      [elsewhere, token],
      [absences(), `${token.slice(0, -8)}AAAAAAA=`],
      [absences(), Buffer.from(JSON.stringify({ plan: '', fates: [] })).toString('base64url')],
    ]) {
      const { status, body } = await colleague('POST', path, { ...plan, token: said, reason: 'Training' });
      expect([status, body.fields]).toMatchObject([422, [{ path: 'token', code: 'INVALID_TOKEN' }]]);
    }
  });
});
