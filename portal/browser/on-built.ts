import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { preview } from 'vite';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { createMock, type Hearer } from '../mock/mock.ts';
import { openChromium } from './chromium.ts';

/** The portal as it was built, at an address, and a browser to look at it with. */
export interface Built {
  address: string;
  browser: Browser;
  /** Nothing is answered any more, and what was being told is cut off (`true`), or all of it is answered with a status, as a proxy does for who is behind it. */
  setAway(how: boolean | number): void;
  stop(): Promise<void>;
}

/** @param onAsked hears what is asked of the mock */
export async function openBuilt(onAsked?: Hearer): Promise<Built> {
  const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
  const [served, browser] = await Promise.all([serveBuilt(onAsked), openChromium(chromium)]);
  const stop = async () => {
    await browser.close();
    await served.stop();
  };
  return { address: served.address, setAway: served.setAway, browser, stop };
}

/** Serves the portal as it was built, and the mock behind it, at one address. */
async function serveBuilt(onAsked?: Hearer): Promise<Omit<Built, 'browser'>> {
  const mock = createMock(onAsked);
  let away: boolean | number = false;
  const server = await preview({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'silent',
    preview: { host: '127.0.0.1', port: 0, proxy: {} },
    plugins: [
      {
        name: 'mock',
        configurePreviewServer({ middlewares }) {
          middlewares.use((req, res, next) => {
            if (away === true) res.destroy();
            else if (away) res.writeHead(away).end();
            else if (!mock(req, res)) next();
          });
        },
      },
    ],
  });
  // What is not answered on a connection that was used before, a browser sends again by itself, and nobody would hear of it.
  (server.httpServer as Server).maxRequestsPerSocket = 1;
  const { port } = new URL(server.resolvedUrls?.local[0] as string);
  return {
    address: `http://localhost:${port}`,
    setAway(how) {
      away = how;
      if (how === true) (server.httpServer as Server).closeAllConnections();
    },
    stop: () => server.close(),
  };
}
