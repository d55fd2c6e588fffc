import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { serveMock } from '../mock/main.ts';
import { patients, people, practitioners } from '../mock/people.ts';
import { openChromium } from './chromium.ts';
import { type Look, screens, visit } from './visit.ts';

/** A place of the portal, and who goes there; nobody for one who is not signed in. */
interface Place {
  name: string;
  path: string;
  as?: string;
}

const alice = `/patients/${patients[0]?.id}`;
const [bernard] = practitioners;

/** Every page; a new page is added here. */
const places: Place[] = [
  { name: 'entrance', path: '/' },
  { name: 'appointments', path: `${alice}/appointments`, as: 'alice' },
  { name: 'find a practitioner', path: `${alice}/book`, as: 'alice' },
  {
    name: 'choose a time',
    path: `${alice}/book/${bernard?.id}?type=${bernard?.appointmentTypes[0]?.id}`,
    as: 'alice',
  },
  { name: 'who looked', path: `${alice}/accesses`, as: 'alice' },
  { name: 'details', path: `${alice}/details`, as: 'alice' },
  { name: 'nothing here', path: '/nothing-here', as: 'alice' },
];

const looks: Look[] = (['phone', 'desk'] as const).flatMap((screen) =>
  (['en', 'fr'] as const).flatMap((language) =>
    (['light', 'dark'] as const).map((colors) => ({ language, colors, screen })),
  ),
);

/**
 * Pictures every page in every look, on the mock, as one sheet: a row a page, a column a look.
 * @param program Chromium @param file where to write the sheet, a PNG
 * @returns the file
 */
export async function makeSheet(program: string, file: string): Promise<string> {
  const [mock, browser] = await Promise.all([serveMock(0), openChromium(program)]);
  try {
    const columns = [];
    for (const look of looks) columns.push({ look, pictures: await picturesIn(browser, mock.address, look) });
    writeFileSync(file, await sheetOf(browser, columns));
    return file;
  } finally {
    await browser.close();
    await mock.stop();
  }
}

async function picturesIn(browser: Browser, address: string, look: Look): Promise<string[]> {
  const pictures: string[] = [];
  const { page, close } = await visit(browser, address, look);
  let present: string | undefined;
  for (const { path, as } of places) {
    if (as !== present) await become(page, as);
    present = as;
    await page.goto(path);
    await atRest(page);
    pictures.push((await page.screenshot({ type: 'jpeg', quality: 60 })).toString('base64'));
  }
  await close();
  return pictures;
}

/** Whoever is chosen on the mock's page is signed in at this browser. */
async function become(page: Page, name: string | undefined): Promise<void> {
  const person = people.find(({ email }) => email === `${name}@cabinet.test`);
  if (!person) return;
  await page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).click();
  await page.getByRole('link', { name: person.email }).click();
  await page.waitForURL(({ pathname }) => !pathname.startsWith('/api/') && pathname !== '/signed-in');
}

/** When nothing is loading any more. */
async function atRest(page: Page): Promise<void> {
  await page.locator('main').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
}

async function sheetOf(browser: Browser, columns: { look: Look; pictures: string[] }[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 2_400, height: 800 } });
  const heads = columns.map(({ look }) => `<th>${look.screen}, ${look.language}, ${look.colors}</th>`).join('');
  const rows = places.map(({ name }, nth) => {
    const cells = columns.map(({ look, pictures }) => {
      const width = look.screen === 'phone' ? 160 : 410;
      return `<td><img width="${width}" alt="" src="data:image/jpeg;base64,${pictures[nth]}"></td>`;
    });
    return `<tr><th>${name}</th>${cells.join('')}</tr>`;
  });
  await page.setContent(
    `<style>body{font:12px system-ui;margin:8px}td,th{vertical-align:top;padding:4px;text-align:left}</style>
<table><tr><th>${screens.phone.width} and ${screens.desk.width} px</th>${heads}</tr>${rows.join('')}</table>`,
  );
  const sheet = await page.screenshot({ fullPage: true });
  await page.close();
  return sheet;
}
