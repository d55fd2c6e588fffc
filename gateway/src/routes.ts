import type { Role } from '@cabinet/kit/access/principal';

/** What a request may cost, and how long its caller has to wait at most. */
export interface Limits {
  bodyBytesMax: number;
  /** Until the whole body has come. */
  bodyMs: number;
  /** From then on until the answer begins, all tries together. */
  timeoutMs: number;
}

export interface Route {
  /** What the path begins with; also the name of the route in logs and metrics. */
  prefix: string;
  /** The process that answers, by its name in the registry (in lower case). */
  service: string;
  /** Another name for this prefix, under which the service knows the resource. */
  aliasOf?: string;
  /** Whoever has none of these roles is refused without asking; absent: the service alone decides. */
  roles?: readonly Role[];
  /** The same for everybody and not about patients, so an old answer is better than none while the service is away. */
  isReference?: boolean;
}

export const routes: readonly Route[] = [
  { prefix: '/api/auth', service: 'auth' },
  { prefix: '/.well-known/jwks.json', service: 'auth' },
  { prefix: '/api/patients', service: 'patient' },
  { prefix: '/api/practitioners', service: 'practitioner', isReference: true },
  { prefix: '/api/doctors', service: 'practitioner', aliasOf: '/api/practitioners', isReference: true },
  { prefix: '/api/appointments', service: 'appointment' },
  { prefix: '/api/slots', service: 'appointment', roles: ['patient', 'practitioner', 'secretary'] },
  { prefix: '/api/schedules', service: 'appointment' },
  { prefix: '/api/resources', service: 'appointment', roles: ['practitioner', 'secretary', 'admin'] },
  { prefix: '/api/calendars', service: 'appointment' },
  { prefix: '/api/waiting-list', service: 'appointment' },
  // A secretary never sees medical content; an admin only replays events here.
  { prefix: '/api/records', service: 'record', roles: ['patient', 'practitioner', 'admin'] },
  { prefix: '/api/notifications', service: 'notification' },
  { prefix: '/api/notify', service: 'notification', aliasOf: '/api/notifications' },
  { prefix: '/api/devices', service: 'wearable' },
  { prefix: '/api/readings', service: 'wearable' },
  { prefix: '/api/alerts', service: 'alert' },
  { prefix: '/api/analytics', service: 'analytics', roles: ['practitioner', 'secretary', 'admin'] },
];

/** Everything else that is routed needs a valid access token. */
const publicRequests = new Set([
  'POST /api/auth/login',
  'POST /api/auth/refresh',
  'POST /api/auth/logout',
  'GET /.well-known/jwks.json',
  'HEAD /.well-known/jwks.json',
  'POST /api/calendars/google/notifications',
]);

export const usualLimits: Limits = { bodyBytesMax: 1024 * 1024, bodyMs: 10_000, timeoutMs: 10_000 };
export const importLimits: Limits = { bodyBytesMax: 16 * 1024 * 1024, bodyMs: 120_000, timeoutMs: 120_000 };
/** Anybody may send these, so they are kept here until they are whole, and have to be small. */
export const publicLimits: Limits = { ...usualLimits, bodyBytesMax: 8 * 1024 };

const signIns = new Set(['POST /api/auth/login', 'POST /api/auth/refresh']);

/** Where passwords and tokens could be guessed. */
export const isSignIn = (method: string, path: string): boolean =>
  method === 'POST' && path.startsWith('/api/auth/') && signIns.has(`POST ${path}`);

const byPrefix = new Map(routes.map((route) => [route.prefix, route]));

export const routedServices: readonly string[] = [...new Set(routes.map((route) => route.service))];

/** @param path checked and without its query, such as `/api/patients/42`. */
export function findRoute(path: string): Route | undefined {
  const endOfFirst = path.indexOf('/', 1);
  if (endOfFirst < 0) return undefined;
  const endOfSecond = path.indexOf('/', endOfFirst + 1);
  return byPrefix.get(endOfSecond < 0 ? path : path.slice(0, endOfSecond));
}

/** Private calendars: whoever has the address may read. */
const privateFeed = /^(GET|HEAD) \/api\/calendars\/feeds\/[\w-]+\.ics$/;

export const isPublic = (method: string, path: string): boolean =>
  publicRequests.has(`${method} ${path}`) || (path.endsWith('.ics') && privateFeed.test(`${method} ${path}`));

/**
 * An import brings a whole file, so it may be larger and take longer.
 * @param isKnown false when nobody has said who calls.
 */
export function limitsOf(route: Route, path: string, isKnown: boolean): Limits {
  if (!isKnown) return publicLimits;
  return path === `${route.prefix}/import` ? importLimits : usualLimits;
}

/** The path as the service knows it. */
export const upstreamPath = (route: Route, path: string): string =>
  route.aliasOf ? route.aliasOf + path.slice(route.prefix.length) : path;
