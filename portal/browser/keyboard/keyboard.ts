import type { Locator, Page } from 'playwright-core';

/** What there is in the page, as far as it is looked at there; these files are checked where there are no browsers, too. */
declare const document: { activeElement: unknown };
declare const getComputedStyle: (element: unknown) => { outlineStyle: string; outlineWidth: string };

type Role = Parameters<Page['getByRole']>[0];
type Name = string | RegExp;

/** More stops of the Tab key than any page has: who has not come there by then cannot. */
const stopsMax = 300;

/** Somebody who has a keyboard and nothing else: they go by Tab to what they hear the name of, and press keys there. */
export class Keyboard {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Goes by Tab to the first that is called so. @throws Error when no Tab leads there, or it cannot be seen that it is there */
  async to(role: Role, name: Name): Promise<Locator> {
    const wanted = this.scope.getByRole(role, { name, exact: typeof name === 'string' }).first();
    await this.go(wanted, `${role} ${name}`);
    return wanted;
  }

  /** Opens or closes what is folded together. */
  async unfold(words: Name): Promise<void> {
    await this.go(this.scope.locator('summary', { hasText: words }).first(), `summary ${words}`);
    await this.press('Enter');
  }

  /** Goes there and presses Enter. */
  async enter(role: 'button' | 'link', name: Name): Promise<void> {
    await this.to(role, name);
    await this.press('Enter');
  }

  /** Writes into a field in the place of what stands there. */
  async fill(label: Name, text: string): Promise<void> {
    const field = this.scope.getByLabel(label, { exact: typeof label === 'string' }).first();
    await this.go(field, `field ${label}`);
    await this.press('ControlOrMeta+a');
    await this.type(text);
  }

  async tick(name: Name): Promise<void> {
    await this.to('checkbox', name);
    await this.press('Space');
  }

  /** Chooses by the first letters. */
  async choose(label: Name, option: string): Promise<void> {
    await this.to('combobox', label);
    await this.type(option);
  }

  /** Waits until it is said. */
  async hears(words: Name): Promise<void> {
    await this.page.getByText(words).first().waitFor();
  }

  async hearsNoMore(words: Name): Promise<void> {
    await this.page.getByText(words).first().waitFor({ state: 'detached' });
  }

  async isAt(title: Name): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
  }

  private get scope(): Locator {
    // What stands behind a dialog is not there.
    return this.page.locator('body:not(:has(dialog[open])), dialog[open]').last();
  }

  private async go(wanted: Locator, what: string): Promise<void> {
    await wanted.waitFor();
    for (let stops = 0; stops < stopsMax; stops += 1) {
      const isThere = await wanted.evaluate((element) => element === document.activeElement);
      if (isThere) return this.assertSeen(wanted, what);
      await this.press('Tab');
    }
    throw new Error(`no Tab leads to ${what}`);
  }

  private async assertSeen(wanted: Locator, what: string): Promise<void> {
    const isSeen = await wanted.evaluate((element) => {
      // A box to tick shows it by the label around it.
      return [element, element.closest('label') ?? element].some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== 'none' && outlineWidth !== '0px';
      });
    });
    if (!isSeen) throw new Error(`nobody sees that the focus is at ${what}`);
  }
}
