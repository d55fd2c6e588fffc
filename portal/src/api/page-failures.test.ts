import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf, reportFailure } from './page-failures.ts';
import { Refused, Unreachable } from './problem.ts';

// Before the client takes it.
const sent = vi.hoisted(() => {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(await request.json());
    return new Response(null, { status: 204 });
  });
  return sent;
});
beforeEach(() => void sent.splice(0));
afterAll(() => void vi.unstubAllGlobals());

function failed(stack: string, name = 'TypeError'): Error {
  return Object.assign(new Error('Alice Moreau is undefined'), { name, stack });
}

const { origin } = location;

describe('what is told of a page that failed', () => {
  it.each([
    [
      'Chrome',
      `TypeError: Alice\n    at Chart (${origin}/assets/chart-D3f_9.js:1:2345)\n    at ${origin}/assets/index-B1.js:10:7`,
    ],
    ['Firefox and Safari', `Chart@${origin}/assets/chart-D3f_9.js:1:2345\n@${origin}/assets/index-B1.js:10:7`],
  ])('is where in our files it was, as %s writes it', (_browser, stack) => {
    expect(failureOf(failed(stack), '/patients/$patientId/chart')).toMatchObject({
      page: '/patients/$patientId/chart',
      error: 'TypeError',
      frames: ['assets/chart-D3f_9.js:1:2345', 'assets/index-B1.js:10:7'],
    });
  });

  it('is nothing of what the error says, of whom the page was, or of files that are not ours', () => {
    const stack = `Moreau (${origin}/patients/0190a000?q=Moreau:1:1)\n(https://elsewhere.test/assets/a.js:1:1)\n(chrome-extension://abc/a.js:1:1)`;
    const told = failureOf(failed(stack, 'Moreau, Alice'), '/patients/');
    expect(told).toMatchObject({ page: '/patients', error: 'Error', frames: [] });
    expect(JSON.stringify(told)).not.toMatch(/Moreau|0190a000|elsewhere|abc/);
    expect(failureOf('only words', '/')).toMatchObject({ page: '/', error: 'Error', frames: [] });
  });

  it('is told once of each, and of few', async () => {
    for (let line = 0; line < 10; line += 1)
      for (const _again of [1, 2]) expect(reportFailure(failed(`${origin}/assets/a.js:${line}:1`), '/')).toBe(true);
    await expect.poll(() => sent).toHaveLength(5);
  });

  it('is no refusal, nor what an old tab lacks: those are told in their place', () => {
    const problem = { status: 409, code: 'A.B', title: '', fields: [], requestId: '' };
    const expected = [
      new Refused(problem),
      new Unreachable(undefined),
      new TypeError('Failed to fetch dynamically imported module: /assets/a.js'),
      new DOMException('aborted', 'AbortError'),
    ];
    expect(expected.map((error) => reportFailure(error, '/'))).toEqual([false, false, false, false]);
    expect(sent).toEqual([]);
  });
});
