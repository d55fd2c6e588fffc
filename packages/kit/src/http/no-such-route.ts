import type { Request, RequestHandler, Router } from 'express';
import { DomainError } from '../errors.js';

/** The part of Express' router that is used here; it has no types for it. */
interface Layer {
  route?: { methods: Record<string, boolean | undefined> };
  match(path: string): boolean;
  handle: Partial<RoutesBehind>;
}

/** A handler with routes behind it that the application itself does not know of. */
export interface RoutesBehind {
  routesFor(path: string): Router | undefined;
}

/** What no route has answered: a path that has other methods names them (RFC 9110, sections 9.3.7 and 15.5.6). */
export const noSuchRoute: RequestHandler = (req, res, next) => {
  const allowed = methodsOf(req);
  // A route for few plays dead to all others.
  const isHidden = req.method !== 'OPTIONS' && allowed.includes(req.method);
  if (allowed.length === 0 || isHidden) {
    next(new DomainError('not-found', 'REQUEST.NO_SUCH_ROUTE', 'There is nothing at this address'));
    return;
  }
  res.set('Allow', allowed.join(', '));
  if (req.method === 'OPTIONS') res.status(204).end();
  else next(new DomainError('method-not-allowed', 'REQUEST.METHOD_NOT_ALLOWED', 'This cannot be done at this address'));
};

function methodsOf({ app, path }: Request): string[] {
  const own = app.router.stack as unknown as Layer[];
  const behind = own.flatMap(({ handle }) => (handle.routesFor?.(path)?.stack ?? []) as unknown as Layer[]);
  const methods = new Set<string>();
  for (const layer of [...own, ...behind]) {
    if (!layer.route || !layer.match(path)) continue;
    for (const [method, isThere] of Object.entries(layer.route.methods)) if (isThere) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  if (methods.size > 0) methods.add('OPTIONS');
  return [...methods].sort();
}
