import type { authApi } from '@cabinet/contracts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients, people } from '../people.ts';

type Registration = authApi.components['schemas']['RegistrationResponse'];

const hours = (from: number): string => new Date(Date.now() + from * 3_600_000).toISOString();
const [alice, , claimed] = patients;
const codeMailed = '7K3F-9QXM-2BTR';

const waiting = new Map<string, Registration>(
  [
    { ...claimed, email: 'somebody@example.org' },
    { familyName: 'Nobody', givenNames: ['Known'], birthDate: '1990-02-03', email: 'nobody@example.org' },
  ].map(({ familyName = '', givenNames = [], birthDate = '', email }) => {
    const id = idOf(`registration ${email}`);
    return [id, { id, familyName, givenNames, birthDate, email, createdAt: hours(-3), expiresAt: hours(300) }];
  }),
);

const decided = (id: string | undefined): Registration => {
  const registration = waiting.get(id ?? '');
  if (!registration) throw notFound('AUTH.NO_SUCH_REGISTRATION');
  waiting.delete(registration.id);
  return registration;
};

function take(code: string, password: string): void {
  if (code !== codeMailed) throw new Refused(401, 'AUTH.NO_SUCH_CODE', 'There is no such code');
  if (password === 'password1234') throw new Refused(422, 'AUTH.PASSWORD_UNSUITABLE', 'The password is unsuitable');
}

const taken = { status: 204, body: undefined } as const;

/** What anybody may ask, signed in or not. */
export const strangerAnswers: Handler[] = [
  on('post', '/api/system/page-failures', () => taken),
  on('post', '/api/auth/registrations', () => ({ status: 202, body: undefined })),
  on('post', '/api/auth/registrations/shown', ({ body }) => {
    take(body.code, body.password);
    return taken;
  }),
  on('post', '/api/auth/invitations/accept', ({ body }) => {
    take(body.code, body.password);
    if (!body.email)
      throw new Refused(422, 'REQUEST.INVALID', 'The request breaks a rule', {
        fields: [{ path: 'email', code: 'REQUIRED', message: 'is what you will sign in with' }],
      });
    return taken;
  }),
  on('post', '/api/auth/password/codes', () => ({ status: 202, body: undefined })),
  on('post', '/api/auth/password/reset', ({ body }) => {
    take(body.code, body.newPassword);
    return taken;
  }),
];

/** Who registered themselves, as the desk decides it. */
export const registrationAnswers: Handler[] = [
  on('get', '/api/auth/registrations', () => ({ body: { items: [...waiting.values()] } })),
  on('post', '/api/auth/registrations/{id}/confirmation', ({ path, body }) => {
    if (body.patientId === alice?.id)
      throw new Refused(409, 'AUTH.PATIENT_HAS_LOGIN', 'The patient has a login already');
    decided(path.id);
    return { status: 201, body: { userId: people[0]?.id as string, patientId: body.patientId } };
  }),
  on('delete', '/api/auth/registrations/{id}', ({ path }) => {
    decided(path.id);
    return taken;
  }),
];
