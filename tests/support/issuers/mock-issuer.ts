import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CompactEncrypt,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';

export type Claims = Record<string, unknown>;

/** What goes wrong, until it is taken away. */
export interface Faults {
  /** Changes what the ID token says. */
  idToken?: (claims: Claims) => Claims;
  /** Changes what the userinfo says. */
  userinfo?: (claims: Claims) => Claims;
  /** Signs with a key that is not published, or with none. */
  signature?: 'foreign key' | 'none' | 'HS256';
  /** Leaves out what must be encrypted. */
  unencrypted?: 'idToken' | 'userinfo';
  /** Encrypts to this key instead of the one that the client publishes now. */
  encryptTo?: JWK;
  /** Of the address that a browser is sent back to. */
  back?: (parameters: URLSearchParams) => void;
  /** Said instead in its discovery document. */
  metadata?: Claims;
  /** Answers everything so. */
  status?: number;
}

/** What a kind of issuer has of its own. */
export interface Kind {
  /** Below the issuer. */
  discoveryPath: string;
  signedBy: 'RS256' | 'ES256';
  scope: string;
  /** What the userinfo has besides `sub`. */
  userinfo: boolean;
  /** Whether its tokens are encrypted to keys of its client. */
  encrypts: boolean;
  /** What it knows its client by: a secret, or the public half of a key (ES256). */
  clientSecret?: string;
  clientKey?: JWK;
  /** How the levels begin that it wants to be asked for. */
  level?: string;
  /** RFC 9207. */
  namesItself: boolean;
}

interface Code {
  redirectUri: string;
  challenge: string;
  nonce: string | null;
  acr: string;
  claims: Claims;
}

const form = async (req: IncomingMessage): Promise<URLSearchParams> => {
  let body = '';
  for await (const part of req) body += part;
  return new URLSearchParams(body);
};

/**
 * An issuer of OpenID Connect: a server of its own, with keys of its own, that takes the code flow with PKCE and a secret, and
 * nothing else. Its users sign in by being named in `person`.
 */
export class MockIssuer {
  readonly clientId = 'practice';
  /** Who signs in next, as this issuer knows them. */
  person: Claims = {};
  /** How they show who they are. */
  acr = 'eidas1';
  faults: Faults = {};
  /** Requests that it would not have taken. */
  readonly complaints: string[] = [];
  private readonly codes = new Map<string, Code>();
  private readonly accessTokens = new Map<string, Claims>();
  private key?: { kid: string; privateKey: CryptoKey; publicJwk: JWK };
  private server?: Server;
  issuer = '';

  private readonly kind: Kind;
  private readonly now: () => Date;
  private readonly clientKeys?: () => Promise<JWK[]>;

  /** @param now by whose clock tokens are made @param clientKeys where it reads the keys that it encrypts to */
  constructor(kind: Kind, now: () => Date, clientKeys?: () => Promise<JWK[]>) {
    this.kind = kind;
    this.now = now;
    this.clientKeys = clientKeys;
  }

