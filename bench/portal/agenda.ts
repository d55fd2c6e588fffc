import { appointments } from '../../portal/mock/agenda.ts';
import { idOf, patients, practitioners } from '../../portal/mock/people.ts';
import { type Figure, median, percentile, within } from '../figures.ts';
import { type Browser, type Page, Visitor } from './browser.ts';

const entries = 500;
const scriptMsMax = 200;
/** Of 60 frames a second, with the tremble of the clock. */
const frameMsMax = 1_000 / 60 + 1;
const rounds = 5;
const desk = { width: 1_366, height: 768 };
const minute = 60_000;
/** A Tuesday, and one on which nobody comes. */
const [full, empty] = ['2028-03-07', '2028-03-14'];

/** As many as come to eight practitioners in a week, of ten minutes each, on one day side by side. */
function fillDay(): void {
  const each = Math.ceil(entries / practitioners.length);
  for (const practitioner of practitioners)
    for (let nth = 0; nth < each; nth += 1) {
      const start = Date.parse(`${full}T07:00:00Z`) + nth * 10 * minute;
      const id = idOf(`bench ${practitioner.id} ${nth}`);
      const [place] = practitioner.places;
      appointments.set(id, {
        ...{ id, version: 1, status: 'booked', mode: 'in-person', practitionerId: practitioner.id },
        ...{ placeId: place?.id as string, zone: place?.zone as string },
        patientId: patients[nth % patients.length]?.id as string,
        appointmentTypeId: practitioner.appointmentTypes[0]?.id as string,
        start: new Date(start).toISOString(),
        end: new Date(start + 10 * minute).toISOString(),
        createdAt: new Date(start).toISOString(),
      });
    }
}

/** What the script takes that draws it on a processor of a quarter, and whether it follows a pointer that drags one of them. */
export async function measureAgenda(browser: Browser, address: string): Promise<Figure[]> {
  fillDay();
  const visitor = await Visitor.at(browser, address, desk);
  const { page } = visitor;
  try {
    await visitor.become('secretary');
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // Names of patients and practitioners are known from the first time on, as at a desk.
      await page.goto(`/agendas?day=${full}`);
      await drawn(page);
      await show(page, empty);
      await page.locator('[data-appointment]').first().waitFor({ state: 'detached' });
      await visitor.slowDown({ processor: 4 });
      const before = await visitor.scriptMs();
      await show(page, full);
      await drawn(page);
      times.push((await visitor.scriptMs()) - before);
      await visitor.slowDown({});
    }
    const frames = await framesWhileDragging(page);
    return [
      within(
        `portal, script that draws ${entries} appointments, processor of a quarter`,
        'ms',
        median(times),
        scriptMsMax,
      ),
      within(`portal, a frame while one of ${entries} is dragged, median`, 'ms', median(frames), frameMsMax),
      within(
        `portal, a frame while one of ${entries} is dragged, of 100 the second longest`,
        'ms',
        percentile(frames, 0.98),
        2 * frameMsMax,
      ),
    ];
  } finally {
    await visitor.close();
  }
}

/** As by a link: without loading the page anew. */
const show = (page: Page, day: string) =>
  page.evaluate(`history.pushState({}, '', '/agendas?day=${day}'); dispatchEvent(new PopStateEvent('popstate'))`);

const drawn = (page: Page) =>
  page.waitForFunction(`document.querySelectorAll('[data-appointment]').length >= ${entries}`);

/** Milliseconds between the frames, while somebody drags an appointment up and down. */
async function framesWhileDragging(page: Page): Promise<number[]> {
  const box = await page.locator('[data-appointment]').first().boundingBox();
  if (!box) throw new Error('no appointment is to be seen');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(`{
    globalThis.frames = [];
    const note = (at) => {
      frames.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  }`);
  for (let step = 0; step < 120; step += 1) await page.mouse.move(x, y + 60 * Math.sin(step / 10));
  const at = await page.evaluate<number[]>('globalThis.frames');
  await page.keyboard.press('Escape');
  await page.mouse.up();
  return at.slice(1).map((each, nth) => each - (at[nth] as number));
}
