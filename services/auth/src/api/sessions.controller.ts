import type { Principal } from '@cabinet/kit/access/principal';
import { NotAuthenticated } from '@cabinet/kit/errors';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  NoSecurity,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { ChangePassword } from '../domain/change-password.js';
import type { FindUsers } from '../domain/find-users.js';
import type { KeepSessions, TokenPair } from '../domain/keep-sessions.js';
import type { SignIn } from '../domain/sign-in.js';
import { type CookieRules, deviceCookie, refreshCookie } from './cookies.js';
import { assertOwnOrigin } from './own-origin.js';
import { type LoginRequest, type PasswordRequest, type TokenResponse, toTokenResponse } from './session.dto.js';
import { toUserResponse, type UserResponse } from './user.dto.js';

/** How long a device is known without a sign-in. */
const deviceSeconds = 180 * 24 * 3_600;

export interface SessionRules extends CookieRules {
  /** Origins whose pages may call the API from elsewhere. */
  origins: readonly string[];
}

type WithUser = HttpRequest & { user: Principal };

@Route('api/auth')
@Tags('Sessions')
export class SessionsController extends Controller {
  constructor(
    private readonly signingIn: SignIn,
    private readonly sessions: KeepSessions,
    private readonly users: FindUsers,
    private readonly password: ChangePassword,
    private readonly rules: SessionRules,
  ) {
    super();
  }

  /**
   * Gives an access token for ten minutes, and in the HttpOnly cookie `cabinet_refresh` what `POST /api/auth/refresh`
   * gives the next one for. After several failures of an account or a network address attempts are refused for a while
   * that grows; a device that has signed in to the account before is known by the cookie `cabinet_device` and counts by
   * itself. The answer never tells whether the address is known.
   * @summary Sign in
   */
  @Post('login')
  @NoSecurity()
  @Example<TokenResponse>({
    accessToken: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9...',
    tokenType: 'Bearer',
    expiresIn: 600,
  })
  @Response<Problem>(401, 'AUTH.BAD_CREDENTIALS')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  @Response<Problem>(503, 'AUTH.BUSY: too many people are signing in at once')
  async login(@Body() body: LoginRequest, @Request() request: HttpRequest): Promise<TokenResponse> {
    const kept = deviceCookie.read(request);
    const from = { address: request.ip ?? 'unknown', device: kept, userAgent: request.get('user-agent') };
    const signedIn = await this.signingIn.signIn({ ...body, ...from });
    return this.answer(request, signedIn, [
      deviceCookie.line(request, { value: signedIn.device, seconds: deviceSeconds }, this.rules),
    ]);
  }

  /**
   * Exchanges the refresh cookie for the next one and a new access token with the user's roles as they are now. Each
   * cookie is good once (parallel requests within ten seconds get the same next one); a cookie that comes again later was
   * copied, and the whole session ends. Over https its name begins with `__Secure-`.
   * @summary Get the next access token
   */
  @Post('refresh')
  @Security('refreshCookie')
  @Response<Problem>(401, 'AUTH.REFRESH_MISSING, AUTH.REFRESH_INVALID or AUTH.REFRESH_REUSED: sign in again')
  @Response<Problem>(403, 'AUTH.FOREIGN_ORIGIN')
  async refresh(@Request() request: HttpRequest): Promise<TokenResponse> {
    assertOwnOrigin(request, this.rules.origins);
    try {
      return this.answer(request, await this.sessions.refresh(refreshCookie.read(request)));
    } catch (error) {
      // A cookie that is good for nothing is taken away; one that could not be looked at is kept.
      const isUseless = error instanceof NotAuthenticated;
      if (isUseless) request.res?.set('Set-Cookie', refreshCookie.cleared(request, this.rules));
      throw error;
    }
  }

  /**
   * Ends the session of the refresh cookie, on this device only, and within seconds the access tokens that were given in it.
   * @summary Sign out
   */
  @Post('logout')
  @NoSecurity()
  @SuccessResponse(204, 'Signed out')
  @Response<Problem>(403, 'AUTH.FOREIGN_ORIGIN')
  async logout(@Request() request: HttpRequest): Promise<void> {
    assertOwnOrigin(request, this.rules.origins);
    await this.sessions.end(refreshCookie.read(request));
    this.setHeader('Set-Cookie', refreshCookie.cleared(request, this.rules));
    this.setStatus(204);
  }

  /** @summary Read who I am */
  @Get('me')
  @Security('bearer')
  @Extension('x-access', { resource: 'ownUser', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['answer.id'])
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  async me(@Request() request: WithUser): Promise<UserResponse> {
    return toUserResponse(await this.users.self(request.user));
  }

  /**
   * Signs the user out everywhere but in the session of the access token.
   * @summary Change my password
   */
  @Post('password')
  @Security('bearer')
  @Extension('x-access', { resource: 'ownUser', action: 'setPassword', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @SuccessResponse(204, 'Changed')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(422, 'AUTH.WRONG_PASSWORD or AUTH.PASSWORD_UNSUITABLE')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  async changePassword(@Body() body: PasswordRequest, @Request() request: WithUser): Promise<void> {
    await this.password.change(body, request.user);
    this.setStatus(204);
  }

  private answer(request: HttpRequest, tokens: TokenPair, more: string[] = []): TokenResponse {
    const { refreshToken, refreshSeconds } = tokens;
    const kept = { value: refreshToken, seconds: refreshSeconds };
    this.setHeader('Set-Cookie', [refreshCookie.line(request, kept, this.rules), ...more]);
    this.setHeader('Cache-Control', 'no-store');
    return toTokenResponse(tokens);
  }
}
