import type { Principal } from '@cabinet/kit/access/principal';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Delete,
  Example,
  Extension,
  Get,
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
import type { KeepFactors } from '../domain/keep-factors.js';
import type { ConfirmTotpRequest, FactorsResponse, RecoveryCodes, TotpResponse } from './second-factor.dto.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

const shownOnce: RecoveryCodes = { items: ['7K3F-9QXM-2BTR', 'M4TQ-80WZ-D1VK'] };

@Route('api/auth')
@Tags('Second factors')
@Response<Problem>(401, 'There is no valid access token')
export class SecondFactorsController extends Controller {
  constructor(private readonly factors: KeepFactors) {
    super();
  }

  /** @summary Read which second factors I have */
  @Get('second-factors')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
  @Extension('x-access', { resource: 'ownSecondFactor', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Example<FactorsResponse>({ totp: true, recoveryCodes: 10, passkeys: 1 })
  async read(@Request() request: WithUser): Promise<FactorsResponse> {
    return this.factors.read(request.user);
  }

  /**
   * Within fifteen minutes after a sign-in. Nothing changes until a code of the app has been shown.
   * @summary Begin to set up an app that makes codes
   */
  @Post('second-factors/totp')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
  @Extension('x-access', { resource: 'ownSecondFactor', action: 'begin', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @Response<Problem>(403, 'AUTH.SIGN_IN_AGAIN')
  @Response<Problem>(409, 'AUTH.TOTP_IN_USE')
  @Example<TotpResponse>({
    secret: 'NBSWY3DPEHPK3PXPNBSWY3DPEHPK3PXP',
    uri: 'otpauth://totp/Cabinet:alice%40cabinet.test?issuer=Cabinet&secret=NBSWY3DPEHPK3PXPNBSWY3DPEHPK3PXP',
  })
  async begin(@Request() request: WithUser): Promise<TotpResponse> {
    this.setHeader('Cache-Control', 'no-store');
    return this.factors.beginTotp(request.user);
  }

  /**
   * From now on a code is asked for beside the password. Whoever had to add a second factor has one now: the next access token
   * allows what the roles do.
   * @summary Confirm the app with one of its codes
   */
  @Post('second-factors/totp/confirm')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin', 'enrolling'])
  @Extension('x-access', { resource: 'ownSecondFactor', action: 'confirm', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @Response<Problem>(403, 'AUTH.SIGN_IN_AGAIN')
  @Response<Problem>(422, 'The request breaks a rule, or AUTH.WRONG_FACTOR_CODE')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  @Example<RecoveryCodes>(shownOnce)
  async confirm(@Body() body: ConfirmTotpRequest, @Request() request: WithUser): Promise<RecoveryCodes> {
    this.setHeader('Cache-Control', 'no-store');
    return { items: await this.factors.confirmTotp(body.code, request.user) };
  }

  /**
   * Ten new ones, in the place of those that are left. Within fifteen minutes after a sign-in.
   * @summary Make new recovery codes
   */
  @Post('second-factors/recovery-codes')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin'])
  @Extension('x-access', { resource: 'ownSecondFactor', action: 'makeRecoveryCodes', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @Response<Problem>(403, 'AUTH.SIGN_IN_AGAIN')
  @Response<Problem>(409, 'AUTH.NO_TOTP')
  @Example<RecoveryCodes>(shownOnce)
  async remake(@Request() request: WithUser): Promise<RecoveryCodes> {
    this.setHeader('Cache-Control', 'no-store');
    return { items: await this.factors.remakeRecoveryCodes(request.user) };
  }

  /**
   * Within fifteen minutes after a sign-in; the recovery codes go with it.
   * @summary Remove the app that makes codes
   */
  @Delete('second-factors/totp')
  @Security('bearer', ['patient', 'practitioner', 'secretary', 'admin'])
  @Extension('x-access', { resource: 'ownSecondFactor', action: 'remove', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Removed')
  @Response<Problem>(403, 'AUTH.SIGN_IN_AGAIN')
  @Response<Problem>(409, 'AUTH.LAST_FACTOR')
  async removeTotp(@Request() request: WithUser): Promise<void> {
    await this.factors.removeTotp(request.user);
    this.setStatus(204);
  }

  /**
   * For somebody who has lost phone and recovery codes: app, codes and passkeys are removed, and they are signed out everywhere.
   * They sign in by password and, where their role demands it, add a second factor first. Make sure who asks.
   * @summary Remove the second factors of a user
   */
  @Delete('users/{id}/second-factors')
  @Security('bearer', ['admin'])
  @Extension('x-access', { resource: 'user', action: 'removeFactors', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(204, 'Removed')
  @Response<Problem>(403, 'Only an admin may do this')
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  async removeAll(@Path() id: Uuid): Promise<void> {
    await this.factors.removeAllOf(id);
    this.setStatus(204);
  }
}
