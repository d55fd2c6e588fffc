/** What somebody does in a tab, or what happens to it; `nth` counts what there is of its kind, from the start again at its end. */
export type Act =
  | { do: 'seek'; whom: string }
  | { do: 'open'; path: string }
  | { do: 'follow' | 'type' | 'press'; nth: number }
  | { do: 'go'; steps: number }
  | { do: 'hide' | 'answers come late' | 'late answers come' };

/** What a tab shows: its address, whose page its header says it is, all words and values of the page below, and where its links lead. */
export interface Shown {
  path: string;
  header: string;
  words: string;
  links: string[];
}

/** What came of an act. */
export interface Done {
  act: Act;
  /** The address at which it was done. */
  on: string;
  /** Nothing when there was nothing there to do it with. */
  with?: string;
  after: Shown;
}

export interface TabDriver {
  /** One after the other, each when the page has come to rest after the last: nothing is asked but what is kept back. */
  act(acts: Act[]): Promise<Done[]>;
}

/** Of HTML's Navigation, which not every compiler's library knows. */
interface History {
  currentEntry: { index: number } | null;
  entries(): { key: string; url: string | null; sameDocument: boolean }[];
  traverseTo(key: string): { finished: Promise<unknown> };
}

declare global {
  var tab: TabDriver;
  /** By which links go. */
  var __TSR_ROUTER__: { navigate(to: { to: string }): Promise<void>; state: { status: 'idle' | 'pending' } };
}

/**
 * Runs in each tab before the portal does. It stands where a person and the network stand: it clicks and types, and keeps
 * answers back between the network and the page. The portal itself is as it was built.
 * @param names of patients by their ids: what is typed on a page says whose page it was
 */
export function installDriver(names: Record<string, string>): void {
  const fetchNow = globalThis.fetch;
  const kept: (() => void)[] = [];
  let [asked, isLate, typed] = [0, false, 0];
  let whenAnswered = Promise.withResolvers<void>();
  const noteAnswer = () => {
    whenAnswered.resolve();
    whenAnswered = Promise.withResolvers();
  };

  globalThis.fetch = async (...request) => {
    asked += 1;
    try {
      const answer = await fetchNow(...request);
      // Whole before the page has it, but for the stream of changes, which has no end.
      if (!answer.headers.get('content-type')?.includes('event-stream')) await answer.clone().arrayBuffer();
      if (isLate) {
        await new Promise<void>((resolve) => {
          kept.push(resolve);
          noteAnswer();
        });
      }
      return answer;
    } finally {
      asked -= 1;
      noteAnswer();
    }
  };

  const turn = () =>
    new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
  /** Turns of the event loop in which a page asks for more with what it was told. */
  const quietTurns = 8;
  async function rest() {
    for (let quiet = 0; quiet < quietTurns; quiet += 1) {
      await turn();
      while (asked > kept.length) {
        quiet = 0;
        await whenAnswered.promise;
      }
      // Until the script of a page has come, what is shown is still the page before.
      if (__TSR_ROUTER__.state.status === 'pending') quiet = 0;
    }
  }

  const all = <T extends HTMLElement>(selector: string, within: ParentNode | null = document): T[] => [
    ...(within?.querySelectorAll<T>(selector) ?? []),
  ];
  const page = () => document.querySelector('dialog[open]') ?? document.querySelector('main');
  const header = () => document.querySelector('section[aria-label="Patient"]');
  const pick = <T>(from: T[], nth: number): T | undefined => from[nth % from.length];
  const nameAt = (path: string) => names[/^\/patients\/([^/]+)/.exec(path)?.[1] ?? ''];
  const whose = () => nameAt(location.pathname);
  const click = (found: HTMLElement | undefined) => {
    found?.click();
    return found && (found.ariaLabel ?? found.textContent ?? '').trim();
  };

  function write(field: HTMLInputElement | HTMLTextAreaElement | undefined, text: string) {
    if (!field) return undefined;
    const { prototype } = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
    // As a key does it: React hears of what it did not set itself.
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    return text;
  }

  async function seek(whom: string) {
    const link = (words: RegExp) => all('nav[aria-label="Pages"] a').find((each) => words.test(each.textContent ?? ''));
    all('dialog[open] button[aria-label="Close"]').forEach(click);
    click(link(/^Patients$/) ?? link(/^Today$/));
    await rest();
    write(document.querySelector<HTMLInputElement>('main search input') ?? undefined, whom);
    await rest();
    return click(all('main search button, main li a').find((each) => each.textContent?.includes(whom)));
  }

  const writes =
    /^(Save|Put into the record|Amend.*|Record an? .*|Change.*|I asked: .*|Take back what I typed|Cancel the appointment|Book this .*|.* minutes, with .*)$/;
  const fields = 'input[type=text], textarea';

  const acts: { [A in Act['do']]: (act: Extract<Act, { do: A }>) => string | undefined | Promise<string | undefined> } =
    {
      seek: ({ whom }) => seek(whom),
      open: async ({ path }) => {
        void globalThis.__TSR_ROUTER__.navigate({ to: path });
        return path;
      },
      // A day has others as well, who are looked after elsewhere.
      follow: ({ nth }) =>
        click(
          pick(
            all<HTMLAnchorElement>('main a').filter((each) => nameAt(each.pathname)),
            nth,
          ),
        ),
      type: ({ nth }) => {
        const owner = whose();
        typed += 1;
        return owner && write(pick(all<HTMLInputElement>(fields, page()), nth), `For ${owner} ${typed}`);
      },
      press: ({ nth }) => {
        const buttons = all<HTMLButtonElement>('button', page()).filter(
          (each) =>
            !each.disabled && !each.ariaDisabled && writes.test((each.ariaLabel ?? each.textContent ?? '').trim()),
        );
        return click(pick(buttons, nth));
      },
      go: async ({ steps }) => {
        const { navigation } = globalThis as unknown as { navigation: History };
        const there = navigation.entries()[(navigation.currentEntry?.index ?? 0) + steps];
        if (!there?.sameDocument) return undefined;
        await navigation.traverseTo(there.key).finished;
        return there.url ?? '';
      },
      hide: () => {
        for (const state of ['hidden', 'visible']) {
          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
          document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
        }
        return '';
      },
      'answers come late': () => {
        isLate = true;
        return '';
      },
      'late answers come': () => {
        isLate = false;
        // The last that was asked is answered first.
        for (const answer of kept.splice(0).reverse()) answer();
        return '';
      },
    };

  function see(): Shown {
    const shown = [header(), document.querySelector('main'), ...all('dialog[open]')];
    const values = all<HTMLInputElement>(fields).map(({ value }) => value);
    return {
      path: location.pathname,
      header: header()?.querySelector('p')?.textContent ?? '',
      links: all<HTMLAnchorElement>('main a, dialog[open] a').map(({ pathname }) => pathname),
      words: [...shown.map((each) => each?.textContent), ...values].join(' | '),
    };
  }

  globalThis.tab = {
    async act(wanted) {
      const done: Done[] = [];
      for (const act of wanted) {
        // Somebody is there.
        dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift' }));
        const on = location.pathname;
        const what = await (acts[act.do] as (act: Act) => string | undefined | Promise<string | undefined>)(act);
        await rest();
        done.push({ act, on, with: what, after: see() });
      }
      return done;
    },
  };
}
