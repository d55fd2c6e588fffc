import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { type RequestHandler, Router } from 'express';
import type Provider from 'oidc-provider';
import type { AdapterPayload, InteractionResults } from 'oidc-provider';
import { NoSuchInteraction } from '../../domain/errors.js';
import { factorNeeded, type Interaction } from '../../domain/interaction.js';
import type { Interactions } from '../../domain/ports.js';
import type { Session } from '../../domain/session.js';
import type { KeyRing, SigningKeys } from '../signing-keys.js';
import type { ProviderParts, ToldClient } from './provider.js';

/** The address of the provider below that of the practice. */
export const oidcPath = '/api/oidc';

const forgetEveryMs = 60_000;
const tellEveryMs = 2_000;
const tellAgainMs = 30_000;
const toldAtOnce = 20;

/**
 * auth as a provider of OpenID Connect. The library is loaded when somebody first asks for it, and what it is told of signing keys
 * is told anew when these change.
 */
export class OpenIdConnect implements Interactions {
  private built?: { ring: KeyRing; provider: Promise<Provider> };

  constructor(
    private readonly parts: ProviderParts,
    private readonly keys: Pick<SigningKeys, 'keyRing'>,
  ) {}

  /** The provider's own addresses, which its discovery tells. They read their bodies themselves. */
  routes(): RequestHandler {
    const { protocol, host } = new URL(this.parts.issuer);
    return Router().all(`${oidcPath}/*path`, async (req, res) => {
      const provider = await this.provider();
      // Addresses are made of what the operator has said, not of what a request says.
      Object.assign(req.headers, { host, 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) });
      req.url = req.originalUrl.slice(oidcPath.length);
      await provider.callback()(req, res);
    });
  }

  async find(id: string): Promise<Interaction | undefined> {
    const found = await (await this.provider()).Interaction.find(id);
    const client = this.parts.clients.find((each) => each.id === found?.params.client_id);
    if (!found || !client) return undefined;
    const { prompt, session, iat } = found;
    const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as Missing;
    // Whoever is signed in will do, unless the client says that it wants more.
    const isAnew = prompt.reasons.some((reason) => reason !== 'no_session' && reason !== factorNeeded);
    return {
      id,
      asks: prompt.name === 'consent' ? 'consent' : 'sign-in',
      client: { name: client.name, isOwn: client.isOwn ?? false },
      wanted: [...missingOIDCScope, ...Object.values(missingResourceScopes).flat()],
      signedInSince: isAnew ? new Date(iat * 1_000) : undefined,
      sessionId: session?.accountId,
    };
  }

  signIn(id: string, session: Session): Promise<string> {
    const ts = Math.floor(session.createdAt.getTime() / 1_000);
    return this.answer(id, { login: { accountId: session.id, ts } }, session.id);
  }

  async allow(id: string): Promise<string> {
    const { Interaction, Grant } = await this.provider();
    const { grantId, session, params, prompt } = existing(await Interaction.find(id));
    const known = grantId ? await Grant.find(grantId) : undefined;
    const grant = known ?? new Grant({ accountId: session?.accountId, clientId: params.client_id as string });
    const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as Missing;
    grant.addOIDCScope(missingOIDCScope.join(' '));
    for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
      grant.addResourceScope(resource, scopes.join(' '));
    }
    return this.answer(id, { consent: { grantId: await grant.save() } });
  }

  refuse(id: string): Promise<string> {
    return this.answer(id, { error: 'access_denied', error_description: 'the user has refused' });
  }

  /** Anybody may ask something here without being known: what has run out goes soon, and does not add up. */
  forgetEnded(): PeriodicTask {
    const { state, clock, log } = this.parts;
    return new PeriodicTask(() => state.forgetEnded(clock.now()), {
      everyMs: forgetEveryMs,
      failed: (error) => log.warn({ err: error }, 'what has run out of OpenID Connect is not forgotten'),
    });
  }

  /** Tells clients of sessions that have ended (back-channel logout), until they have heard it. */
  tellClients(): PeriodicTask {
    const { log } = this.parts;
    return new PeriodicTask(() => this.tellOfEnded(), {
      everyMs: tellEveryMs,
      failed: (error) => log.warn({ err: error }, 'clients are not told of sign-outs'),
    });
  }

  private async tellOfEnded(): Promise<void> {
    const { state, log } = this.parts;
    const ended = await state.takeEnded(toldAtOnce, tellAgainMs);
    if (ended.length === 0) return;
    const { Client } = await this.provider();
    const tell = async ({ jti, accountId, authorizations = {} }: AdapterPayload) => {
      const untold: string[] = [];
      const tellOne = async ([clientId, { sid }]: [string, { sid?: string }]) => {
        try {
          const client = (await Client.find(clientId)) as ToldClient | undefined;
          if (client?.backchannelLogoutUri) await client.backchannelLogout(accountId as string, sid);
        } catch (error) {
          untold.push(clientId);
          log.warn({ err: error, client: clientId }, 'a client was not told of a sign-out; it is tried again');
        }
      };
      await Promise.all(Object.entries(authorizations).map(tellOne));
      await state.keepUntold(jti as string, untold);
    };
    await Promise.all(ended.map(tell));
  }

  /** @param sessionId of whoever signs in: a question that was put to somebody else is theirs from now on */
  private async answer(id: string, result: InteractionResults, sessionId?: string): Promise<string> {
    const interaction = existing(await (await this.provider()).Interaction.find(id));
    if (sessionId && interaction.session?.accountId !== sessionId) interaction.session = undefined;
    interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
    await interaction.save(interaction.remainingTTL);
    return interaction.returnTo;
  }

  private provider(): Promise<Provider> {
    const ring = this.keys.keyRing;
    if (this.built?.ring !== ring) this.built = { ring, provider: this.build(ring) };
    return this.built.provider;
  }

  private async build(ring: KeyRing): Promise<Provider> {
    const { buildProvider } = await import('./provider.js');
    return buildProvider(this.parts, ring.signing);
  }
}

interface Missing {
  missingOIDCScope?: string[];
  missingResourceScopes?: Record<string, string[]>;
}

function existing<T>(interaction: T | undefined): T {
  if (!interaction) throw new NoSuchInteraction();
  return interaction;
}
