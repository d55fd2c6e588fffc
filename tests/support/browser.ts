import type { Caller } from './http.ts';

/** A practice as browsers and clients know it, and where what they ask of it goes in truth. */
export interface Site {
  address: string;
  base: string;
  /** What stands between the browser and the practice adds. */
  headers?: Record<string, string>;
}

/** Where an address of the practice leads in truth. */
export const inside = ({ address, base }: Site, url: string | URL): string => String(url).replace(address, base);

interface Seen {
  status: number;
  /** Where it leads. */
  location?: string;
  headers: Headers;
  text: string;
}

/** A browser's cookies, and what it shows. */
export class Tab {
  private readonly site: Site;
  private readonly cookies: { name: string; value: string; path: string }[] = [];

  constructor(site: Site, beside?: Tab) {
    this.site = site;
    if (beside) this.cookies = beside.cookies;
  }

  async ask(method: string, address: string | URL, body?: string, headers: Record<string, string> = {}): Promise<Seen> {
    const url = new URL(address, this.site.address);
    const answer = await fetch(inside(this.site, url), {
      method,
      redirect: 'manual',
      body,
      headers: {
        accept: 'text/html',
        ...this.site.headers,
        cookie: this.cookiesFor(url.pathname),
        ...headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    const location = answer.headers.get('location') ?? undefined;
    return { status: answer.status, location, headers: answer.headers, text: await answer.text() };
  }

  /** Goes where it is led, until it is shown something or has left the practice. */
  async go(address: string | URL): Promise<Seen & { at: URL }> {
    let at = new URL(address, this.site.address);
    let seen = await this.ask('GET', at);
    while (seen.location) {
      at = new URL(seen.location, at);
      if (at.origin !== this.site.address || at.pathname === '/signed-in') return { ...seen, at };
      seen = await this.ask('GET', at);
    }
    return { ...seen, at };
  }

  json: Caller = async (method, path, body, headers = {}) => {
    const sent = {
      'content-type': 'application/json',
      origin: this.site.headers?.origin ?? this.site.address,
      ...headers,
    };
    const seen = await this.ask(method, path, body === undefined ? undefined : JSON.stringify(body), sent);
    return { ...seen, body: seen.text ? JSON.parse(seen.text) : undefined };
  };

  /** What the page's script does. */
  async signIn(email: string, password: string): Promise<void> {
    const answer = await this.json('POST', '/api/auth/login', { email, password });
    if (answer.status !== 200) throw new Error(`not signed in: ${JSON.stringify(answer.body)}`);
  }

  /** @param at the page of the question @returns where the browser ends up */
  async answer(at: URL, answer: 'sign-in' | 'allow' | 'refuse') {
    const told = await this.json('POST', at.pathname, { answer });
    if (told.status !== 200) throw new Error(`not answered: ${told.status} ${JSON.stringify(told.body)}`);
    return this.go(told.body.continueAt);
  }

  cookieNamed = (name: string) => this.cookies.find((each) => each.name === name);

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
    const isOver = attributes.some((each) => /^max-age=0$|^expires=Thu, 01 Jan 1970/i.test(each));
    const old = this.cookies.findIndex((each) => each.name === name && each.path === path);
    if (old >= 0) this.cookies.splice(old, 1);
    if (!isOver) this.cookies.push({ name, value, path });
  }

  private cookiesFor(path: string): string {
    const fits = this.cookies.filter((each) => path === each.path || path.startsWith(each.path.replace(/\/?$/, '/')));
    return fits.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}
