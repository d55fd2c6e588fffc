import type { Express, Request } from 'express';

type Class<T = unknown> = new (...args: never[]) => T;
/** Each controller's class with what makes one. */
export type Controllers = readonly (readonly [controller: Class<object>, make: () => object])[];

const place = 'controllers';

/** Says how the app's controllers are made. Each request gets its own: tsoa keeps status and headers on the instance. */
export function provideControllers(app: Express, controllers: Controllers): void {
  app.locals[place] = new Map(controllers);
}

/** What tsoa asks for controllers (`iocModule`); a service re-exports it from `api/ioc.ts`. @public */
export const iocContainer = (request: unknown) => ({
  get<T>(controller: { prototype: T }): T {
    const factories = (request as Request).app.locals[place] as Map<Class, () => unknown>;
    const make = factories.get(controller as unknown as Class);
    if (!make) throw new Error('This controller has not been provided (see app.ts)');
    return make() as T;
  },
});
