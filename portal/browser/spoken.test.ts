import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { patients, practitioners } from '../mock/people.ts';
import { type Built, openBuilt } from './on-built.ts';
import { become } from './places.ts';
import { spoken, visit } from './visit.ts';

// Of the mock and of the browser: what is free, and who comes, is then the same whenever this runs.
const { now } = vi.hoisted(() => {
  const now = new Date('2027-03-09T00:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now });
  return { now };
});

let practice: Built;

beforeAll(async () => {
  practice = await openBuilt();
}, 300_000);
afterAll(() => practice?.stop());

const [first, second] = practitioners;
const places = [
  {
    what: 'free-times',
    who: 'alice',
    path: `/patients/${patients[0]?.id}/book/${first?.id}?type=${first?.appointmentTypes[0]?.id}`,
    list: 'main section section >> nth=0',
  },
  { what: 'agenda', who: 'secretary', path: `/agendas?day=2027-03-09&who=${first?.id},${second?.id}`, list: 'main' },
];

describe.each(['en', 'fr'] as const)('whoever cannot see the page hears what was reviewed, in %s:', (language) => {
  it.each(places)('$what', async ({ what, who, path, list }) => {
    const { page, context, close } = await visit(practice.browser, practice.address, { language });
    onTestFinished(close);
    await context.clock.setFixedTime(now);
    await become(page, who);
    await page.goto(path);
    await page.locator(list).getByRole('button').nth(4).waitFor();
    const file = join(import.meta.dirname, 'spoken', `${what}.${language}.txt`);
    await expect.poll(() => spoken(page, list)).not.toContain('…');
    await expect(await spoken(page, list)).toMatchFileSnapshot(file);
  });
});
