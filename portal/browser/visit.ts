import type { Browser, BrowserContext, Page } from 'playwright-core';

/** How somebody looks at the portal. */
export interface Look {
  language: 'en' | 'fr';
  colors: 'light' | 'dark';
  screen: 'phone' | 'desk';
}

export const screens = { phone: { width: 360, height: 740 }, desk: { width: 1366, height: 768 } };

/** Somebody's browser: what it was told of errors and of refused scripts is looked at in the end. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What went wrong in the page that nobody was told of. */
  complaints: string[];
  close(): Promise<void>;
}

/** A browser that knows nothing of the practice yet, at its entrance. */
export async function visit(
  browser: Browser,
  /** As people know the practice, such as `http://localhost:8080`: the only one at which auth signs anybody in. */
  address: string,
  { language = 'en', colors = 'light', screen = 'desk' }: Partial<Look> = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: address,
    locale: language,
    timezoneId: 'Europe/Paris',
    colorScheme: colors,
    viewport: screens[screen],
    hasTouch: screen === 'phone',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A refusal is told to its user; the browser remarks on it as well.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  await page.goto('/');
  return { page, context, complaints, close: () => context.close() };
}

/** On the sign-in page of auth, whose words are English. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).click();
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.locator('#sign-in button[type=submit]').click();
}

/** What somebody hears who cannot see the page, as text to be reviewed. */
export const spoken = (page: Page, selector = 'main'): Promise<string> => page.locator(selector).ariaSnapshot();
