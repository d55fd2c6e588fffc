import { createHash } from 'node:crypto';
import type { Clock } from '@cabinet/kit/clock';
import { LRUCache } from 'lru-cache';
import type { CalendarOwner, SignInAtGoogle } from '../../../domain/calendars/connect-google.js';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import { assertAnswered } from '../egress/answers.js';
import type { EgressClient } from '../egress/egress-client.js';
import { jsonOf } from '../egress/json.js';
import type { ProviderPolicies } from '../egress/provider-policies.js';

export interface GoogleSignInSettings {
  clientId: string;
  clientSecret: string;
  /** Where people are asked, `https://accounts.google.com/o/oauth2/v2/auth`. */
  signInUrl: string;
  /** `https://oauth2.googleapis.com/token` */
  tokenUrl: string;
  /** Where Google sends people back to. */
  redirectUrl: string;
}

const scope = 'https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.readonly';
/** An access token is renewed so long before it ends, in milliseconds. */
const marginMs = 60_000;
const tokensMax = 5_000;

interface Tokens {
  access_token?: string;
  refresh_token?: string;
  expires_in?: number;
  error?: string;
}

/** OAuth 2 at Google (RFC 6749, with PKCE of RFC 7636). Access tokens stay in memory. */
export class GoogleSignIn implements SignInAtGoogle {
  private readonly tokens = new LRUCache<string, { token: string; until: number }>({ max: tokensMax });

  constructor(
    private readonly egress: EgressClient,
    private readonly policies: ProviderPolicies,
    private readonly settings: GoogleSignInSettings,
    private readonly clock: Clock,
  ) {}

  addressFor(state: string, verifier: string): string {
    const url = new URL(this.settings.signInUrl);
    const query = {
      client_id: this.settings.clientId,
      redirect_uri: this.settings.redirectUrl,
      response_type: 'code',
      scope,
      // A refresh token, each time.
      access_type: 'offline',
      prompt: 'consent',
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  async exchange(code: string, verifier: string): Promise<CalendarOwner> {
    const { redirectUrl: redirect_uri } = this.settings;
    const tokens = await this.ask({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri });
    if (!tokens.refresh_token) throw new CalendarFailure('CALENDAR.ACCESS_REFUSED');
    return { refreshToken: tokens.refresh_token };
  }

  /** @param isRefused the one at hand was not taken */
  async accessToken(refreshToken: string, isRefused = false): Promise<string> {
    const key = createHash('sha256').update(refreshToken).digest('base64');
    const now = this.clock.now().getTime();
    const known = this.tokens.get(key);
    if (known && known.until > now && !isRefused) return known.token;
    this.tokens.delete(key);
    const { access_token: token, expires_in = 0 } = await this.ask({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
    if (!token) throw new CalendarFailure('CALENDAR.UNREADABLE');
    this.tokens.set(key, { token, until: now + expires_in * 1_000 - marginMs });
    return token;
  }

  private ask(question: Record<string, string>): Promise<Tokens> {
    const { clientId: client_id, clientSecret: client_secret, tokenUrl } = this.settings;
    return this.policies.call('google', async () => {
      const reply = await this.egress.send({
        method: 'POST',
        url: new URL(tokenUrl),
        isOperators: true,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...question, client_id, client_secret }).toString(),
      });
      // RFC 6749 section 5.2: the consent was withdrawn, or the code is none.
      if (reply.status === 400 && jsonOf<Tokens>(reply).error === 'invalid_grant') {
        throw new CalendarFailure('CALENDAR.ACCESS_REFUSED');
      }
      // That the practice is not let in is not a practitioner's doing.
      assertAnswered(reply.status === 401 || reply.status === 403 ? { ...reply, status: 500 } : reply);
      return jsonOf<Tokens>(reply);
    });
  }
}
