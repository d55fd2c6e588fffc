import type { patientApi } from '@cabinet/contracts';
import { fits } from '../fits.ts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, type Patient, patients, since } from '../people.ts';

/** As far as the mock compares. */
const agreement: patientApi.components['schemas']['MatchAgreement'] = {
  ...{ familyName: 'same', givenNames: 'same', birthDate: 'same' },
  ...{ email: 'unknown', phone: 'unknown' },
};

const patientOf = (id: string | undefined): Patient => {
  const patient = patients.find((each) => each.id === id);
  if (!patient) throw notFound('PATIENT.NOT_FOUND');
  return patient;
};

/** Of a telephone number here, however it is written. */
const digitsOf = (phone: string): string => phone.replaceAll(/\D/g, '').slice(-9);

const tagged = (body: Patient) => ({ headers: { ETag: `"v${body.version}"` }, body });

export const peopleAnswers: Handler[] = [
  on('get', '/api/patients', ({ query }) => {
    const words = query.get('q') ?? '';
    return { body: { items: patients.filter((each) => fits(words, each.familyName, ...each.givenNames)) } };
  }),
  on('post', '/api/patients/search', ({ body }) => {
    const { q = '', birthDate, phone } = body as { q?: string; birthDate?: string; phone?: string };
    const items = patients.filter(
      (each) =>
        fits(q, each.familyName, each.birthName ?? '', ...each.givenNames) &&
        (!birthDate || each.birthDate === birthDate) &&
        (!phone || each.telecom.some(({ value }) => digitsOf(value) === digitsOf(phone))),
    );
    return { body: { items: items.slice(0, 20) } };
  }),
  on('get', '/api/patients/{id}', ({ path }) => tagged(patientOf(path.id))),
  on('patch', '/api/patients/{id}', ({ path, body, version }) => {
    const before = patientOf(path.id);
    if (version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    Object.assign(before, body, { version: before.version + 1, updatedAt: new Date().toISOString() });
    return tagged(before);
  }),
  on('post', '/api/patients', ({ body }) => {
    const now = new Date().toISOString();
    const lists = { identifiers: [], telecom: [], contacts: [], warnings: [] };
    const patient = { ...lists, ...body, id: idOf(now), version: 1, active: true, createdAt: now, updatedAt: now };
    patients.push(patient);
    return { status: 201, ...tagged(patient) };
  }),
  on('post', '/api/patients/matches', ({ body }) => ({
    body: {
      items: patients
        .filter(({ birthDate, familyName }) => birthDate === body.birthDate && fits(body.familyName, familyName))
        .map(({ id, active, familyName, givenNames, birthDate }) => ({
          patientId: id,
          ...{ active, familyName, givenNames, birthDate },
          agreement,
        })),
    },
  })),
  on('get', '/api/patients/{id}/duplicates', ({ path }) => {
    const its = patientOf(path.id);
    const isLike = ({ id, active, birthDate }: Patient) => id !== its.id && active && birthDate === its.birthDate;
    return { body: { items: its.active ? patients.filter(isLike) : [] } };
  }),
  on('post', '/api/patients/{id}/merge', ({ path, body, version }) => {
    const [goes, stays] = [patientOf(path.id), patientOf(body.intoPatientId)];
    if (version() !== goes.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    Object.assign(goes, { active: false, inactiveReason: 'merged', mergedInto: stays.id, version: goes.version + 1 });
    return tagged(stays);
  }),
  on('get', '/api/auth/me', ({ who }) => ({
    body: { ...who, version: 1, active: true, createdAt: since, updatedAt: since },
  })),
  on('post', '/api/auth/lock', () => ({ status: 204, body: undefined })),
];
