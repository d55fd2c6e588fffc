import { sendFile } from '@cabinet/kit/pages/files';
import { html } from '@cabinet/kit/pages/html';
import { sendPage, withScripts } from '@cabinet/kit/pages/page';
import type { DriftWatch } from '../drift/drift-watch.js';
import { sendJson, sendNothing, sendRefusal } from '../http/answer.js';
import type { Handler, Router } from '../http/router.js';
import type { Guard } from '../protection/guard.js';
import { type DashboardContext, dashboard, events } from './dashboard.js';
import { driftPage } from './drift-page.js';
import { registryPage } from './frame.js';
import type { LivePages } from './live.js';
import { script, scriptPath } from './script.js';

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
      guard.access(({ res }) => sendPage(res, write(), withScripts)),
    );
  show('/', () => dashboard(context));
  show('/drift', () => driftPage(drift, time));
  router.on('GET', '/lastn', guard.access(showLatest(context)));
  router.on('GET', scriptPath, ({ res }) => {
    res.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    sendNothing(res, 200, script);
  });
  router.on('GET', '/pages/:name', ({ res, params }) => {
    if (!sendFile(res, params.name ?? '')) sendRefusal(res, 404);
  });
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
    const content = html`${events('Left', lastNCanceled, now)}${events('Came', lastNRegistered, now)}`;
    return sendPage(res, registryPage({ path: '/lastn', title: 'Events', content, time }), withScripts);
  };
