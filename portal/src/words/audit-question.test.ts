import { setupI18n } from '@lingui/core';
import { expect, it } from 'vitest';
import type { User } from '../api/types.ts';
import { isId } from '../api/users.ts';
import { questionOf } from './audit-question.ts';

const nothing = { service: '', subject: '', actor: '', action: '', from: '', until: '' };
const alice = { email: 'alice@cabinet.test', id: 'user-of-alice', patientId: 'patient-of-alice' } as User;
const i18n = setupI18n({ locale: 'en', messages: { en: {} } });
const asked = (typed: Partial<typeof nothing>) => questionOf({ ...nothing, ...typed }, [alice], i18n);

it('asks for the data of somebody by all ids that they have, and for what they did by the one that acts', () => {
  expect(asked({ subject: ' Alice@cabinet.test', actor: 'alice@cabinet.test' })).toMatchObject({
    subject: 'user-of-alice,patient-of-alice',
    actor: 'user-of-alice',
  });
});

it('leaves an id, and the name of a service, as they are', () => {
  expect(asked({ subject: 'patient-of-alice ', actor: 'record' })).toMatchObject({
    subject: 'patient-of-alice',
    actor: 'record',
  });
});

it('asks for what was done by the name that the trails have for it, or by the words that were typed', () => {
  expect(asked({ action: 'Merge two patients' }).action).toBe('POST /api/patients/:id/merge');
  expect(asked({ action: ' patients merge ' }).action).toBe('patients merge');
});

it('tells ids from other words', () => {
  expect([isId('019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11'), isId('019a8f3e'), isId('alice')]).toEqual([true, false, false]);
});
