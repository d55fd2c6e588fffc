import { lazyRouteComponent } from '@tanstack/react-router';
import { isOfOldTab, isReachable } from '../api/page-failures.ts';
import { Unreachable } from '../api/problem.ts';
import { type Area, loadTextsOfPages } from '../languages.ts';

const lazyIn =
  (...areas: Area[]): typeof lazyRouteComponent =>
  (load, name) =>
    lazyRouteComponent(async () => {
      try {
        const [page] = await Promise.all([load(), loadTextsOfPages(...areas)]);
        return page;
      } catch (error) {
        // A line that is lost is no old tab, for which the router would load the page anew and find nothing.
        throw isOfOldTab(error) && !(await isReachable()) ? new Unreachable(error) : error;
      }
    }, name);

/** A page that is loaded when somebody goes to it, and what it says with it. */
export const lazy = lazyIn();

/** Such pages of the areas of `text-areas.ts`, with what they alone say. */
export const lazyOf = {
  home: lazyIn('home'),
  messages: lazyIn('messages'),
  record: lazyIn('record'),
  administration: lazyIn('administration'),
} as const satisfies Record<Area, typeof lazyRouteComponent>;
