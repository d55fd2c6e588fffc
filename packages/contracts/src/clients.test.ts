import { expect, it } from 'vitest';
import { errorCodes, patientClient } from './index.js';

const json = (status: number, body: object, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });

it('asks a path of the contract and gives back what the contract promises', async () => {
  const asked: string[] = [];
  const client = patientClient({
    baseUrl: 'http://gateway',
    fetch: async (request) => {
      asked.push(`${request.method} ${request.url}`);
      return json(200, { id: '1', familyName: 'Martin' });
    },
  });
  const { data } = await client.GET('/api/patients/{id}', { params: { path: { id: 'a b' } } });
  expect(asked).toEqual(['GET http://gateway/api/patients/a%20b']);
  expect(data?.familyName).toBe('Martin');
});

it('gives back a refusal as the problem that it is', async () => {
  const body = { code: 'PATIENT.NOT_FOUND', status: 404 };
  const fetch = async () => json(404, body, 'application/problem+json');
  const { data, error } = await patientClient({ baseUrl: 'http://gateway', fetch }).GET('/api/patients/{id}', {
    params: { path: { id: '1' } },
  });
  expect(data).toBeUndefined();
  expect(error?.code).toBe('PATIENT.NOT_FOUND');
});

it('lists every refusal with its service and status', () => {
  expect(errorCodes['APPOINTMENT.SLOT_TAKEN']).toMatchObject({ service: 'appointment', status: 409 });
});
