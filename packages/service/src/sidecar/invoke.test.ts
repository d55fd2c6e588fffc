import { createServer } from 'node:http';
import { InvalidInput, Unavailable } from '@cabinet/kit/errors';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { answerOf, asFaultOf, NeighbourRefused, neighbour } from './invoke.js';

const needed = z.object({ id: z.string() });

/** Asks through a sidecar that passes on one answer of the neighbour. */
async function asked(status: number, body: unknown) {
  const sidecar = createServer((_req, res) => {
    res.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => sidecar.listen(0, '127.0.0.1', done));
  const { port } = sidecar.address() as { port: number };
  const ask = async () => {
    const response = await neighbour(
      { httpPort: port },
      'practitioner',
    )(new Request('http://practitioner/api/x?rpps=1'));
    const content = await response.json();
    return response.ok ? { data: content, response } : { error: content, response };
  };
  try {
    return await answerOf('practitioner', ask(), needed);
  } finally {
    sidecar.close();
  }
}

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const problem = {
  code: 'REQUEST.INVALID',
  fields: [{ path: 'rpps', code: 'INVALID', message: 'Not match in pattern' }],
};

it('gives what was answered, and nothing where the neighbour says that there is none', async () => {
  expect(await asked(200, { id: '1', more: 2 })).toEqual({ id: '1' });
  expect(await asked(404, { code: 'PRACTITIONER.NOT_FOUND' })).toBeUndefined();
  expect(await asked(410, { code: 'PATIENT.ERASED' })).toBeUndefined();
});

it.each([400, 401, 403, 409, 413, 414, 422, 431])(
  'takes a %i for a fault of what was sent, never for an outage',
  async (status) => {
    const refused = await thrownBy(asked(status, problem));
    expect(refused).toBeInstanceOf(NeighbourRefused);
    expect(refused).toMatchObject({ appId: 'practitioner', status, code: 'REQUEST.INVALID', fields: problem.fields });
    expect(String(refused)).toBe(`NeighbourRefused: practitioner answered ${status} REQUEST.INVALID, rpps INVALID`);
  },
);

it.each([408, 425, 429, 500, 502, 503, 504])('takes a %i for an outage', async (status) => {
  expect(await thrownBy(asked(status, problem))).toBeInstanceOf(Unavailable);
});

it('takes an answer of another form for an outage', async () => {
  expect(await thrownBy(asked(200, { name: 'x' }))).toBeInstanceOf(Unavailable);
  expect(await thrownBy(asked(422, 'nonsense'))).toMatchObject({ code: 'UNKNOWN', fields: [] });
});

it("tells the neighbour's refusal of what the caller sent as one of the caller's field, and no other", async () => {
  const refused = asked(422, problem);
  const told = await thrownBy(refused.catch(asFaultOf('practitionerRpps', 'rpps')));
  expect(told).toBeInstanceOf(InvalidInput);
  expect(told).toMatchObject({ fields: [{ path: 'practitionerRpps', code: 'INVALID' }] });
  expect(await thrownBy(refused.catch(asFaultOf('speciality')))).toBeInstanceOf(NeighbourRefused);
  const away = new Unavailable('NEIGHBOUR.UNAVAILABLE', 'away');
  expect(await thrownBy(Promise.reject(away).catch(asFaultOf('rpps')))).toBe(away);
});
