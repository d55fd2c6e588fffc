import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

const root = createRootRoute();

const signedOut = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/signed-out.tsx'), 'SignedOut'),
});

export const router = createRouter({ routeTree: root.addChildren([signedOut]) });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
