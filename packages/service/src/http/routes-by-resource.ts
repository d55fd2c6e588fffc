import type { RoutesBehind } from '@cabinet/kit/http/no-such-route';
import { resourceOf, resourceOfRoute } from '@cabinet/kit/http/operations';
import { type RequestHandler, Router } from 'express';

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/**
 * Puts the routes of each resource behind a door of their own. Express asks route after route whether a request is theirs;
 * so it asks those of one resource instead of all of the service, of which there are a hundred.
 * @param register as tsoa makes it
 * @throws Error for a route that has a parameter where its resource stands
 */
export function routesByResource(register: (routes: Router) => void): RequestHandler & RoutesBehind {
  const routers = new Map<string, Router>();
  const routerOf = (route: string): Router => {
    const resource = resourceOfRoute(route);
    const router = routers.get(resource) ?? Router();
    routers.set(resource, router);
    return router;
  };
  const byMethod = methods.map((method) => [
    method,
    (route: string, ...handlers: RequestHandler[]) => routerOf(route)[method](route, ...handlers),
  ]);
  register(Object.fromEntries(byMethod));
  const routesFor = (path: string) => routers.get(resourceOf(path));
  const handler: RequestHandler = (req, res, next) => {
    const router = routesFor(req.path);
    // To OPTIONS a router answers by itself, with its own routes alone.
    if (router && req.method !== 'OPTIONS') router(req, res, next);
    else next();
  };
  return Object.assign(handler, { routesFor });
}
