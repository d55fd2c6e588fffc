import type { Principal } from '@cabinet/kit/access/principal';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  NoSecurity,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { KeepPasskeys } from '../domain/keep-passkeys.js';
import type { SignInByPasskey } from '../domain/sign-in-by-passkey.js';
import {
  type AddPasskeyRequest,
  type CreatedCredential,
  type PasskeyList,
  type PasskeyOptions,
  type PasskeyResponse,
  type PasskeySignInOptions,
  type PasskeySignInRequest,
  type SignedCredential,
  toPasskeyResponse,
} from './passkey.dto.js';
import type { TokenResponse } from './session.dto.js';
import { answerSignIn, type SessionRules, whereFrom } from './signed-in.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

@Route('api/auth')
@Tags('Passkeys')
export class PasskeysController extends Controller {
  constructor(
    private readonly signingIn: SignInByPasskey<object, SignedCredential>,
    private readonly passkeys: KeepPasskeys<object, CreatedCredential>,
    private readonly rules: SessionRules,
  ) {
    super();
  }

  /**
   * What the browser is to sign, good for five minutes and once. It is the same for everybody: no name is asked.
   * @summary Begin to sign in by passkey
   */
  @Post('login/passkey/challenge')
  @NoSecurity()
  async begin(): Promise<PasskeySignInOptions> {
    this.setHeader('Cache-Control', 'no-store');
    return { options: await this.signingIn.begin() };
  }

  /**
   * The passkey says whose it is, and that its user was verified: no password and no further factor are asked. Whoever was signed
   * in at the browser before is signed out. Failures of a network address make it wait as those with a password do.
   * @summary Sign in by passkey
   */
  @Post('login/passkey')
  @NoSecurity()
  @Example<TokenResponse>({
    accessToken: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9...',
    tokenType: 'Bearer',
    expiresIn: 600,
  })
  @Response<Problem>(401, 'AUTH.BAD_PASSKEY')
  @Response<Problem>(422, 'The request breaks a rule')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  async signIn(@Body() body: PasskeySignInRequest, @Request() request: HttpRequest): Promise<TokenResponse> {
    const signedIn = await this.signingIn.signIn({ signed: body.signed, ...whereFrom(request) });
    return answerSignIn(this, request, this.rules, signedIn);
  }

  /**
   * Within fifteen minutes after a sign-in. The passkey has to verify its user, and to be found without a name.
   * @summary Begin to add a passkey
   */
  @Post('passkeys/challenge')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
  @Extension('x-access', { resource: 'ownPasskey', action: 'begin', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'AUTH.SIGN_IN_AGAIN')
  @Response<Problem>(409, 'AUTH.TOO_MANY_PASSKEYS')
  async beginAdding(@Request() request: WithUser): Promise<PasskeyOptions> {
    this.setHeader('Cache-Control', 'no-store');
    return { options: await this.passkeys.begin(request.user) };
  }

  /**
   * Whoever had to add a second factor has one now: the next access token allows what the roles do.
   * @summary Add a passkey
   */
  @Post('passkeys')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
  @Extension('x-access', { resource: 'ownPasskey', action: 'add', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(201, 'Added')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'AUTH.SIGN_IN_AGAIN')
  @Response<Problem>(409, 'AUTH.TOO_MANY_PASSKEYS')
  @Response<Problem>(422, 'The request breaks a rule, or AUTH.PASSKEY_REFUSED')
  @Example<PasskeyResponse>({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    name: 'Phone',
    synced: true,
    createdAt: '2026-11-23T08:30:00.000Z',
  })
  async add(@Body() body: AddPasskeyRequest, @Request() request: WithUser): Promise<PasskeyResponse> {
    const passkey = await this.passkeys.add(body.name, body.created, request.user);
    this.setStatus(201);
    return toPasskeyResponse(passkey);
  }

  /**
   * Oldest first; there are twenty at most.
   * @summary List my passkeys
   */
  @Get('passkeys')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
  @Extension('x-access', { resource: 'ownPasskey', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(401, 'There is no valid access token')
  async list(@Request() request: WithUser): Promise<PasskeyList> {
    return { items: (await this.passkeys.list(request.user)).map(toPasskeyResponse) };
  }

  /**
   * Within fifteen minutes after a sign-in; sessions that it opened go on.
   * @summary Remove a passkey
   */
  @Delete('passkeys/{id}')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin'])
  @Extension('x-access', { resource: 'ownPasskey', action: 'remove', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Removed')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'AUTH.SIGN_IN_AGAIN')
  @Response<Problem>(404, 'AUTH.NO_SUCH_PASSKEY')
  @Response<Problem>(409, 'AUTH.LAST_FACTOR')
  async remove(@Path() id: Uuid, @Request() request: WithUser): Promise<void> {
    await this.passkeys.remove(id, request.user);
    this.setStatus(204);
  }
}
