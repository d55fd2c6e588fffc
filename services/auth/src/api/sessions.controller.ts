import { NotAuthenticated, type Principal, type Problem } from '@cabinet/kit';
import {
  Body,
  Controller,
  Example,
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
import { findUser } from '../domain/administer-users.js';
import { changePassword } from '../domain/change-password.js';
import { refreshSession, signOut } from '../domain/refresh-session.js';
import { type AuthParts, type SignedIn, signIn } from '../domain/sign-in.js';
import {
  type LoginRequest,
  type PasswordRequest,
  type TokenResponse,
  toTokenResponse,
  toUserResponse,
  type UserResponse,
} from './dto.js';
import { type CookieRules, clearedRefreshCookie, readRefreshCookie, refreshCookie } from './refresh-cookie.js';

type WithUser = HttpRequest & { user: Principal };

@Route('api/auth')
@Tags('Sessions')
export class SessionsController extends Controller {
  constructor(
    private readonly parts: AuthParts,
    private readonly cookieRules: CookieRules,
  ) {
    super();
  }

  /**
   * Gives an access token for ten minutes, and in the HttpOnly cookie `cabinet_refresh` what `POST /api/auth/refresh`
   * gives the next one for. After several failures of an account or a network address attempts are refused for a while
   * that grows. The answer never tells whether the address is known.
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
    const signedIn = await signIn(this.parts, { ...body, address: request.ip ?? 'unknown' });
    return this.answer(request, signedIn);
  }

  /**
   * Exchanges the refresh cookie for the next one and a new access token with the user's roles as they are now. Each
   * cookie is good once (a parallel request within ten seconds is honoured); a cookie that comes again later was
   * copied, and the whole session ends.
   * @summary Get the next access token
   */
  @Post('refresh')
  @Security('refreshCookie')
  @Response<Problem>(401, 'AUTH.REFRESH_MISSING, AUTH.REFRESH_INVALID or AUTH.REFRESH_REUSED: sign in again')
  async refresh(@Request() request: HttpRequest): Promise<TokenResponse> {
    try {
      return this.answer(request, await refreshSession(this.parts, readRefreshCookie(request)));
    } catch (error) {
      // A cookie that is good for nothing is taken away; one that could not be looked at is kept.
      const isUseless = error instanceof NotAuthenticated;
      if (isUseless) request.res?.set('Set-Cookie', clearedRefreshCookie(request, this.cookieRules));
      throw error;
    }
  }

  /**
   * Ends the session of the refresh cookie, on this device only. An access token stays good until it runs out.
   * @summary Sign out
   */
  @Post('logout')
  @NoSecurity()
  @SuccessResponse(204, 'Signed out')
  async logout(@Request() request: HttpRequest): Promise<void> {
    await signOut(this.parts, readRefreshCookie(request));
    this.setHeader('Set-Cookie', clearedRefreshCookie(request, this.cookieRules));
    this.setStatus(204);
  }

  /** @summary Read who I am */
  @Get('me')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin'])
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  async me(@Request() request: WithUser): Promise<UserResponse> {
    return toUserResponse(await findUser(this.parts, request.user.id));
  }

  /**
   * Signs the user out everywhere but here.
   * @summary Change my password
   */
  @Post('password')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin'])
  @SuccessResponse(204, 'Changed')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(422, 'AUTH.WRONG_PASSWORD or AUTH.PASSWORD_UNSUITABLE')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  async changePassword(@Body() body: PasswordRequest, @Request() request: WithUser): Promise<void> {
    await changePassword(this.parts, {
      ...body,
      userId: request.user.id,
      refreshToken: readRefreshCookie(request),
    });
    this.setStatus(204);
  }

  private answer(request: HttpRequest, signedIn: SignedIn): TokenResponse {
    const { refreshToken, refreshSeconds } = signedIn;
    this.setHeader('Set-Cookie', refreshCookie(request, refreshToken, refreshSeconds, this.cookieRules));
    this.setHeader('Cache-Control', 'no-store');
    return toTokenResponse(signedIn);
  }
}
