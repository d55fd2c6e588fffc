import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workTree } from '../cache.mjs';
import { type Report, tallyOf } from './run-tests.ts';

const file = (name: string, rest: Partial<Report['testResults'][number]>): Report['testResults'][number] => ({
  name: join(workTree, name),
  status: 'passed',
  assertionResults: [],
  ...rest,
});
const passed = { fullName: 'a slot is free', status: 'passed' };

it('counts what passed, and says of each failure where it is and how it begins', () => {
  const failed = {
    fullName: 'a slot is taken',
    status: 'failed',
    failureMessages: ['expected 409\n\n+ 200\n    at …'],
  };
  const report = {
    numPassedTests: 5,
    testResults: [
      file('services/x/test/slots.test.ts', { status: 'failed', assertionResults: [passed, failed] }),
      file('services/x/test/other.test.ts', { assertionResults: [passed, { fullName: 'later', status: 'pending' }] }),
    ],
  };
  const failures = ['services/x/test/slots.test.ts > a slot is taken\n      expected 409\n      + 200'];
  expect(tallyOf(report, 1)).toEqual({ passed: 5, failures });
});

it('takes a file whose tests cannot begin for a failure, with the reason', () => {
  const testResults = [
    file('a.test.ts', { status: 'failed', message: 'Cannot find module' }),
    file('b.test.ts', { status: 'failed', assertionResults: [{ fullName: 'later', status: 'skipped' }] }),
    file('c.test.ts', { assertionResults: [passed] }),
  ];
  const failures = ['a.test.ts\n      Cannot find module', 'b.test.ts'];
  expect(tallyOf({ numPassedTests: 1, testResults }, 1)).toEqual({ passed: 1, failures });
});

it('never calls a run that failed a success', () => {
  const none = ['vitest ended with 1, and no test had failed'];
  expect(tallyOf({ numPassedTests: 3, testResults: [] }, 1)).toEqual({ passed: 3, failures: none });
  expect(tallyOf(undefined, 1)).toEqual({ passed: 0, failures: none });
  expect(tallyOf({ numPassedTests: 3, testResults: [] }, 0)).toEqual({ passed: 3, failures: [] });
});
