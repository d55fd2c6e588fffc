import { createRootRoute, createRoute, Outlet, type RouteComponent } from '@tanstack/react-router';
import { Frame } from '../frame/frame.tsx';
import { NotFound } from '../pages/not-found.tsx';

export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** What is shown to people who are signed in. */
export const people = createRoute({ getParentRoute: () => root, id: 'signed-in-people', component: Frame });

/** A page whose address says nothing but which page it is, and perhaps of what. */
export const page = <const P extends string>({ path, component }: { path: P; component: RouteComponent }) =>
  createRoute({ getParentRoute: () => people, path, component });
