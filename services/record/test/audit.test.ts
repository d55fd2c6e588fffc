import { randomUUID } from 'node:crypto';
import { auditCollection } from '@cabinet/mongo/audit';
import type { SealedEvent } from '@cabinet/service/audit/chain';
import { verifyChain } from '@cabinet/service/audit/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, until } from '../../../tests/support/http.ts';
import { startProcess } from '../../../tests/support/process.ts';
import { auditKeysOf } from '../../../tests/support/service.ts';
import { buildPatient, hear, merged, type Practice, startPractice } from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

/** The trail as it is stored, in its order. */
async function trail(): Promise<SealedEvent[]> {
  const events = (await practice.kept(auditCollection)) as SealedEvent[];
  return events.toSorted((a, b) => a.sequence - b.sequence);
}

describe('the audit trail of records', () => {
  it('has reads, writes and refusals, by whom and of whom, and nothing of the content', async () => {
    const patient = await buildPatient(practice);
    const strangerId = randomUUID();
    await patient.doctor('POST', `${patient.path}/notes`, { text: 'A private matter' });
    await patient.doctor('GET', patient.path);
    const stranger = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID(), sub: strangerId });
    await stranger('GET', `${patient.path}/notes`);

    const events = (await trail()).filter(({ subjects }) => subjects.includes(patient.patientId));
    expect(events.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['POST /api/records/:patientId/notes', 201],
      ['GET /api/records/:patientId', 200],
      ['GET /api/records/:patientId/notes', 403],
    ]);
    expect(events.at(-1)?.actor).toBe(strangerId);
    expect(JSON.stringify(events)).not.toContain('private');
    expect(await verifyChain([await trail()], auditKeysOf('record'))).toMatchObject({ isWhole: true });
  });

  it('has a change whose process was killed before its line was written', async () => {
    const patient = await buildPatient(practice);
    await patient.doctor('GET', patient.path);
    const before = (await trail()).length;
    await practice.neverWriteInTrail();
    const other = await startProcess('record', practice.databaseUrl, { DAPR_HTTP_PORT: String(practice.sidecarPort) });
    const bearer = await other.bearer({ roles: ['practitioner'], practitionerId: patient.practitionerId });
    const note = { text: 'A private matter' };
    const answer = caller(other.base, bearer)('POST', `${patient.path}/notes`, note).catch(() => undefined);
    await until(async () => (await practice.documents.findOne({ _id: patient.patientId }))?.entries.length === 1);
    await other.kill();
    expect(await answer).toBeUndefined();
    await practice.writeInTrailAgain();
    expect(await trail()).toHaveLength(before);

    // The killed process had the clock of the machine.
    practice.clock.set(new Date(Date.now() + 180_000));
    await practice.restart();
    await until(async () => (await trail()).length > before);
    const added = (await trail()).slice(before);
    expect(added.map(({ action, outcome }) => [action, outcome])).toEqual([['POST /api/records/:patientId/notes', 0]]);
    expect(added[0]?.subjects).toContain(patient.patientId);
    expect(JSON.stringify(added)).not.toContain('private');
    await until(async () => (await practice.kept('audit_note')).length === 0);
    expect(await verifyChain([await trail()], auditKeysOf('record'))).toMatchObject({ isWhole: true });
  }, 90_000);

  it('has both ids where an old one leads on to the record that stays', async () => {
    const [left, kept] = [await buildPatient(practice), await buildPatient(practice)];
    await hear(practice, 'patient', merged(left.patientId, kept.patientId));
    await left.doctor('GET', left.path);
    await left.doctor('GET', `${left.path}/notes`);
    await left.doctor('POST', `${left.path}/notes`, { text: 'By the old id' });
    const events = (await trail()).filter(({ subjects }) => subjects.includes(kept.patientId));
    expect(events.map(({ action, subjects }) => [action, subjects])).toEqual(
      ['GET /api/records/:patientId', 'GET /api/records/:patientId/notes', 'POST /api/records/:patientId/notes'].map(
        (action) => [action, [left.patientId, kept.patientId].sort()],
      ),
    );
  });
});
