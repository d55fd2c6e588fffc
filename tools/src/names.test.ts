import { describe, expect, it } from 'vitest';
import { camelCase, named, pascalCase, pluralOf } from './names.ts';

describe('names', () => {
  it('are written as classes and as variables', () => {
    expect(['visit-reason', 'shift', 'lab-test-order'].map(pascalCase)).toEqual([
      'VisitReason',
      'Shift',
      'LabTestOrder',
    ]);
    expect(['visit-reason', 'shift'].map(camelCase)).toEqual(['visitReason', 'shift']);
  });

  it.each([
    ['visit-reason', 'visit-reasons'],
    ['allergy', 'allergies'],
    ['day', 'days'],
    ['address', 'addresses'],
    ['tax', 'taxes'],
    ['batch', 'batches'],
  ])('have a plural: %s', (one, many) => {
    expect(pluralOf(one)).toBe(many);
  });

  it.each([
    ['some-thing.recorded', 'lab-test-order.recorded'],
    ['SomeThings', 'LabTestOrders'],
    ['toSomeThingResponse', 'toLabTestOrderResponse'],
    ['someThingId', 'labTestOrderId'],
    ['some_thing', 'lab_test_order'],
    ['SOME_THING.NOT_FOUND', 'LAB_TEST_ORDER.NOT_FOUND'],
    ['Some things of patients', 'Lab test orders of patients'],
    ['something', 'something'],
  ])('take the place of that of a template in its form: %s', (text, wanted) => {
    expect(named('lab-test-order', text)).toBe(wanted);
  });

  it('have the article that goes with them', () => {
    expect(named('allergy', 'Read a some thing; a patient')).toBe('Read an allergy; a patient');
    expect(named('visit-reason', 'Read a some thing')).toBe('Read a visit reason');
  });
});