  async start(): Promise<this> {
    await this.rotateKey();
    const server = createServer((req, res) => {
      this.answer(req, res).catch((error) => {
        this.complaints.push(String(error));
        res.writeHead(500).end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
    return this;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** From now on another key signs, and the one of before is published no more. */
  async rotateKey(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(this.kind.signedBy, { extractable: true });
    const kid = randomUUID();
    const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: this.kind.signedBy, use: 'sig' };
    this.key = { kid, privateKey, publicJwk };
  }

  /** What a browser does there: its user signs in, and is sent back. @returns where to */
  async signIn(address: string): Promise<URL> {
    const answer = await fetch(address, { redirect: 'manual' });
    const location = answer.headers.get('location');
    if (answer.status !== 302 || !location) throw new Error(`not sent back: ${answer.status} ${await answer.text()}`);
    return new URL(location);
  }

  /** What it sends its clients when a session there has ended. */
  async logoutToken(claims: Claims, more: Claims = {}): Promise<string> {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    return this.sign({
      iss: this.issuer,
      aud: this.clientId,
      jti: randomUUID(),
      events,
      ...this.times(),
      ...claims,
      ...more,
    });
  }

  private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', this.issuer);
    const path = url.pathname.replace(/^\/realm/, '');
    const json = (status: number, body: object) => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (this.faults.status) return void res.writeHead(this.faults.status).end();
    switch (path) {
      case this.kind.discoveryPath:
        return json(200, this.metadata());
      case '/jwks':
        return json(200, { keys: this.key ? [this.key.publicJwk] : [] });
      case '/authorize':
        return this.authorize(url.searchParams, res, json);
      case '/token':
        return this.token(await form(req), json);
      case '/userinfo':
        return this.userinfo(req, res, json);
      default:
        res.writeHead(404).end();
    }
  }

  private metadata(): object {
    const { signedBy, encrypts, userinfo, namesItself } = this.kind;
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/jwks`,
      end_session_endpoint: `${this.issuer}/logout`,
      ...(userinfo && { userinfo_endpoint: `${this.issuer}/userinfo` }),
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: [signedBy],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: namesItself,
      ...(encrypts && {
        id_token_encryption_alg_values_supported: ['RSA-OAEP', 'ECDH-ES'],
        id_token_encryption_enc_values_supported: ['A256GCM'],
        userinfo_signing_alg_values_supported: [signedBy],
      }),
      ...this.faults.metadata,
    };
  }

  private authorize(asked: URLSearchParams, res: ServerResponse, json: Json): void {
    const isGood =
      asked.get('response_type') === 'code' &&
      asked.get('client_id') === this.clientId &&
      asked.get('code_challenge_method') === 'S256' &&
      asked.get('scope') === this.kind.scope &&
      (asked.get('state')?.length ?? 0) >= 32 &&
      (asked.get('nonce')?.length ?? 0) >= 32 &&
      (!this.kind.level || (asked.get('acr_values') ?? '').startsWith(this.kind.level));
    if (!isGood) {
      json(400, { error: 'invalid_request', asked: asked.toString() });
      return;
    }
    const code = randomUUID();
    this.codes.set(code, {
      redirectUri: asked.get('redirect_uri') as string,
      challenge: asked.get('code_challenge') as string,
      nonce: asked.get('nonce'),
      acr: this.acr,
      claims: this.person,
    });
    const back = new URL(asked.get('redirect_uri') as string);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') as string);
    if (this.kind.namesItself) back.searchParams.set('iss', this.issuer);
    this.faults.back?.(back.searchParams);
    res.writeHead(302, { location: back.href }).end();
  }

  private async token(sent: URLSearchParams, json: Json): Promise<void> {
    const code = this.codes.get(sent.get('code') ?? '');
    this.codes.delete(sent.get('code') ?? '');
    if (!(await this.isClient(sent))) return json(401, { error: 'invalid_client' });
    const challenge = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    if (!code || code.redirectUri !== sent.get('redirect_uri') || code.challenge !== challenge) {
      return json(400, { error: 'invalid_grant' });
    }
    const { sub } = code.claims;
    const said: Claims = {
      iss: this.issuer,
      aud: this.clientId,
      sub,
      acr: code.acr,
      nonce: code.nonce,
      ...this.times(),
    };
    if (code.claims.sid) said.sid = code.claims.sid;
    if (!this.kind.userinfo) Object.assign(said, code.claims);
    const claims = this.faults.idToken?.(said) ?? said;
    const accessToken = randomUUID();
    this.accessTokens.set(accessToken, code.claims);
    json(200, {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 60,
      id_token: await this.sealed(await this.sign(claims), 'idToken'),
    });
  }

  private async isClient(sent: URLSearchParams): Promise<boolean> {
    const { clientSecret, clientKey } = this.kind;
    if (clientSecret) return sent.get('client_id') === this.clientId && sent.get('client_secret') === clientSecret;
    if (!clientKey) return sent.get('client_id') === this.clientId;
    const { payload } = await jwtVerify(sent.get('client_assertion') ?? '', await importJWK(clientKey, 'ES256'), {
      issuer: this.clientId,
      subject: this.clientId,
      audience: [this.issuer, `${this.issuer}/token`],
      currentDate: this.now(),
    });
    return payload.jti !== undefined;
  }

  private async userinfo(req: IncomingMessage, res: ServerResponse, json: Json): Promise<void> {
    const claims = this.accessTokens.get((req.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (!claims) return json(401, { error: 'invalid_token' });
    const said = this.faults.userinfo?.(claims) ?? claims;
    if (!this.kind.encrypts) return json(200, said);
    const token = await this.sign({ ...said, iss: this.issuer, aud: this.clientId });
    res.writeHead(200, { 'content-type': 'application/jwt' }).end(await this.sealed(token, 'userinfo'));
  }

  private times(): Claims {
    const now = Math.floor(this.now().getTime() / 1_000);
    return { iat: now, exp: now + 60 };
  }

  private async sign(claims: Claims): Promise<string> {
    if (!this.key) throw new Error('it was not started');
    const { kid, privateKey } = this.key;
    const { signature } = this.faults;
    if (signature === 'none') {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none' })}.${part(claims)}.`;
    }
    if (signature === 'HS256') {
      const secret = new TextEncoder().encode(this.kind.clientSecret ?? 'x'.repeat(32));
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    }
    const { signedBy: alg } = this.kind;
    const key = signature === 'foreign key' ? (await generateKeyPair(alg)).privateKey : privateKey;
    return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
  }

  private async sealed(token: string, what: 'idToken' | 'userinfo'): Promise<string> {
    if (!this.kind.encrypts || this.faults.unencrypted === what) return token;
    const key = this.faults.encryptTo ?? (await this.clientKeys?.())?.[0];
    if (!key?.alg) throw new Error('the client publishes no key');
    return new CompactEncrypt(new TextEncoder().encode(token))
      .setProtectedHeader({ alg: key.alg, enc: 'A256GCM', kid: key.kid, cty: 'JWT' })
      .encrypt(await importJWK(key, key.alg));
  }
}

type Json = (status: number, body: object) => void;
