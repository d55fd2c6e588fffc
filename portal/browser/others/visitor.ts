import { setTimeout as delay } from 'node:timers/promises';
import type { Driver, Step } from './driver.ts';

type Kind = 'button' | 'link' | 'field';

interface Seen {
  path: string;
  /** Of the page, in its heading. */
  title: string;
  /** All that can be read, in the dialog that is open if one is. */
  words: string;
  /** What it is on is called so. */
  focus: string;
  language: string;
  tooWide: number;
  width: number;
}

/** As WebDriver writes keys that are no letters: https://www.w3.org/TR/webdriver2/#keyboard-actions */
const keys = {
  Tab: '\uE004',
  Enter: '\uE006',
  Control: '\uE009',
  Escape: '\uE00C',
  ArrowUp: '\uE013',
  ArrowDown: '\uE015',
} as const;

const limitMs = 90_000;

/** Somebody with a mouse and a keyboard at a browser that is no Chromium. What they look for they wait for. */
export class Visitor {
  readonly browser: Driver;

  constructor(browser: Driver) {
    this.browser = browser;
  }

  look = (): Promise<Seen> => this.browser.ask('look');

  /** Presses the first that can be pressed of what is called so. */
  async press(kind: Kind, name: RegExp): Promise<void> {
    let before: string | undefined;
    const place = await this.wait(`${kind} ${name}`, async () => {
      const found = await this.browser.ask<{ x: number; y: number } | null>('placeOf', kind, name.source);
      // What moves would be missed.
      const isStill = found && JSON.stringify(found) === before;
      before = JSON.stringify(found);
      return isStill ? found : undefined;
    });
    await this.browser.act('pointer', [
      { type: 'pointerMove', ...place },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]);
  }

  /** Writes into a field in the place of what stands there. */
  async fill(label: RegExp, text: string): Promise<void> {
    await this.press('field', label);
    await this.browser.act('key', [
      { type: 'keyDown', value: keys.Control },
      ...typed('a'),
      { type: 'keyUp', value: keys.Control },
    ]);
    await this.type(text);
    await this.wait(
      `field ${label} with ${text.length} letters`,
      async () => (await this.browser.ask('valueIn', label.source)) === text,
    );
  }

  type = (text: string): Promise<void> => this.browser.act('key', typed(text));

  async key(...names: (keyof typeof keys | 'm')[]): Promise<void> {
    for (const name of names) await this.browser.act('key', typed(name === 'm' ? name : keys[name]));
  }

  /** @returns what it is called in full */
  reads = (kind: Kind, name: RegExp): Promise<string> =>
    this.wait(`${kind} ${name}`, () => this.browser.ask<string | null>('fullNameOf', kind, name.source));

  sees = (words: RegExp): Promise<true> =>
    this.wait(`words ${words}`, async () => words.test((await this.look()).words));

  isAt = (path: RegExp): Promise<true> => this.wait(`address ${path}`, async () => path.test((await this.look()).path));

  /** @throws Error with what the page says instead, when it does not come true */
  async wait<T>(what: string, holds: () => Promise<T | null | undefined | false>): Promise<T> {
    const end = Date.now() + limitMs;
    let why: unknown;
    while (Date.now() < end) {
      try {
        const found = await holds();
        if (found) return found;
      } catch (error) {
        // Between two pages nobody answers.
        why = error;
      }
      await delay(50);
    }
    const seen = await this.look().catch(() => undefined);
    throw new Error(
      `no ${what} at ${seen?.path}, with the focus on “${seen?.focus.slice(0, 80)}”: ${seen?.words.slice(0, 2_000)}`,
      { cause: why },
    );
  }
}

const typed = (text: string): Step[] =>
  [...text].flatMap((value): Step[] => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ]);
