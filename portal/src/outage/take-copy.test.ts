import { i18n } from '@lingui/core';
import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { messages } from '../languages/en.po';
import { session } from '../session/session.ts';
import { takeCopy } from './take-copy.ts';

const practitioner = (id: string) => ({
  ...{ id, familyName: `Family of ${id}`, givenNames: ['Claire'] },
  ...{ places: [{ id: 'place', zone: 'Europe/Paris' }], appointmentTypes: [{ id: 't', name: 'Consultation' }] },
});
const appointment = (patientId: string) => ({
  ...{ id: `of ${patientId}`, status: 'booked', patientId, appointmentTypeId: 't', reason: 'a secret' },
  ...{ start: '2026-11-23T08:30:00Z', end: '2026-11-23T08:50:00Z', zone: 'Europe/Paris' },
});
const patient = (id: string) => ({
  ...{ id, familyName: `Name of ${id}`, givenNames: ['Alice'], birthDate: '1980-02-03' },
  telecom: [{ system: 'phone', value: '+33600000001' }],
});

/** By what its address begins with, the longest first: what is answered. */
let answers: Record<string, object | number>;
let asked: string[];

beforeEach(() => {
  i18n.loadAndActivate({ locale: 'en', messages });
  vi.spyOn(session, 'accessToken').mockResolvedValue('token');
  asked = [];
  answers = {
    '/api/practitioners?': { items: ['p', 'closed'].map(practitioner) },
    '/api/appointments?practitionerId=p&': { items: ['alice', 'bob'].map(appointment) },
    '/api/appointments?practitionerId=closed&': 403,
    '/api/patients/alice': patient('alice'),
    '/api/patients/bob': 403,
  };
  vi.stubGlobal('fetch', async ({ url }: Request) => {
    const { pathname, search } = new URL(url);
    asked.push(pathname);
    const key = Object.keys(answers).find((each) => `${pathname}${search}`.startsWith(each)) ?? '';
    const answer = answers[key];
    if (typeof answer === 'object') return Response.json(answer);
    return Response.json({ status: answer, code: 'A', fields: [] }, { status: answer ?? 501 });
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});

const take = (patients = {}) =>
  takeCopy(new QueryClient({ defaultOptions: { queries: { retry: false } } }), {
    ...{ sessionId: 's', practitionerIds: ['p', 'closed'], patients },
  });

describe('a copy of the agendas', () => {
  it('has today and tomorrow of those that are open to who takes it, and no word of why anybody comes', async () => {
    const { days, columns, sessionId, language } = await take();
    expect([sessionId, language, columns.length]).toEqual(['s', 'en', 6]);
    expect(days).toHaveLength(2);
    for (const { sheets } of days) expect(sheets.map(({ name }) => name)).toEqual(['Claire Family of p']);
    expect(days[0]?.sheets[0]?.lines).toEqual([
      ['09:30', 'Alice Name of alice', 'Feb 3, 1980', '+33600000001', 'Consultation', ''],
      ['09:30', 'name could not be read', '', '', 'Consultation', ''],
    ]);
    expect(JSON.stringify(days)).not.toContain('secret');
  });

  it('asks for no patient whom it has read before in this sign-in', async () => {
    const { patients } = await take();
    expect(asked.filter((each) => each === '/api/patients/alice')).toHaveLength(1);
    asked = [];
    await take(patients);
    expect(asked).not.toContain('/api/patients/alice');
    expect(asked).toContain('/api/patients/bob');
  });

  it.each([
    ['/api/practitioners?', 503],
    ['/api/appointments?practitionerId=p&', 500],
    ['/api/patients/alice', 503],
    ['/api/patients/alice', 429],
  ])('is not taken, rather than with holes in it, when %s answers %i', async (path, status) => {
    answers[path] = status;
    await expect(take()).rejects.toMatchObject({ problem: { status } });
  });
});
