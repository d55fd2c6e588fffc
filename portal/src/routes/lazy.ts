import { lazyRouteComponent } from '@tanstack/react-router';
import { loadTextsOfPages } from '../languages.ts';

/** A page that is loaded when somebody goes to it, and what it says with it. */
export const lazy: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    const [page] = await Promise.all([load(), loadTextsOfPages()]);
    return page;
  }, name);
