import fc from 'fast-check';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import { practitioners } from '../mock/people.ts';
import { type Built, openBuilt } from './on-built.ts';
import { become } from './places.ts';
import { assertNotLedAway, assertOwn, assertOwnWrites } from './tabs/assert-own.ts';
import { type Act, type Done, installDriver } from './tabs/in-page.ts';
import { ownersOf, type Patient, prepare, type Write, whose } from './tabs/two-patients.ts';
import { visit } from './visit.ts';

/** Of each role half. */
const interleavings = 1_000;
/** The same seed makes the same interleavings again; another one, others: `SEED=7 npx vitest run ...`. */
const seed = Number(process.env.SEED ?? 3);

let practice: Built;
const writes: Write[] = [];
const [, bernard] = practitioners;

beforeAll(async () => {
  practice = await openBuilt((name, asked) => {
    const write = whose(name, asked);
    if (write) writes.push(write);
  });
}, 300_000);
afterAll(() => practice?.stop());

const [whom, nth] = [fc.nat({ max: 1 }), fc.nat({ max: 11 })];
const acts = {
  seek: fc.record({ do: fc.constant('seek' as const), whom }),
  open: fc.record({ do: fc.constant('open' as const), whom, page: fc.nat({ max: 2 }) }),
  amid: fc.record({ do: fc.constantFrom('follow' as const, 'type' as const, 'press' as const), nth }),
  go: fc.record({ do: fc.constant('go' as const), steps: fc.constantFrom(-3, -2, -1, 1, 2) }),
  happens: fc.record({
    do: fc.constantFrom('hide' as const, 'answers come late' as const, 'late answers come' as const),
  }),
};
const act = fc.oneof(
  { weight: 1, arbitrary: acts.seek },
  { weight: 4, arbitrary: acts.open },
  { weight: 15, arbitrary: acts.amid },
  { weight: 4, arbitrary: acts.go },
  { weight: 6, arbitrary: acts.happens },
);
/** Some in one tab, before somebody turns to the other. */
const turn = fc.record({ tab: fc.nat({ max: 1 }), acts: fc.array(act, { minLength: 1, maxLength: 3 }) });
type Wanted = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Pages on which something is written. */
const pages: Record<string, string[]> = {
  secretary: ['details', 'appointments', `book/${bernard?.id}?type=${bernard?.appointmentTypes[0]?.id}`],
  'dr.bernard': ['chart', 'details', 'chart'],
};

describe.each(['secretary', 'dr.bernard'])('two tabs of %s, on two patients', (who) => {
  it(`never mix them, in whatever order things are done and answered (seed ${seed})`, async () => {
    const patients = prepare();
    const tabs = await twoTabs(who, patients);
    const interleaving = fc.tuple(fc.tuple(acts.open, acts.open), fc.array(turn, { minLength: 2, maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(interleaving, async ([begin, turns]) => {
        const told: string[] = [];
        const pressed: string[] = [];
        writes.length = 0;
        const take = async (tab: number, wanted: Wanted[]) => {
          const sent = wanted.map((each) => inWords(each, patients, pages[who] as string[]));
          const done = await (tabs[tab] as Page).evaluate((acts) => globalThis.tab.act(acts), sent);
          told.push(...done.map((each) => `tab ${tab}: ${storyOf(each)}`));
          for (const each of done) {
            assertOwn(each.after, patients);
            assertNotLedAway(each);
            if (each.act.do === 'press' && each.with) pressed.push(...ownersOf(each.on).slice(0, 1));
          }
        };
        try {
          for (const [tab, { page }] of begin.entries()) await take(tab, [{ do: 'open', whom: tab, page }]);
          for (const { tab, acts } of turns) await take(tab, acts);
          for (const tab of tabs.keys()) await take(tab, [{ do: 'late answers come' }, { do: 'hide' }]);
          assertOwnWrites(writes, pressed, patients);
        } catch (error) {
          throw new Error(`${error instanceof Error ? error.message : error}\n${told.join('\n')}`);
        }
      }),
      { numRuns: interleavings / 2, seed },
    );
  }, 1_800_000);
});

it('a page whose address names what is of another patient shows nothing of it', async () => {
  const patients = prepare();
  const [page] = await twoTabs('secretary', patients);
  const [own, other] = patients as [Patient, Patient];
  const foreign = [...appointments.values()].find(({ patientId }) => patientId === other.id)?.id;
  for (const path of [`appointments/${foreign}`, `appointments/${foreign}/move`]) {
    await page.goto(`/patients/${own.id}/${path}`);
    await page.getByText('This is of another patient').waitFor();
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
  }
});

it('whose page it is and what is known of allergies stay in sight, however far down somebody reads', async () => {
  const patients = prepare();
  const [page] = await twoTabs('dr.bernard', patients);
  const [{ id, familyName }] = patients as [Patient];
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto(`/patients/${id}/chart`);
  await page.getByRole('heading', { name: 'Notes' }).waitFor();
  await page.mouse.wheel(0, 100_000);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(400);
  const header = page.getByRole('region', { name: 'Patient', exact: true });
  for (const words of [familyName, /^Allergies: /])
    expect((await header.getByText(words).first().boundingBox())?.y).toBeGreaterThanOrEqual(0);
});

/** Of one browser, signed in; the first is on the page of the first patient, the other on that of the other. */
async function twoTabs(who: string, patients: Patient[]): Promise<[Page, Page]> {
  const { context, page, close } = await visit(practice.browser, practice.address);
  onTestFinished(close);
  await become(page, who);
  await page.close();
  await context.addInitScript(
    installDriver,
    Object.fromEntries(patients.map(({ id, familyName }) => [id, familyName])),
  );
  return [await tabOn(context, patients[0] as Patient), await tabOn(context, patients[1] as Patient)];
}

async function tabOn(context: BrowserContext, { id, familyName }: Patient): Promise<Page> {
  const page = await context.newPage();
  // What nobody looks at need not be painted.
  await page.setViewportSize({ width: 320, height: 200 });
  await page.goto(`/patients/${id}/appointments`);
  await page.getByRole('region', { name: 'Patient' }).getByText(familyName).waitFor();
  return page;
}

function inWords(act: Wanted, patients: Patient[], ways: string[]): Act {
  if (act.do === 'seek') return { do: 'seek', whom: patients[act.whom]?.familyName as string };
  if (act.do === 'open') return { do: 'open', path: `/patients/${patients[act.whom]?.id}/${ways[act.page]}` };
  return act;
}

const storyOf = ({ act, with: done = '(nothing there)', after }: Done): string =>
  `${JSON.stringify(act)} ${done} -> ${after.path}`;
