import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let admin: Caller;

beforeAll(async () => {
  service = await startService();
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

const register = async (): Promise<string> =>
  (await admin('POST', '/api/patients?acceptDuplicate=true', buildPatient())).body.id;

const merge = (id: string, intoPatientId: string) => admin('POST', `/api/patients/${id}/merge`, { intoPatientId });

/** Every POST with an Idempotency-Key and If-Match that the service has. */
const changes = [
  ['patientIdentity.merge', 200, (other: string) => ({ intoPatientId: other })],
  ['patientIdentity.erase', 204, () => undefined],
] as const;

describe('what is changed again when a process died between storing and answering', () => {
  it.each(changes)('by %s is changed once, and told once', async (operation, status, bodyOf) => {
    const [id, other, last] = [await register(), await register(), await register()];
    const path = `/api/patients/${id}/${operation.replace(/^.*\./, '')}`;
    const headers = { 'idempotency-key': randomUUID(), 'if-match': '"v1"' };
    const ask = () => admin('POST', path, bodyOf(other), headers);
    const first = await ask();
    await service.sql.query(
      `update idempotency_key set answer = null, claimed_at = claimed_at - interval '61 seconds' where key = $1`,
      [headers['idempotency-key']],
    );
    // Somebody else has gone on meanwhile.
    if (operation === 'patientIdentity.merge') expect((await merge(other, last)).status).toBe(200);
    const told = await service.told(id, operation === 'patientIdentity.merge' ? 3 : 2);
    const again = await ask();
    expect([first.status, again.status]).toEqual([status, status]);
    if (status === 200) expect([first.body.id, again.body.id]).toEqual([other, other]);
    const { rows } = await service.sql.query('select version from patient where id = $1', [id]);
    expect(rows).toEqual([{ version: told.length }]);
    expect(await service.told(id, told.length)).toEqual(told);
  });
});
