import { bySecureVip, byVip } from '../domain/views.js';
import type { Handler, Router } from '../http/router.js';
import { identityHeader } from '../peers/peer-client.js';
import type { Guard } from '../protection/guard.js';
import type { EurekaContext } from './context.js';
import { cancel, register, renew } from './lease-routes.js';
import { findAnywhere, findInApplication, sharedLists, showApplication, showInstance, showVip } from './list-routes.js';
import { overrideStatus, removeOverride, updateMetadata } from './operator-routes.js';
import { replicate } from './replication-routes.js';
import { refuseAsg, showOverrides, showStatus } from './status-routes.js';

const prefixes = ['/eureka', '/eureka/v2'];

/** The REST protocol of Eureka, each route under both of its prefixes and with what guards it. */
export function serveEureka(router: Router, context: EurekaContext, guard: Guard): void {
  const on = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, handler: Handler) =>
    router.on(
      method,
      prefixes.map((prefix) => `${prefix}${path}`),
      handler,
    );
  const { all, delta } = sharedLists(context);

  on('GET', '/apps', guard.fullFetch(naming(context, all)));
  on('GET', '/apps/delta', guard.fetch(delta));
  on('GET', '/apps/:app', guard.fetch(showApplication(context)));
  on('GET', '/vips/:vip', guard.fetch(showVip(context, byVip)));
  on('GET', '/svips/:vip', guard.fetch(showVip(context, bySecureVip)));
  on('GET', '/apps/:app/:id', guard.fetch(showInstance(findInApplication(context))));
  on('GET', '/instances/:id', guard.fetch(showInstance(findAnywhere(context))));

  on('POST', '/apps/:app', guard.change(register(context)));
  on('PUT', '/apps/:app/:id', guard.renewal(renew(context)));
  on('DELETE', '/apps/:app/:id', guard.change(cancel(context)));
  on('PUT', '/apps/:app/:id/status', guard.change(overrideStatus(context)));
  on('DELETE', '/apps/:app/:id/status', guard.change(removeOverride(context)));
  on('PUT', '/apps/:app/:id/metadata', guard.change(updateMetadata(context)));

  on('POST', '/peerreplication/batch', guard.peers(naming(context, replicate(context))));
  on('GET', '/status', guard.access(showStatus(context)));
  on('GET', '/serverinfo/statusoverrides', guard.access(showOverrides(context)));
  on('PUT', '/asg/:asg/status', guard.access(refuseAsg));
}

/** Lets a peer see whom it has reached. */
const naming =
  ({ peers }: EurekaContext, handler: Handler): Handler =>
  (exchange) => {
    exchange.res.setHeader(identityHeader, peers.identity);
    return handler(exchange);
  };
