import { describe, expect, it } from 'vitest';
import { ownPages, routeTable } from './route-table.js';
import {
  honoursKey,
  importLimits,
  isPublic,
  isSignIn,
  limitsOf,
  publicLimits,
  type Route,
  RouteTable,
  slowLimits,
  upstreamPath,
  usualLimits,
} from './routes.js';

const table = new RouteTable([
  ...routeTable,
  { prefix: '/fhir', service: 'facade' },
  { prefix: '/api/foreign', service: 'facade', isOpen: true },
  {
    prefix: '/api/notes',
    service: 'notes',
    aliases: ['/api/letters'],
    publicOperations: ['GET /api/notes/shared/{file}', 'GET /api/notes/{id}/print.pdf', 'POST /api/notes/inbox'],
    signIns: ['POST /api/notes/inbox'],
    unkeyed: ['POST /api/notes/inbox', 'POST /api/notes/{id}/print'],
    imports: ['/api/notes/import'],
    slow: ['POST /api/notes/{id}/print'],
  },
]);
const routeOf = (path: string) => table.find(path) as Route;

describe('a repeat with an Idempotency-Key', () => {
  it.each<[boolean, string, string]>([
    [true, 'POST', '/api/notes'],
    [true, 'POST', '/api/letters/42/copies'],
    [false, 'POST', '/api/notes/inbox'],
    [false, 'POST', '/api/letters/42/print'],
    [false, 'PATCH', '/api/notes'],
    [false, 'POST', '/api/foreign/token'],
  ])('is harmless: %s, for %s %s', (harmless, method, path) => {
    expect(honoursKey(routeOf(path), method, path)).toBe(harmless);
  });
});

describe('a route', () => {
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
      expect(table.find(path), path).toBeUndefined();
    }
  });

  it('may need no token for anything, where its service says alone who may do what', () => {
    for (const [method, path] of [
      ['GET', '/api/foreign'],
      ['POST', '/api/foreign/token'],
      ['DELETE', '/api/foreign/a/b/c'],
    ] as const) {
      expect([path, isPublic(routeOf(path), method, path)]).toEqual([path, true]);
    }
    expect(isPublic(routeOf('/fhir/Patient'), 'GET', '/fhir/Patient')).toBe(false);
    expect(routeTable.filter(({ isOpen }) => isOpen).map(({ prefix }) => prefix)).toEqual(['/api/oidc']);
  });

  it('may go by one segment', () => {
    for (const path of ['/fhir', '/fhir/', '/fhir/Patient', '/fhir/Patient/42/_history']) {
      expect([path, table.find(path)?.prefix]).toEqual([path, '/fhir']);
    }
    for (const path of ['/fhirs', '/FHIR', '/fhi', '/api/fhir']) expect(table.find(path), path).toBeUndefined();
  });

  it('stands once for each prefix, and for none of the gateway’s own pages', () => {
    const prefixes = table.routes.map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const page of ownPages) expect(table.find(page), page).toBeUndefined();
  });

  it('knows the resource by the service’s own name under an alias', () => {
    expect(upstreamPath(routeOf('/api/doctors/7'), '/api/doctors/7')).toBe('/api/practitioners/7');
    expect(upstreamPath(routeOf('/api/letters'), '/api/letters')).toBe('/api/notes');
    expect(upstreamPath(routeOf('/api/slots'), '/api/slots')).toBe('/api/slots');
  });
});

