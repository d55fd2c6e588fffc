import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sidecarName } from '../../dev/src/sidecar.ts';
import { until } from '../support/http.ts';
import { anonymous, callLocal, certificateOf, selfMade } from '../support/identity.ts';
import { platform } from '../support/platform.ts';

const denied = 7;
const { folder, sentryPort } = platform().identities;
const tokenOf = (process: string) => readFileSync(join(folder, process), 'utf8');

/** What a process hears when it asks a neighbour through its own sidecar. */
async function ask(from: string, to: string, path: string, method = 'GET'): Promise<number> {
  const answer = await fetch(`${platform().sidecarUrl(from)}/v1.0/invoke/${to}/method/${path}`, {
    method,
    headers: { 'dapr-api-token': platform().daprApiToken(from), 'content-type': 'application/json' },
    ...(method === 'POST' && { body: '{}' }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

describe('the port of a sidecar for other sidecars', () => {
  const port = platform().internalPort('patient');

  it.each([
    ['in plain text', undefined],
    ['without a certificate', anonymous],
    ['with a certificate of its own making', selfMade()],
  ])('refuses who comes %s, to read as to tell', async (_, tls) => {
    for (const [verb, method] of [
      ['POST', 'api/patients'],
      ['POST', 'events/appointment'],
    ] as const) {
      expect((await callLocal(port, verb, method, tls)).status).toBeUndefined();
    }
  });

  it('lets a process that proves who it is ask what it needs, and nothing else', async () => {
    const { tls } = await certificateOf(sentryPort, 'appointment', tokenOf('appointment'));
    expect((await callLocal(port, 'POST', 'api/patients/resolve', tls)).status).toBe(0);
    const refused = [
      ['POST', 'api/patients'],
      ['GET', 'api/patients/resolve'],
      ['POST', 'api/patients/resolve/../../../events/appointment'],
      ['POST', 'events/appointment'],
    ] as const;
    for (const [verb, method] of refused) {
      expect([method, await callLocal(port, verb, method, tls)]).toEqual([
        method,
        expect.objectContaining({ status: denied, message: expect.stringContaining('ns/cabinet/appointment') }),
      ]);
    }
  });

  it('refuses a process that has nothing to ask, whoever it proves to be', async () => {
    for (const name of ['gateway', 'registry', 'auth', 'practitioner']) {
      const { tls } = await certificateOf(sentryPort, name, tokenOf(name));
      expect(await callLocal(port, 'GET', 'api/patients/status', tls)).toMatchObject({ status: denied });
    }
  });
});

describe('sentry', () => {
  it('certifies nobody without the token of the process, for any name', async () => {
    const [head, , signature] = tokenOf('gateway').split('.');
    const claims = Buffer.from(
      JSON.stringify({
        aud: 'spiffe://localhost/ns/default/dapr-sentry',
        sub: 'spiffe://public/ns/cabinet/appointment',
      }),
    );
    const forged = [head, claims.toString('base64url'), signature].join('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims.toString('base64url')}.`;
    for (const token of ['', tokenOf('gateway'), forged, unsigned, 'x']) {
      const { status, tls } = await certificateOf(sentryPort, 'appointment', token);
      expect([token, status === 0, tls.cert]).toEqual([token, false, undefined]);
    }
  });
});

describe('neighbours, through their sidecars', () => {
  it('ask each other what they need', async () => {
    expect(await ask('appointment', 'practitioner', 'api/practitioners?limit=1')).toBe(200);
    expect(await ask('record', 'appointment', 'api/appointments/care-relation')).toBe(422);
  });

  it('cannot pass anything off as an event, of whatever process, to whatever process', async () => {
    for (const from of ['gateway', 'practitioner', 'appointment', 'record']) {
      for (const [to, topic] of [
        ['patient', 'appointment'],
        ['appointment', 'patient'],
        ['record', 'patient'],
      ] as const) {
        if (from !== to) expect([from, to, await ask(from, to, `events/${topic}`, 'POST')]).toEqual([from, to, 403]);
      }
    }
  });

  it("cannot speak to a neighbour's sidecar as its process does", async () => {
    const answer = await fetch(`${platform().sidecarUrl('patient')}/v1.0/metadata`, {
      headers: { 'dapr-api-token': platform().daprApiToken('record') },
    });
    expect(answer.status).toBe(401);
  });

  it('ask each other while sentry is away; a sidecar that starts meanwhile is there when sentry is back', async () => {
    const isAsked = async () => (await ask('appointment', 'practitioner', 'api/practitioners?limit=1')) === 200;
    await platform().stopProcess('sentry');
    const sidecar = sidecarName('practitioner');
    const { identity } = platform().process(sidecar);
    try {
      expect(await isAsked()).toBe(true);
      platform().kill(sidecar);
      await until(() => platform().process(sidecar).restarts > 0);
    } finally {
      await platform().startProcess('sentry');
    }
    await platform().whenRestarted(sidecar, identity?.pid, 90_000);
    await until(isAsked);
  });
});
