/** How a browser is opened. */
export interface Look {
  /** That its user reads best. */
  language: 'en' | 'fr';
  /** That its page has, in CSS pixels; it is a little lower in WebKit. */
  size: { width: number; height: number };
}

/** One after the other; `wait` until those before are done. As W3C WebDriver has it: https://www.w3.org/TR/webdriver2/#actions */
export type Step =
  | { type: 'keyDown' | 'keyUp'; value: string }
  | { type: 'pointerMove'; x: number; y: number }
  | { type: 'pointerDown' | 'pointerUp'; button: 0 };

/** A browser with one window, as far as somebody uses one: WebDriver of both kinds can do this and more. */
export interface Driver {
  goTo(address: string): Promise<void>;
  /**
   * What a function of `in-page.js` answers in the page.
   * @throws Error when there is no page that answers, as between two pages
   */
  ask<T>(name: string, ...words: unknown[]): Promise<T>;
  /** Presses keys, or moves and presses the mouse. */
  act(device: 'key' | 'pointer', steps: Step[]): Promise<void>;
  /** Errors that its console was told, and requests that failed. */
  complaints(): Promise<string[]>;
  close(): Promise<void>;
}
