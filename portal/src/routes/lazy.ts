import { lazyRouteComponent } from '@tanstack/react-router';
import { isOfOldTab, isReachable } from '../api/page-failures.ts';
import { Unreachable } from '../api/problem.ts';
import { loadTextsOfPages } from '../languages.ts';

/** A page that is loaded when somebody goes to it, and what it says with it. */
export const lazy: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      const [page] = await Promise.all([load(), loadTextsOfPages()]);
      return page;
    } catch (error) {
      // A line that is lost is no old tab, for which the router would load the page anew and find nothing.
      throw isOfOldTab(error) && !(await isReachable()) ? new Unreachable(error) : error;
    }
  }, name);
