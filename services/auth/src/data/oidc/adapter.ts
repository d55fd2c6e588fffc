import Provider, { type Adapter, errors } from 'oidc-provider';
import type { OidcState } from './oidc-state.js';

/** Clients that could not be told that their user signs out in this request. */
export const untoldOf = (ctx: { state: { untold?: string[] } } | undefined): string[] => {
  if (!ctx) return [];
  ctx.state.untold ??= [];
  return ctx.state.untold;
};

/** How the provider asks for its state. */
export const adapterOf =
  (state: OidcState) =>
  (model: string): Adapter => ({
    upsert: (id, payload, seconds = 0) => state.put(model, id, payload, seconds),
    find: (id) => state.find(model, id),
    findByUid: (uid) => state.findByUid(model, uid),
    findByUserCode: async () => undefined,
    destroy: (id) => (model === 'Session' ? state.keepUntold(id, untoldOf(Provider.ctx)) : state.remove(model, id)),
    async revokeByGrantId(grantId) {
      const sessionIds = await state.removeGrant(grantId);
      // A code or refresh token that was used before: somebody has copied it. What was given for it has to end everywhere.
      if (Provider.ctx?.oidc.route === 'token') await state.endSessions(sessionIds);
    },
    async consume(id) {
      const payload = await state.find(model, id);
      if (await state.use(model, id)) return;
      if (payload?.accountId) await state.endSessions([payload.accountId]);
      throw new errors.InvalidGrant('already used');
    },
  });