describe('limits', () => {
  it('allow an import more than the rest, under each name', () => {
    const limits = (path: string) => limitsOf(routeOf(path), 'POST', path, true);
    expect(limits('/api/patients/import')).toBe(importLimits);
    expect(limits('/api/doctors/import')).toBe(importLimits);
    expect(limits('/api/patients/import/1')).toBe(usualLimits);
    expect(limits('/api/patients')).toBe(usualLimits);
    // Nobody said that it takes files.
    expect(limits('/api/records/import')).toBe(usualLimits);
  });

  it('allow strangers least of all', () => {
    const path = '/api/calendars/google/notifications';
    expect(limitsOf(routeOf(path), 'POST', path, false)).toBe(publicLimits);
  });

  it('wait longer for what goes through very much, under each name, and take no larger body', () => {
    const limits = (method: string, path: string) => limitsOf(routeOf(path), method, path, true);
    expect(limits('POST', '/api/notes/42/print')).toBe(slowLimits);
    expect(limits('POST', '/api/letters/42/print')).toBe(slowLimits);
    expect(limits('GET', '/api/notes/42/print')).toBe(usualLimits);
    expect(limitsOf(routeOf('/api/notes/42/print'), 'POST', '/api/notes/42/print', false)).toBe(publicLimits);
    expect(slowLimits.bodyBytesMax).toBe(usualLimits.bodyBytesMax);
    for (const path of ['/api/alert-rules/try-out', '/api/alert-rules/42/back-tests'])
      expect(limits('POST', path).timeoutMs).toBeGreaterThan(60_000);
    expect(limits('POST', '/api/alert-rules')).toBe(usualLimits);
  });
});

const open = (method: string, path: string) => isPublic(routeOf(path), method, path);

describe('what needs no token', () => {
  it('is signing in, the keys, and what has a secret of its own', () => {
    const asked: [method: string, path: string, isOpen: boolean][] = [
      ['POST', '/api/auth/login', true],
      ['GET', '/.well-known/jwks.json', true],
      ['HEAD', '/.well-known/jwks.json', true],
      ['POST', '/api/calendars/google/notifications', true],
      ['POST', '/api/calendars/google', false],
      ['GET', '/api/calendars/feeds/pJ8-_x.ics', true],
      ['HEAD', '/api/calendars/feeds/pJ8-_x.ics', true],
      ['DELETE', '/api/calendars/feeds/pJ8-_x.ics', false],
      ['GET', '/api/calendars/feeds/a/b.ics', false],
      ['GET', '/api/calendars/feeds/', false],
      ['GET', '/api/appointments/42/calendar.ics', false],
      ['GET', '/api/auth/login', false],
      ['HEAD', '/api/auth/login', false],
      ['POST', '/api/auth/login/', false],
      ['POST', '/api/auth/users', false],
      ['GET', '/api/patients', false],
    ];
    expect(asked.map(([method, path]) => [method, path, open(method, path)])).toEqual(asked);
  });

  it('is the same under an alias, and a dot in a path is a dot', () => {
    expect(open('GET', '/api/letters/shared/x')).toBe(true);
    expect(open('POST', '/api/letters/inbox')).toBe(true);
    expect(open('GET', '/api/notes/7/print.pdf')).toBe(true);
    expect(open('GET', '/api/notes/7/printXpdf')).toBe(false);
    expect(open('GET', '/api/notes/7')).toBe(false);
  });
});

describe('signing in', () => {
  const signsIn = (method: string, path: string) => isSignIn(routeOf(path), method, path);

  it('is wherever a password or a code could be guessed, and not where a cookie is shown', () => {
    expect(signsIn('POST', '/api/auth/login')).toBe(true);
    expect(signsIn('POST', '/api/auth/refresh')).toBe(false);
    expect(signsIn('POST', '/api/letters/inbox')).toBe(true);
    expect(signsIn('POST', '/api/auth/logout')).toBe(false);
    expect(signsIn('GET', '/api/auth/login')).toBe(false);
    expect(signsIn('POST', '/api/patients')).toBe(false);
  });

  it('is also wherever anybody has a question of theirs kept by the provider of OpenID Connect', () => {
    for (const path of ['/api/oidc/auth', '/api/oidc/session/end']) {
      expect([path, signsIn('GET', path), signsIn('POST', path)]).toEqual([path, true, true]);
    }
    expect(signsIn('POST', '/api/oidc/token')).toBe(false);
  });
});
