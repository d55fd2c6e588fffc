import { seededPassword } from '../../dev/src/seed/index.ts';
import type { openChromium } from '../../portal/browser/chromium.ts';
import { become } from '../../portal/browser/places.ts';
import { signIn } from '../../portal/browser/visit.ts';

export type Browser = Awaited<ReturnType<typeof openChromium>>;
type BrowserContext = Awaited<ReturnType<Browser['newContext']>>;
export type Page = Awaited<ReturnType<BrowserContext['newPage']>>;
export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>;
type CDPSession = Awaited<ReturnType<BrowserContext['newCDPSession']>>;

/** What a network and a processor are like. */
interface Slowness {
  /** Added to each answer, in milliseconds. */
  latencyMs?: number;
  kilobitsPerSecond?: number;
  /** How many times slower the processor is. */
  processor?: number;
}

/** Lighthouse's mobile profile, as its applied throttling has it: each answer 150 ms later, 1.6 Mbit/s, a processor of a quarter. */
export const telephone: Slowness = { latencyMs: 150, kilobitsPerSecond: 1_638, processor: 4 };

/** Somebody's telephone or desk, with nothing of the portal on it yet. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly devices: CDPSession;

  private constructor(context: BrowserContext, page: Page, devices: CDPSession) {
    this.context = context;
    this.page = page;
    this.devices = devices;
  }

  static async at(
    browser: Browser,
    address: string,
    viewport: { width: number; height: number },
    { locale = 'fr', as }: { locale?: string; as?: SignedIn } = {},
  ): Promise<Visitor> {
    const options = { baseURL: address, locale, timezoneId: 'Europe/Paris', viewport, storageState: as };
    const context = await browser.newContext(options);
    const page = await context.newPage();
    return new Visitor(context, page, await context.newCDPSession(page));
  }

  async slowDown({ latencyMs = 0, kilobitsPerSecond, processor = 1 }: Slowness): Promise<void> {
    const throughput = kilobitsPerSecond === undefined ? -1 : (kilobitsPerSecond * 1_000) / 8;
    await this.devices.send('Network.enable');
    await this.devices.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: latencyMs,
      downloadThroughput: throughput,
      uploadThroughput: throughput,
    });
    await this.devices.send('Emulation.setCPUThrottlingRate', { rate: processor });
  }

  /** On the mock: whoever is chosen is signed in. */
  become = (name: string): Promise<void> => become(this.page, name);

  /** In a practice that runs. @returns by what another browser, which has loaded nothing yet, finds them signed in */
  async signIn(name: string): Promise<SignedIn> {
    await this.page.goto('/');
    await signIn(this.page, `${name}@cabinet.test`, seededPassword);
    await this.page.waitForURL(({ pathname }) => !/^\/(?:api\/.*|signed-in)?$/.test(pathname));
    return this.context.storageState();
  }

  /** Milliseconds of a processor that scripts have taken since it was first asked for; what others on the machine take counts for nothing. */
  async scriptMs(): Promise<number> {
    await this.devices.send('Performance.enable', { timeDomain: 'threadTicks' });
    const { metrics } = await this.devices.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1_000;
  }

  close = (): Promise<void> => this.context.close();
}
