import { expect, it } from 'vitest';
import { topics } from './generated/facts.js';
import { fact, factTypes, parseEvent, receiptTopics, type Topic } from './index.js';

const types = Object.keys(topics).flatMap((topic) => factTypes(topic as Topic));

it('no two processes tell facts of one type', () => {
  expect(types.length).toBeGreaterThan(10);
  expect(new Set(types).size).toBe(types.length);
});

it('a fact goes to the topic of who tells it, and arrives as what it was', () => {
  const data = { userId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11', version: 1 };
  const told = fact('user.created', data.userId, data);
  expect(told).toMatchObject({ topic: 'auth', partitionKey: data.userId });
  expect(parseEvent(told)).toEqual({ type: 'user.created', data });
  expect(parseEvent({ type: 'user.of-tomorrow', data })).toBeUndefined();
  expect(() => parseEvent({ type: 'user.created', data: { ...data, version: 0 } })).toThrow();
});

it('each service that keeps data of patients tells what became of them, under its own name', () => {
  expect(receiptTopics()).toEqual(expect.arrayContaining(['appointment', 'auth', 'record']));
  const patientId = '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11';
  const what = [{ kind: 'entries', count: 2, outcome: 'kept' as const, reason: 'medical-record' as const }];
  const told = fact('record.patient-data-erased', patientId, { patientId, what });
  expect(told).toMatchObject({ topic: 'record', partitionKey: patientId, data: { what } });
  // Neither a name nor words fit into one.
  const words = [{ kind: 'Claire Lefèvre', count: 1, outcome: 'erased' as const }];
  expect(() => fact('record.patient-data-erased', patientId, { patientId, what: words })).toThrow();
});
