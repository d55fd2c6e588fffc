import type { Registration } from '@cabinet/kit/registry/registration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { assemble, type Cast, register } from './cast.ts';

let cast: Cast;
let patient: Registration;
let patientUrl: string;
let isPatientReady = true;

beforeAll(async () => {
  cast = await assemble();
  // The real service of the platform, in this registry as well.
  patientUrl = platform().url('patient');
  patient = register(cast.ours, 'patient', patientUrl, async () => isPatientReady);
  await until(async () => (await cast.ours.statusOf('PATIENT')) === 'UP');
  // The first time on a machine the Java programs are built.
}, 900_000);

afterAll(async () => {
  await patient?.stop();
  await cast?.stop();
});

const textOf = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { headers });
  return { status: answer.status, text: await answer.text() };
};

describe('a Spring client in our registry', () => {
  it('registers with all that Spring says of itself', async () => {
    await until(async () => (await cast.ours.statusOf('PRACTITIONER')) === 'UP');
    expect(await cast.ours.instance('PRACTITIONER')).toMatchObject({
      app: 'PRACTITIONER',
      ipAddr: '127.0.0.1',
      vipAddress: 'practitioner',
      port: { $: Number(new URL(cast.spring.url).port), '@enabled': 'true' },
      leaseInfo: { renewalIntervalInSecs: 1, durationInSecs: 30 },
    });
  });

  it('renews its lease', async () => {
    const { leaseInfo } = await cast.ours.instance('PRACTITIONER');
    const renewedAt = async () => (await cast.ours.instance('PRACTITIONER')).leaseInfo.lastRenewalTimestamp;
    await until(async () => (await renewedAt()) >= leaseInfo.lastRenewalTimestamp + 2_000);
    expect((await cast.ours.instance('PRACTITIONER')).leaseInfo.registrationTimestamp).toBe(
      leaseInfo.registrationTimestamp,
    );
  });

  it('cannot take the place of another, since it has proved to be itself alone', async () => {
    const headers = { authorization: `Bearer ${cast.ours.tokenFor('practitioner')}` };
    const { instanceId } = await cast.ours.instance('PATIENT');
    const left = await fetch(`${cast.ours.url}/eureka/apps/PATIENT/${instanceId}`, { method: 'DELETE', headers });
    expect([left.status, await cast.ours.statusOf('PATIENT')]).toEqual([403, 'UP']);
  });

  it('is reached through our gateway', async () => {
    const authorization = await cast.tokens.bearer({ roles: ['admin'] });
    const hello = () => textOf(`${cast.gateway}/api/practitioners/hello`, { authorization });
    await until(async () => (await hello()).status === 200);
    expect(await hello()).toEqual({ status: 200, text: 'hello from spring' });
  });

  it('sees our services', async () => {
    const seen = async () => JSON.parse((await textOf(`${cast.spring.url}/sees/PATIENT`)).text);
    await until(async () => (await seen()).length === 1);
    expect(await seen()).toEqual([patientUrl]);
  });

  it('follows an operator: out of service, and back', async () => {
    const { instanceId } = await cast.ours.instance('PRACTITIONER');
    const status = `${cast.ours.url}/eureka/apps/PRACTITIONER/${instanceId}/status`;
    await fetch(`${status}?value=OUT_OF_SERVICE`, { method: 'PUT', headers: cast.ours.headers });
    expect(await cast.ours.statusOf('PRACTITIONER')).toBe('OUT_OF_SERVICE');
    await fetch(status, { method: 'DELETE', headers: cast.ours.headers });
    await until(async () => (await cast.ours.statusOf('PRACTITIONER')) === 'UP');
  });
});

describe('a Spring Cloud Gateway', () => {
  const ready = () => textOf(`${cast.springGateway.url}/patient/health/ready`);

  it('routes lb:// to our services through our registry', async () => {
    await until(async () => (await ready()).status === 200);
    expect(JSON.parse((await ready()).text)).toEqual({ status: 'UP' });
  });

  it('sends nobody to a service that says it is not ready, until it is again', async () => {
    isPatientReady = false;
    // It first has no instance for its route, and soon no route.
    await until(async () => [503, 404].includes((await ready()).status));
    isPatientReady = true;
    await until(async () => (await ready()).status === 200);
  });
});

describe('our services in Netflix’s registry', () => {
  it('register, renew, tell their readiness and leave', async () => {
    let isReady = false;
    const record = register(cast.netflix, 'record', platform().url('record'), async () => isReady);
    await until(async () => (await cast.netflix.statusOf('RECORD')) === 'STARTING');
    isReady = true;
    await until(async () => (await cast.netflix.statusOf('RECORD')) === 'UP');
    const { leaseInfo } = await cast.netflix.instance('RECORD');
    const renewedAt = async () => (await cast.netflix.instance('RECORD')).leaseInfo.lastRenewalTimestamp;
    await until(async () => (await renewedAt()) > leaseInfo.lastRenewalTimestamp);
    isReady = false;
    await until(async () => (await cast.netflix.statusOf('RECORD')) === 'DOWN');
    await record.stop();
    expect(await cast.netflix.instance('RECORD')).toBeUndefined();
  });
});

describe('our registry and Netflix’s as peers', () => {
  it('know who registered at the other', async () => {
    for (const app of ['PATIENT', 'PRACTITIONER']) {
      await until(async () => (await cast.netflix.statusOf(app)) === 'UP');
    }
    const auth = register(cast.netflix, 'auth', platform().url('auth'));
    await until(async () => (await cast.ours.statusOf('AUTH')) === 'UP');
    await auth.stop();
    await until(async () => (await cast.ours.instance('AUTH')) === undefined);
  });

  it('tell each other renewals, so that neither forgets who renews at the other', async () => {
    const renewedAt = async () => (await cast.netflix.instance('PATIENT')).leaseInfo.lastRenewalTimestamp;
    const before = await renewedAt();
    await until(async () => (await renewedAt()) > before);
  });

  it.each([
    ['ours', 'netflix'],
    ['netflix', 'ours'],
  ] as const)('tell each other what an operator decided: %s to %s', async (from, to) => {
    const { instanceId } = await cast[from].instance('PATIENT');
    const status = `${cast[from].url}/eureka/apps/PATIENT/${instanceId}/status?value=`;
    await fetch(`${status}OUT_OF_SERVICE`, { method: 'PUT', headers: cast[from].headers });
    await until(async () => (await cast[to].statusOf('PATIENT')) === 'OUT_OF_SERVICE');
    await fetch(`${status}UP`, { method: 'DELETE', headers: cast[from].headers });
    await until(async () => (await cast[to].statusOf('PATIENT')) === 'UP');
  });

  it('tell each other new metadata', async () => {
    const { instanceId } = await cast.ours.instance('PATIENT');
    await fetch(`${cast.ours.url}/eureka/apps/PATIENT/${instanceId}/metadata?zone=north`, {
      method: 'PUT',
      headers: cast.ours.headers,
    });
    await until(async () => (await cast.netflix.instance('PATIENT')).metadata.zone === 'north');
  });

  it('both lose a Spring client that leaves', async () => {
    await cast.spring.stop();
    for (const registry of [cast.ours, cast.netflix]) {
      await until(async () => (await registry.instance('PRACTITIONER')) === undefined);
    }
  });
});
