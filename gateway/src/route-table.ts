// Written by `npm run gen` from process.json. Roles and public operations are those of each openapi.json.
import type { DeclaredRoute } from './routes.js';

/** What the gateway answers itself. */
export const ownPages: readonly string[] = [
  '/docs',
  '/openapi',
  '/openapi.json',
  '/health',
  '/metrics',
  '/status',
  '/pages',
  '/api/system',
];

/** Who keeps data of patients. */
export const keepersOfPatientData: readonly string[] = ['patient', 'appointment', 'auth', 'record'];

export const routeTable: readonly DeclaredRoute[] = [
  {
    prefix: '/api/patients',
    service: 'patient',
    roles: ['admin', 'patient', 'practitioner', 'secretary'],
    unkeyed: ['POST /api/patients/resolve', 'POST /api/patients/search', 'POST /api/patients/status'],
    imports: ['/api/patients/import'],
  },
  {
    prefix: '/api/practitioners',
    service: 'practitioner',
    aliases: ['/api/doctors'],
    isReference: true,
    roles: ['admin', 'patient', 'practitioner', 'secretary'],
    imports: ['/api/practitioners/import'],
  },
  {
    prefix: '/api/appointments',
    service: 'appointment',
    roles: ['admin', 'patient', 'practitioner', 'secretary'],
    imports: ['/api/appointments/import'],
  },
  {
    prefix: '/api/slots',
    service: 'appointment',
    roles: ['patient', 'practitioner', 'secretary'],
  },
  {
    prefix: '/api/schedules',
    service: 'appointment',
    roles: ['admin', 'patient', 'practitioner', 'secretary'],
    unkeyed: ['POST /api/schedules/{practitionerId}/absences/preview'],
  },
  {
    prefix: '/api/resources',
    service: 'appointment',
    roles: ['admin', 'practitioner', 'secretary'],
  },
  {
    prefix: '/api/calendars',
    service: 'appointment',
    roles: ['admin', 'practitioner', 'secretary'],
    publicOperations: ['GET /api/calendars/feeds/{file}', 'POST /api/calendars/google/notifications'],
    unkeyed: ['POST /api/calendars/discovery', 'POST /api/calendars/google/notifications'],
  },
  {
    prefix: '/api/waiting-list',
    service: 'appointment',
    roles: ['patient', 'practitioner', 'secretary'],
  },
  {
    prefix: '/api/auth',
    service: 'auth',
    publicOperations: [
      'POST /api/auth/invitations/accept',
      'POST /api/auth/login',
      'GET /api/auth/login/interactions/{interactionId}',
      'POST /api/auth/login/interactions/{interactionId}',
      'POST /api/auth/login/passkey',
      'POST /api/auth/login/passkey/challenge',
      'POST /api/auth/logout',
      'POST /api/auth/password/codes',
      'POST /api/auth/password/reset',
      'POST /api/auth/refresh',
    ],
    signIns: [
      'POST /api/auth/invitations/accept',
      'POST /api/auth/login',
      'POST /api/auth/login/interactions/{interactionId}',
      'POST /api/auth/login/passkey',
      'POST /api/auth/password/reset',
    ],
    unkeyed: [
      'POST /api/auth/audit-heads',
      'POST /api/auth/invitations',
      'POST /api/auth/invitations/accept',
      'POST /api/auth/lock',
      'POST /api/auth/login',
      'POST /api/auth/login/interactions/{interactionId}',
      'POST /api/auth/login/passkey',
      'POST /api/auth/login/passkey/challenge',
      'POST /api/auth/logout',
      'POST /api/auth/passkeys/challenge',
      'POST /api/auth/password',
      'POST /api/auth/password/codes',
      'POST /api/auth/password/reset',
      'POST /api/auth/refresh',
      'POST /api/auth/second-factors/recovery-codes',
      'POST /api/auth/second-factors/totp',
      'POST /api/auth/second-factors/totp/confirm',
      'POST /api/auth/users/{id}/codes',
    ],
  },
  {
    prefix: '/api/oidc',
    service: 'auth',
    isOpen: true,
  },
  {
    prefix: '/.well-known/jwks.json',
    service: 'auth',
    publicOperations: ['GET /.well-known/jwks.json'],
  },
  {
    prefix: '/api/records',
    service: 'record',
    roles: ['admin', 'patient', 'practitioner', 'secretary'],
  },
];
