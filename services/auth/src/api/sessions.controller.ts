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
import { SessionLocked } from '../domain/errors.js';
import type { FindUsers } from '../domain/find-users.js';
import type { KeepSessions } from '../domain/keep-sessions.js';
import type { SignIn } from '../domain/sign-in.js';
import { refreshCookie } from './cookies.js';
import { assertOwnOrigin } from './own-origin.js';
import { type LoginRequest, type PasswordRequest, type TokenResponse } from './session.dto.js';
import { answerSignIn, answerTokens, type SessionRules, whereFrom } from './signed-in.js';
import { toUserResponse, type UserResponse } from './user.dto.js';

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
   * itself. The answer never tells whether the address is known. Whoever was signed in at the browser before is signed out.
   * @summary Sign in
   */
  @Post('login')
  @NoSecurity()
  @Example<TokenResponse>({
    accessToken: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9...',
    tokenType: 'Bearer',
    expiresIn: 600,
  })
  @Response<Problem>(
    401,
    'AUTH.BAD_CREDENTIALS, AUTH.SECOND_FACTOR_NEEDED, AUTH.BAD_SECOND_FACTOR or AUTH.APP_NOT_KNOWN',
  )
  @Response<Problem>(403, 'AUTH.REGISTRATION_WAITS: the practice has not confirmed yet who they are')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  @Response<Problem>(503, 'AUTH.BUSY: too many people are signing in at once')
  async login(@Body() body: LoginRequest, @Request() request: HttpRequest): Promise<TokenResponse> {
    const signedIn = await this.signingIn.signIn({ ...body, ...whereFrom(request) });
    return answerSignIn(this, request, this.rules, signedIn);
  }

  /**
   * Exchanges the refresh cookie for the next one and a new access token with the user's roles as they are now. Each
   * cookie is good once (parallel requests within ten seconds get the same next one); a cookie that comes again later was
   * copied, and the whole session ends. Over https its name begins with `__Secure-`.
   * @summary Get the next access token
   */
  @Post('refresh')
  @Security('refreshCookie')
  @Response<Problem>(
    401,
    'AUTH.REFRESH_MISSING, AUTH.REFRESH_INVALID, AUTH.REFRESH_REUSED or AUTH.SESSION_LOCKED: sign in again',
  )
  @Response<Problem>(403, 'AUTH.FOREIGN_ORIGIN')
  async refresh(@Request() request: HttpRequest): Promise<TokenResponse> {
    assertOwnOrigin(request, this.rules.origins);
    try {
      return answerTokens(this, request, this.rules, await this.sessions.refresh(refreshCookie.read(request)));
    } catch (error) {
      // A cookie that is good for nothing is taken away; one that could not be looked at is kept.
      const isUseless = error instanceof NotAuthenticated && !(error instanceof SessionLocked);
      if (isUseless) request.res?.set('Set-Cookie', refreshCookie.cleared(request, this.rules));
      throw error;
    }
  }

  /**
   * Ends the session of the refresh cookie, on this device only, and within seconds the access tokens that were given in it; the
   * browser is asked to forget what it has kept of our pages.
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
    // Cookies stay: the device remains known to whoever signed in at it.
    this.setHeader('Clear-Site-Data', '"cache", "storage"');
    this.setStatus(204);
  }

  /**
   * For who leaves the screen: the access tokens of the session are good for nothing within ten seconds, and it gives no more. It
   * goes on, without a second factor, when the same user signs in at the same browser; it ends when somebody else does.
   * @summary Lock the session
   */
  @Post('lock')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
  @Extension('x-access', { resource: 'ownSession', action: 'lock', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @SuccessResponse(204, 'Locked')
  @Response<Problem>(401, 'There is no valid access token')
  async lock(@Request() request: WithUser): Promise<void> {
    await this.sessions.lock(request.user);
    this.setStatus(204);
  }

  /** @summary Read who I am */
  @Get('me')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
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
}
