import { sendPage } from '../http/answer.js';
import type { Router } from '../http/router.js';
import type { Guard } from '../protection/guard.js';
import { type DashboardContext, dashboard } from './dashboard.js';

/** The pages for people. */
export function servePages(router: Router, guard: Guard, context: DashboardContext): void {
  router.on(
    'GET',
    '/',
    guard.access(({ res }) => sendPage(res, dashboard(context))),
  );
}
