import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

describe('If-Match', () => {
  it('takes whichever version there is, or one of a list, and counts on from the one that is stored', async () => {
    const { id } = (await secretary('POST', '/api/patients', buildPatient())).body;
    const change = async (gender: string, ifMatch: string) => {
      const { status, headers } = await secretary('PATCH', `/api/patients/${id}`, { gender }, { 'if-match': ifMatch });
      return [status, headers.get('etag')];
    };
    expect(await change('other', '*')).toEqual([200, '"v2"']);
    expect(await change('male', '"v1", "v2"')).toEqual([200, '"v3"']);
    expect((await change('female', '"v1", "v2"'))[0]).toBe(412);
    expect((await change('female', 'W/"v3"'))[0]).toBe(412);
    expect((await secretary('GET', `/api/patients/${id}`)).body).toMatchObject({ gender: 'male', version: 3 });
  });

  it('is answered 404, whatever it says, where nothing is', async () => {
    const path = '/api/patients/0190a000-0000-7000-8000-00000000dead';
    expect((await secretary('PATCH', path, { gender: 'male' }, { 'if-match': '*' })).status).toBe(404);
  });
});
