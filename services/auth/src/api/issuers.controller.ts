import type { Problem } from '@cabinet/kit/http/problem';
import { sendPage } from '@cabinet/kit/pages/page';
import {
  Body,
  Controller,
  Example,
  Get,
  NoSecurity,
  Path,
  Post,
  Produces,
  Request,
  Response,
  Route,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import { elsewhereMsMax } from '../domain/begun-sign-in.js';
import type { Arrived, SignInElsewhere } from '../domain/sign-in-elsewhere.js';
import { refreshCookie, StrictCookie } from './cookies.js';
import {
  type AnswersRequest,
  type ArriveRequest,
  type ArriveResponse,
  type EncryptionKey,
  type EncryptionKeyList,
  type IssuerId,
  type IssuerList,
  type LeaveRequest,
  type LeaveResponse,
  type LeftResponse,
  toArriveResponse,
  toIssuerResponse,
} from './issuer.dto.js';
import { arrivalPage } from './issuer-page.js';
import { interactionPolicy } from './oidc-pages.js';
import { assertOwnOrigin } from './own-origin.js';
import { answerSignIn, type SessionRules, whereFrom } from './signed-in.js';

/** Shown by our own page alone, which the browser is on when it comes back: so it need not travel from other sites. */
const elsewhereCookie = new StrictCookie('cabinet_elsewhere', '/api/auth/login/issuers');

@Route('api/auth')
@Tags('Trusted issuers')
export class IssuersController extends Controller {
  constructor(
    private readonly signingIn: SignInElsewhere,
    private readonly published: () => Promise<EncryptionKey[]>,
    private readonly rules: SessionRules,
  ) {
    super();
  }

  /**
   * Those that the practice trusts, in the order in which the operator has written them down.
   * @summary List where one may sign in besides
   */
  @Get('issuers')
  @NoSecurity()
  @Example<IssuerList>({ items: [{ id: 'psc', name: 'Pro Santé Connect', kind: 'pro-sante-connect' }] })
  async list(): Promise<IssuerList> {
    return { items: this.signingIn.list().map(toIssuerResponse) };
  }

  /**
   * What issuers encrypt to that are to (RFC 7517). The keys change every 90 days; what is encrypted to those of before is opened
   * for a week more.
   * @summary Read the keys to encrypt to
   */
  @Get('issuers/jwks.json')
  @NoSecurity()
  async keys(): Promise<EncryptionKeyList> {
    this.setHeader('Cache-Control', 'public, max-age=300');
    return { keys: await this.published() };
  }

  /**
   * Good for ten minutes, and at this browser. The answer says where the browser goes.
   * @summary Begin to sign in by an issuer
   */
  @Post('login/issuers/{issuerId}')
  @NoSecurity()
  @Response<Problem>(401, 'AUTH.ISSUER_NOT_BELIEVED: what it says of itself does not fit')
  @Response<Problem>(403, 'AUTH.FOREIGN_ORIGIN')
  @Response<Problem>(404, 'AUTH.NO_SUCH_ISSUER')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(503, 'AUTH.ISSUER_UNREACHABLE')
  async begin(
    @Path() issuerId: IssuerId,
    @Body() body: LeaveRequest,
    @Request() request: HttpRequest,
  ): Promise<LeaveResponse> {
    assertOwnOrigin(request, this.rules.origins);
    const { continueAt, kept } = await this.signingIn.begin(issuerId, body.continueAt ?? '/');
    this.setHeader('Set-Cookie', this.line(request, kept));
    this.setHeader('Cache-Control', 'no-store');
    return { continueAt };
  }

  /**
   * The page that an issuer sends browsers to. Its script tells us what the issuer has sent along.
   * @summary Come back from an issuer
   */
  @Get('login/issuers/{issuerId}/callback')
  @NoSecurity()
  @Produces('text/html')
  async show(@Path() issuerId: IssuerId, @Request() request: HttpRequest): Promise<void> {
    const issuer = this.signingIn.find(issuerId);
    sendPage(request.res as NonNullable<HttpRequest['res']>, arrivalPage(issuer.name), interactionPolicy);
  }

  /**
   * Signs in whoever the issuer says has come, if that is somebody here; or asks for what is missing. It may be told once.
   * @summary Sign in by what an issuer says
   */
  @Post('login/issuers/{issuerId}/callback')
  @NoSecurity()
  @Response<Problem>(401, 'AUTH.REFUSED_ELSEWHERE, AUTH.ISSUER_NOT_BELIEVED or AUTH.LEVEL_TOO_LOW')
  @Response<Problem>(
    403,
    'AUTH.FOREIGN_ORIGIN, AUTH.NOT_LINKED, AUTH.NO_ACTIVITY, AUTH.NO_ROLE_THERE or AUTH.NOT_FOR_YOUR_ROLE',
  )
  @Response<Problem>(404, 'AUTH.NO_SUCH_ISSUER or AUTH.NO_SUCH_SIGN_IN')
  @Response<Problem>(409, 'AUTH.LAST_ADMIN: the issuer takes the role from the only one')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(503, 'AUTH.ISSUER_UNREACHABLE')
  async arrive(
    @Path() issuerId: IssuerId,
    @Body() body: ArriveRequest,
    @Request() request: HttpRequest,
  ): Promise<ArriveResponse> {
    assertOwnOrigin(request, this.rules.origins);
    const kept = elsewhereCookie.read(request);
    return this.answer(request, await this.signingIn.finish(issuerId, body.answer, kept, whereFrom(request)));
  }

  /**
   * For whom `asks` has asked for something: an activity, or the code of an app.
   * @summary Say what is missing to sign in by an issuer
   */
  @Post('login/issuers/{issuerId}/answers')
  @NoSecurity()
  @Response<Problem>(401, 'AUTH.BAD_SECOND_FACTOR or AUTH.APP_NOT_KNOWN')
  @Response<Problem>(403, 'AUTH.FOREIGN_ORIGIN, AUTH.NOT_LINKED, AUTH.NO_ROLE_THERE or AUTH.NOT_FOR_YOUR_ROLE')
  @Response<Problem>(404, 'AUTH.NO_SUCH_ISSUER or AUTH.NO_SUCH_SIGN_IN')
  @Response<Problem>(409, 'AUTH.LAST_ADMIN: the issuer takes the role from the only one')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  async goOn(
    @Path() issuerId: IssuerId,
    @Body() body: AnswersRequest,
    @Request() request: HttpRequest,
  ): Promise<ArriveResponse> {
    assertOwnOrigin(request, this.rules.origins);
    const token = elsewhereCookie.read(request);
    return this.answer(request, await this.signingIn.goOn(issuerId, token, body, whereFrom(request)));
  }

  /**
   * Ends the session as `POST /api/auth/logout` does, and says where the browser signs out of the issuer by which it was opened.
   * @summary Sign out here and at the issuer
   */
  @Post('logout/issuer')
  @NoSecurity()
  @SuccessResponse(200, 'Signed out here')
  @Response<Problem>(403, 'AUTH.FOREIGN_ORIGIN')
  async signOut(@Request() request: HttpRequest): Promise<LeftResponse> {
    assertOwnOrigin(request, this.rules.origins);
    const continueAt = await this.signingIn.signOut(refreshCookie.read(request));
    this.setHeader('Set-Cookie', refreshCookie.cleared(request, this.rules));
    this.setHeader('Clear-Site-Data', '"cache", "storage"');
    this.setHeader('Cache-Control', 'no-store');
    return { continueAt };
  }

  private answer(request: HttpRequest, arrived: Arrived): ArriveResponse {
    this.setHeader('Cache-Control', 'no-store');
    if ('asks' in arrived) this.setHeader('Set-Cookie', this.line(request, arrived.kept));
    else answerSignIn(this, request, this.rules, arrived);
    return toArriveResponse(arrived);
  }

  private line(request: HttpRequest, value: string): string {
    return elsewhereCookie.line(request, { value, seconds: elsewhereMsMax / 1_000 }, this.rules);
  }
}
