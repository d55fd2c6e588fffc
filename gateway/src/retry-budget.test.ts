import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.js';

const takeAll = (budget: RetryBudget): number => {
  let count = 0;
  while (budget.takeRetry()) count += 1;
  return count;
};

describe('RetryBudget', () => {
  it('starts with ten retries, and earns one with five requests', () => {
    const budget = new RetryBudget();
    expect(takeAll(budget)).toBe(10);
    for (let i = 0; i < 4; i++) budget.noteRequest();
    expect(budget.takeRetry()).toBe(false);
    budget.noteRequest();
    expect(takeAll(budget)).toBe(1);
  });

  it('saves 500 at most', () => {
    const budget = new RetryBudget();
    for (let i = 0; i < 10_000; i++) budget.noteRequest();
    expect(takeAll(budget)).toBe(500);
  });
});
