// What is asked in a page of a browser that is no Chromium. Each question brings this whole file into the page again.

/** Of what somebody acts on. */
const selectors = {
  button: 'button',
  link: 'a[href]',
  field: 'input, select, textarea',
};

/** What stands behind a dialog is not there. */
const scope = () => [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;

/** Without the kinds of spaces, in which browsers differ. @param {string | null | undefined} text */
const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

/** @param {Element | null} element @returns {string} what it is called, for whom hears the page */
function nameOf(element) {
  const labels = element && 'labels' in element ? [.../** @type {HTMLInputElement} */ (element.labels ?? [])] : [];
  return plain(
    element?.getAttribute('aria-label') ?? (labels.map((label) => label.textContent).join(' ') || element?.textContent),
  );
}

/** @param {keyof typeof selectors} kind @param {string} name a regular expression @returns {HTMLElement | undefined} the first that is seen */
function find(kind, name) {
  const found = /** @type {HTMLElement[]} */ ([...scope().querySelectorAll(selectors[kind])]);
  return found.find(
    (each) => each.checkVisibility({ visibilityProperty: true }) && new RegExp(name).test(nameOf(each)),
  );
}

/**
 * Where somebody presses it; nothing while it is not there, is out of use, or something lies over it.
 * @param {keyof typeof selectors} kind @param {string} name @returns {{ x: number, y: number } | null}
 */
function placeOf(kind, name) {
  const wanted = find(kind, name);
  if (!wanted || wanted.matches(':disabled')) return null;
  wanted.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const { left, top, width, height } = wanted.getBoundingClientRect();
  const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  return wanted.contains(document.elementFromPoint(x, y)) ? { x, y } : null;
}

/** @param {keyof typeof selectors} kind @param {string} name @returns {string | null} what it is called in full */
const fullNameOf = (kind, name) => nameOf(find(kind, name) ?? null) || null;

/** @param {string} name @returns {string | null} what stands in a field */
const valueIn = (name) => /** @type {HTMLInputElement | undefined} */ (find('field', name))?.value ?? null;

/** What can be read, and where. */
const look = () => ({
  path: location.pathname,
  title: plain(document.querySelector('h1')?.textContent),
  words: plain(scope().innerText),
  focus: nameOf(document.activeElement),
  language: document.documentElement.lang,
  /** Pixels by which the page is wider than its window. */
  tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  width: innerWidth,
});

/** What has the focus. */
const focused = () => ({
  name: nameOf(document.activeElement),
  appointment: document.activeElement?.getAttribute('data-appointment') ?? null,
  isIn: scope().tagName,
});

/** Whether an agenda shows it. @param {string} id */
const has = (id) => document.querySelector(`[data-appointment="${id}"]`) !== null;

/** Whether the browser knows passkeys. */
const knowsPasskeys = () => typeof PublicKeyCredential !== 'undefined';

/** @typedef {{ complaints?: string[], asked?: number }} Heard */

/**
 * What the page complained of since it was last asked: of requests all that failed, of errors those since it was first asked; where the
 * browser does not say how requests ended, of requests those since then, too. Where the browser tells it nobody else.
 * @returns {string[]}
 */
function heard() {
  const mine = /** @type {Window & { heard?: Heard }} */ (window);
  if (!mine.heard) {
    const complaints = /** @type {string[]} */ ([]);
    mine.heard = { complaints, asked: 0 };
    if (!('responseStatus' in PerformanceResourceTiming.prototype)) {
      const { fetch } = window;
      window.fetch = async (...words) => {
        const answer = await fetch(...words);
        if (answer.status >= 400) complaints.push(`${answer.status} ${answer.url}`);
        return answer;
      };
    }
    const { error } = console;
    console.error = (...words) => {
      complaints.push(words.map(String).join(' '));
      error(...words);
    };
    addEventListener('error', ({ message }) => complaints.push(message));
    addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));
    addEventListener('securitypolicyviolation', ({ blockedURI }) => complaints.push(`refused: ${blockedURI}`));
  }
  const all = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  const fresh = all.slice(mine.heard.asked);
  mine.heard.asked = all.length;
  const failed = fresh.filter(({ responseStatus }) => responseStatus >= 400);
  return [...failed.map((each) => `${each.responseStatus} ${each.name}`), ...(mine.heard.complaints ?? []).splice(0)];
}

Object.assign(globalThis, { inPage: { placeOf, fullNameOf, valueIn, look, focused, has, knowsPasskeys, heard } });
