import { type Figure, within } from '../figures.ts';
import { type Browser, type Page, Visitor } from './browser.ts';

const [choicesMax, secondsMax] = [4, 60];
/** A telephone of the least width, at the edge of the network. */
const screen = { width: 360, height: 740 };
const edge = { latencyMs: 150, kilobitsPerSecond: 400, processor: 4 };

/** How a patient books who comes for the first time: how often they have to choose, and how long they wait in all. */
export async function measureBooking(browser: Browser, address: string): Promise<Figure[]> {
  const visitor = await Visitor.at(browser, address, screen, { locale: 'en' });
  const { page } = visitor;
  let choices = 0;
  const choose = async (what: ReturnType<Page['locator']>) => {
    await what.first().click({ timeout: 60_000 });
    choices += 1;
  };
  try {
    await visitor.signIn('alice');
    await page.goto('about:blank');
    await visitor.slowDown(edge);
    const began = performance.now();
    await page.goto('/');
    await page.locator('main').getByRole('link', { name: 'Book an appointment' }).click();
    // With whom, what for, when, and that it is right.
    await choose(page.locator('main').getByRole('listitem').getByRole('link'));
    await choose(page.locator('main').getByRole('radio'));
    await choose(page.getByRole('button', { name: / minutes, with / }));
    await choose(page.getByRole('button', { name: 'Book this appointment' }));
    await page.getByText('It is booked').waitFor();
    return [
      within('portal, choices until a patient has booked', 'times', choices, choicesMax),
      within(
        'portal, until a patient has booked, at 360 px and 400 kbit/s',
        's',
        (performance.now() - began) / 1_000,
        secondsMax,
      ),
    ];
  } finally {
    await visitor.close();
  }
}
