import { expect, it } from 'vitest';
import { tallyOf } from './run-tests.ts';

const report = (
  numPassedTests: number,
  numFailedTests: number,
  testResults: { status: string; assertionResults: unknown[] }[] = [],
) => ({
  numPassedTests,
  numFailedTests,
  testResults,
});

it('counts what passed and failed', () => {
  expect(tallyOf(report(5, 2), 1)).toEqual({ passed: 5, failed: 2 });
  expect(tallyOf(report(5, 0), 0)).toEqual({ passed: 5, failed: 0 });
});

it('counts a file that cannot be read as a failure', () => {
  const files = [
    { status: 'failed', assertionResults: [] },
    { status: 'passed', assertionResults: [{}] },
  ];
  expect(tallyOf(report(1, 0, files), 1)).toEqual({ passed: 1, failed: 1 });
});

it('never calls a run that failed a success', () => {
  expect(tallyOf(report(3, 0), 1)).toEqual({ passed: 3, failed: 1 });
  expect(tallyOf(undefined, 1)).toEqual({ passed: 0, failed: 1 });
});
