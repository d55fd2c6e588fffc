import { expect, it } from 'vitest';
import { router } from './routes.tsx';
import { asksWhoIsThere } from './session/open-places.ts';

it('is found out who is there on the way to every page that is for somebody, and to no other', () => {
  const routes = Object.values(router.routesByPath as Record<string, { id: string; fullPath: string }>);
  const forSomebody = routes.filter(({ id }) => id.startsWith('/signed-in-people')).map(({ fullPath }) => fullPath);
  expect(forSomebody).toContain('/agendas');
  expect(
    routes
      .map(({ fullPath }) => fullPath)
      .filter(asksWhoIsThere)
      .sort(),
  ).toEqual(forSomebody.sort());
});
