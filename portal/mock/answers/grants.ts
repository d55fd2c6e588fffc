import type { recordApi } from '@cabinet/contracts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients, practitioners, since } from '../people.ts';
import { found } from './records.ts';

type Grant = recordApi.components['schemas']['AccessGrantResponse'];

const dayMs = 24 * 3_600_000;
const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString();
const [, second, third] = practitioners;
const [alice] = patients;
const byPatient = { id: idOf('user alice'), role: 'patient' } as const;

/** By patient, the newest first. */
const grants = new Map<string, Grant[]>([
  [
    alice?.id as string,
    [
      {
        id: idOf('grant of alice'),
        practitionerId: second?.id as string,
        givenAt: inDays(-20),
        givenBy: byPatient,
        until: inDays(60),
      },
      {
        id: idOf('grant of alice before'),
        practitionerId: third?.id as string,
        givenAt: since,
        givenBy: { id: idOf('user secretary'), role: 'secretary' },
        until: inDays(30),
        withdrawnAt: inDays(-40),
      },
    ],
  ],
]);

/** Whom patients let into their record. */
export const grantAnswers: Handler[] = [
  on('get', '/api/records/{patientId}/grants', (asked) => ({
    body: { items: grants.get(found(asked).patientId) ?? [] },
  })),
  on('post', '/api/records/{patientId}/grants', (asked) => {
    const { patientId } = found(asked);
    const { body, who } = asked;
    const refused = (path: string, code: string, message: string) =>
      new Refused(422, 'REQUEST.INVALID', 'The request is not valid', { fields: [{ path, code, message }] });
    if (body.until < inDays(1)) throw refused('until', 'TOO_SOON', 'is less than a day away');
    if (body.until > inDays(366)) throw refused('until', 'TOO_LATE', 'is more than a year away');
    const now = new Date().toISOString();
    const grant: Grant = {
      ...body,
      id: idOf(`grant ${now} ${body.practitionerId}`),
      givenAt: now,
      givenBy: { id: who.id, role: who.patientId === patientId ? 'patient' : 'guardian' },
    };
    const before = (grants.get(patientId) ?? []).map((each) =>
      each.practitionerId === body.practitionerId && !each.withdrawnAt ? { ...each, withdrawnAt: now } : each,
    );
    grants.set(patientId, [grant, ...before]);
    return { status: 201, body: grant };
  }),
  on('post', '/api/records/{patientId}/grants/{grantId}/withdraw', (asked) => {
    const { patientId } = found(asked);
    const its = grants.get(patientId) ?? [];
    const grant = its.find(({ id }) => id === asked.path.grantId);
    if (!grant) throw notFound('RECORD.NO_SUCH_GRANT');
    const withdrawn = { ...grant, withdrawnAt: grant.withdrawnAt ?? new Date().toISOString() };
    grants.set(
      patientId,
      its.map((each) => (each === grant ? withdrawn : each)),
    );
    return { body: withdrawn };
  }),
];
