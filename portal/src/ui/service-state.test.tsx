import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { ServiceState } from '../api/system.ts';
import { ServiceStateCard } from './service-state.tsx';

const instance = {
  id: 'patient-1',
  origin: 'http://patient',
  inFlight: 2,
  isSkipped: false,
  ejections: 0,
  zone: 'paris',
  version: 'v1.4.0',
};
const well: ServiceState = {
  name: 'patient',
  breaker: 'closed',
  retriesLeft: 10.4,
  placesLeft: 1,
  instances: [instance],
};
const said = (more: Partial<ServiceState> = {}, language: 'en' | 'fr' = 'en') =>
  show(<ServiceStateCard of={{ ...well, ...more }} />, language).container.textContent;

it('says of a service that is well how much more it takes, and how busy each process is', () => {
  expect(said()).toBe(
    'patientis askedtakes 1 further request before it counts as busy · 10 repeats may still be madepatient-1 · paris · v1.4.0answers 2 requests',
  );
});

it('says in front what is wrong: away, not asked, tried again, or spared', () => {
  expect(said({ instances: [] })).toBe('patientis not there');
  expect(said({ breaker: 'open' })).toContain('is not asked at the moment: too many requests failed');
  expect(said({ breaker: 'half-open' })).toContain('is tried again, one request at a time');
  const spared = said({ instances: [instance, { ...instance, id: 'patient-2', isSkipped: true, ejections: 3 }] });
  expect(spared).toContain('1 process is spared');
  expect(spared).toContain('spared, 3 times lately');
});

it('says it in French', () => {
  expect(said({ instances: [] }, 'fr')).toBe('patientest absent');
});
