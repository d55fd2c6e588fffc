import { writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { serveMock } from '../mock/main.ts';
import { openChromium } from './chromium.ts';
import { goTo, places } from './places.ts';
import { type Look, screens, type Visit, visit } from './visit.ts';

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
  // A browser for each person.
  const visits = new Map<string | undefined, Visit>();
  for (const place of places) {
    const visited = visits.get(place.as) ?? (await visit(browser, address, look));
    visits.set(place.as, visited);
    await goTo(visited.page, place);
    pictures.push((await visited.page.screenshot({ type: 'jpeg', quality: 60 })).toString('base64'));
  }
  for (const { close } of visits.values()) await close();
  return pictures;
}

async function sheetOf(browser: Browser, columns: { look: Look; pictures: string[] }[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 4_800, height: 800 } });
  const heads = columns.map(({ look }) => `<th>${look.screen}, ${look.language}, ${look.colors}</th>`).join('');
  const rows = places.map(({ name }, nth) => {
    const cells = columns.map(({ look, pictures }) => {
      const width = look.screen === 'phone' ? 160 : 410;
      return `<td><img width="${width}" alt="" src="data:image/jpeg;base64,${pictures[nth]}"></td>`;
    });
    return `<tr><th>${name}</th>${cells.join('')}</tr>`;
  });
  // Side by side: a browser draws no picture that is higher than 16,384 px.
  const half = Math.ceil(rows.length / 2);
  const tables = [rows.slice(0, half), rows.slice(half)].map(
    (each) =>
      `<table><tr><th>${screens.phone.width} and ${screens.desk.width} px</th>${heads}</tr>${each.join('')}</table>`,
  );
  await page.setContent(
    `<style>body{font:12px system-ui;margin:8px;display:flex;align-items:start;gap:16px}td,th{vertical-align:top;padding:4px;text-align:left}</style>
${tables.join('')}`,
  );
  const sheet = await page.screenshot({ fullPage: true });
  await page.close();
  return sheet;
}
