import { html, page } from '@cabinet/kit/pages/html';
import type { ServerResponse } from 'node:http';
import type { DriftWatch } from '../drift/drift-watch.js';
import { sendJson, sendNothing, sendPage } from '../http/answer.js';
import type { Handler, Router } from '../http/router.js';
import type { Guard } from '../protection/guard.js';
import { script, styles } from './assets.js';
import { type DashboardContext, dashboard, events } from './dashboard.js';
import { driftPage } from './drift-page.js';
import type { LivePages } from './live.js';

export interface PagesContext extends DashboardContext {
  drift: DriftWatch;
  live: LivePages;
}

/** The pages for people. */
export function servePages(router: Router, guard: Guard, context: PagesContext): void {
  const { drift, live, time } = context;
  const show = (path: string, write: () => string) =>
    router.on(
      'GET',
      path,
      guard.access(({ res }) => sendPage(res, write())),
    );
  show('/', () => dashboard(context));
  show('/drift', () => driftPage(drift, time));
  router.on('GET', '/lastn', guard.access(showLatest(context)));
  router.on('GET', '/assets/registry.css', ({ res }) => sendAsset(res, 'text/css', styles));
  router.on('GET', '/assets/live.js', ({ res }) => sendAsset(res, 'text/javascript', script));
  router.stream(['/live'], guard.access(live.connect));
}

/** The last thousand that came and that left, with the names of Spring's page of that address. */
const showLatest =
  ({ history, time }: DashboardContext): Handler =>
  ({ req, res }) => {
    const lists = { lastNRegistered: history.registered(), lastNCanceled: history.cancelled() };
    if (req.headers.accept?.includes('json')) return sendJson(res, lists);
    const now = time.now().getTime();
    const { lastNRegistered, lastNCanceled } = lists;
    const content = html`<h2>Left</h2>${events(lastNCanceled, now)}<h2>Came</h2>${events(lastNRegistered, now)}`;
    return sendPage(res, page('Events', content));
  };

function sendAsset(res: ServerResponse, type: string, text: string): void {
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  sendNothing(res, 200, text);
}
