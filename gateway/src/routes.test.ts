import { describe, expect, it } from 'vitest';
import {
  findRoute,
  importLimits,
  isPublic,
  limitsOf,
  publicLimits,
  type Route,
  routes,
  upstreamPath,
  usualLimits,
} from './routes.js';

const routeOf = (path: string) => findRoute(path) as Route;

describe('findRoute', () => {
  it('goes by the whole of the first two segments', () => {
    expect(routeOf('/api/patients').service).toBe('patient');
    expect(routeOf('/api/patients/42/contacts').service).toBe('patient');
    expect(routeOf('/.well-known/jwks.json').service).toBe('auth');
    for (const path of [
      '/api/patientsx',
      '/api/patient',
      '/api',
      '/',
      '/patients',
      '/API/patients',
      '/api/system',
      '/.well-known/other',
    ]) {
      expect(findRoute(path), path).toBeUndefined();
    }
  });

  it('knows each prefix once', () => {
    expect(new Set(routes.map(({ prefix }) => prefix)).size).toBe(routes.length);
  });
});

describe('upstreamPath', () => {
  it('puts the service’s own name in place of an alias', () => {
    expect(upstreamPath(routeOf('/api/doctors/7'), '/api/doctors/7')).toBe('/api/practitioners/7');
    expect(upstreamPath(routeOf('/api/notify'), '/api/notify')).toBe('/api/notifications');
    expect(upstreamPath(routeOf('/api/slots'), '/api/slots')).toBe('/api/slots');
  });
});

describe('limitsOf', () => {
  it('allows an import more than the rest', () => {
    const limits = (path: string) => limitsOf(routeOf(path), path, true);
    expect(limits('/api/patients/import')).toBe(importLimits);
    expect(limits('/api/doctors/import')).toBe(importLimits);
    expect(limits('/api/patients/import/1')).toBe(usualLimits);
    expect(limits('/api/patients')).toBe(usualLimits);
  });

  it('allows strangers least of all', () => {
    const path = '/api/calendars/google/notifications';
    expect(limitsOf(routeOf(path), path, false)).toBe(publicLimits);
  });
});

describe('isPublic', () => {
  it('is true for signing in, and for the keys', () => {
    expect(isPublic('POST', '/api/auth/login')).toBe(true);
    expect(isPublic('GET', '/.well-known/jwks.json')).toBe(true);
    expect(isPublic('POST', '/api/calendars/google/notifications')).toBe(true);
    expect(isPublic('POST', '/api/calendars/google')).toBe(false);
    expect(isPublic('GET', '/api/calendars/feeds/pJ8-_x.ics')).toBe(true);
    expect(isPublic('DELETE', '/api/calendars/feeds/pJ8-_x.ics')).toBe(false);
    expect(isPublic('GET', '/api/calendars/feeds/a/b.ics')).toBe(false);
    expect(isPublic('GET', '/api/appointments/42/calendar.ics')).toBe(false);
    expect(isPublic('GET', '/api/auth/login')).toBe(false);
    expect(isPublic('POST', '/api/auth/login/')).toBe(false);
    expect(isPublic('GET', '/api/patients')).toBe(false);
  });
});
