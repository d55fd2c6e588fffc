import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What a page has wrong, by WCAG 2.2 AA, a line each: `color-contrast (serious): .quiet`. */
export async function findFaults(page: Page): Promise<string[]> {
  // Not as a script of the page, whose policy lets none in that is not the portal's.
  const found = await page.evaluate(
    `(() => { ${axeSource}; return axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }); })()`,
  );
  const { violations } = found as axe.AxeResults;
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target }) => `${id} (${impact}): ${target.join(' ')}`),
  );
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axeSource = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
