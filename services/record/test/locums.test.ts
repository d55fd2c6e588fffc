import { randomUUID } from 'node:crypto';
import { keptFromGuardians } from '@cabinet/service/audit/chain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenClaims } from '../../../tests/support/tokens.ts';
import { addPractitioner, buildPatient, type Practice, startPractice } from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

const [since, until] = ['2026-11-16T08:00:00.000Z', '2026-11-27T18:00:00.000Z'];
const seconds = (time: string) => Date.parse(time) / 1_000;
type Delegated = NonNullable<TokenClaims['delegated']>[number];

async function locumOf(practitioner: string, more: Partial<Delegated> = {}, claims: Partial<TokenClaims> = {}) {
  const practitionerId = addPractitioner(practice);
  const sub = randomUUID();
  const term = { since: seconds(since), until: seconds(until) };
  const call = await practice.as({
    roles: ['practitioner'],
    practitionerId,
    sub,
    delegated: [{ practitioner, as: 'locum', scopes: ['agenda'], ...term, ...more }],
    ...claims,
  });
  return { call, sub, practitionerId };
}

describe('who stands in for a practitioner', () => {
  it('reads and writes the record of who comes in that time, which the trail says is for the practitioner', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    practice.neighbours.relations.add([patientId, practitionerId, since, until].join(' '));
    const locum = await locumOf(practitionerId);
    expect((await locum.call('GET', path)).status).toBe(200);
    const written = await locum.call('POST', `${path}/notes`, { text: 'Fever' });
    expect([written.status, written.body.author]).toMatchObject([201, { practitionerId: locum.practitionerId }]);
    expect((await doctor('GET', `${path}/notes`)).body.items).toHaveLength(1);
    const trail = (await practice.kept('audit_event')) as { actor: string; onBehalfOf?: string; purpose: string }[];
    const lines = trail.filter(({ actor }) => actor === locum.sub);
    expect(lines.map(({ onBehalfOf, purpose }) => [onBehalfOf, purpose])).toEqual([
      [practitionerId, 'TREAT'],
      [practitionerId, 'TREAT'],
    ]);
  });

  it('is kept out of the records of those who come before or after', async () => {
    const { practitionerId, path } = await buildPatient(practice);
    const { call } = await locumOf(practitionerId);
    expect((await call('GET', path)).body.code).toBe('RECORD.NO_CARE_RELATION');
  });

  it('writes neither in their own record nor in that of who they act for, and learns of no visit by it', async () => {
    const [own, ward, cared] = [
      await buildPatient(practice),
      await buildPatient(practice),
      await buildPatient(practice),
    ];
    const guardian = { patient: ward.patientId, as: 'guardian' as const, sections: ['record' as const] };
    const shut = { ...guardian, ends: { record: 0 } };
    // Whom the patient has not let into the record.
    const carer = { patient: cared.patientId, as: 'carer' as const, sections: ['appointments' as const] };
    for (const [{ patientId, practitionerId, path }, acting] of [
      [own, guardian],
      [ward, guardian],
      [ward, shut],
      [cared, carer],
    ] as const) {
      for (const roles of [['practitioner', 'patient'], ['practitioner']] as TokenClaims['roles'][]) {
        const { call } = await locumOf(practitionerId, {}, { roles, patientId: own.patientId, acts_for: [acting] });
        const write = async () => (await call('POST', `${path}/notes`, { text: 'Fever' })).body.code;
        const visit = [patientId, practitionerId, since, until].join(' ');
        practice.neighbours.relations.add(visit);
        if (patientId === ward.patientId) practice.neighbours.keptRelations.add(visit);
        expect(await write()).toBe('RECORD.NO_CARE_RELATION');
        practice.neighbours.relations.delete(visit);
        expect(await write()).toBe('RECORD.NO_CARE_RELATION');
      }
    }
  });

  it('is not seen by guardians where the visit is kept from them', async () => {
    const { patientId, practitionerId, path } = await buildPatient(practice);
    const visit = [patientId, practitionerId, since, until].join(' ');
    practice.neighbours.relations.add(visit);
    practice.neighbours.keptRelations.add(visit);
    const { call, sub } = await locumOf(practitionerId);
    expect((await call('GET', path)).status).toBe(200);
    const trail = (await practice.kept('audit_event')) as { actor: string; subjects: string[] }[];
    expect(trail.find(({ actor }) => actor === sub)?.subjects).toContain(keptFromGuardians);
  });

  it.each<[string, Partial<Delegated>, Partial<TokenClaims>]>([
    ['once the time is over', { until: seconds('2026-11-20T10:00:00Z') }, {}],
    ['for letters and results alone', { scopes: ['letters', 'results'] }, {}],
    ['as a secretary', { as: 'secretary' }, {}],
    ['without a beginning', { since: undefined }, {}],
    ['without the role', {}, { roles: ['secretary'] }],
  ])('is kept out %s', async (_, more, claims) => {
    const { patientId, practitionerId, path } = await buildPatient(practice);
    const end = new Date((more.until ?? seconds(until)) * 1_000).toISOString();
    practice.neighbours.relations.add([patientId, practitionerId, since, end].join(' '));
    const { call } = await locumOf(practitionerId, more, claims);
    expect((await call('GET', path)).status).toBe(403);
  });

  it('waits for the appointment service, and is let in by nothing else', async () => {
    const { patientId, practitionerId, path } = await buildPatient(practice);
    practice.neighbours.relations.add([patientId, practitionerId, since, until].join(' '));
    const { call } = await locumOf(practitionerId);
    practice.neighbours.unreachable.add('appointment');
    expect((await call('GET', path)).status).toBe(503);
    practice.neighbours.unreachable.clear();
    expect((await call('GET', path)).status).toBe(200);
  });
});
