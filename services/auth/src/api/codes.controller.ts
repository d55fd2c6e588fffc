import type { Principal } from '@cabinet/kit/access/principal';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
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
import type { MailCodes } from '../domain/mail-codes.js';
import type { RecoverPassword } from '../domain/recover-password.js';
import {
  type AskRequest,
  type CodeResponse,
  type MailResponse,
  type ResetRequest,
  toCodeResponse,
  toMailResponse,
} from './code.dto.js';
import type { Uuid } from './user.dto.js';

type WithUser = HttpRequest & { user: Principal };

@Route('api/auth')
@Tags('Codes')
export class CodesController extends Controller {
  constructor(
    private readonly recover: RecoverPassword,
    private readonly mail: MailCodes,
  ) {
    super();
  }

  /**
   * Has a code sent to the address, if somebody signs in with it; good for half an hour. None is sent again within two
   * minutes, nor within half an hour after the fifth of a day; each is good until its end.
   * Neither the answer nor the time it takes tells whether the address is known.
   * @summary Ask for a code to set my password anew
   */
  @Post('password/codes')
  @NoSecurity()
  @SuccessResponse(202, 'Taken note of')
  @Response<Problem>(422, 'The request breaks a rule')
  async ask(@Body() body: AskRequest): Promise<void> {
    await this.recover.ask(body.email);
    this.setStatus(202);
  }

  /**
   * Takes a code that was mailed or printed, once. Ends all sessions of its user; a second factor stays as it is.
   * @summary Set my password anew
   */
  @Post('password/reset')
  @NoSecurity()
  @SuccessResponse(204, 'Set')
  @Response<Problem>(401, 'AUTH.NO_SUCH_CODE')
  @Response<Problem>(422, 'The request breaks a rule, or AUTH.PASSWORD_UNSUITABLE')
  @Response<Problem>(429, 'AUTH.LOCKED_OUT: too many failed attempts; see Retry-After')
  @Response<Problem>(503, 'AUTH.BUSY: too many people are signing in at once')
  async reset(@Body() body: ResetRequest, @Request() request: HttpRequest): Promise<void> {
    await this.recover.reset(body.code, body.newPassword, request.ip ?? 'unknown');
    this.setStatus(204);
  }

  /**
   * A code to be handed to the user, good for two days, with which they set their password anew. It takes the place of one made
   * before. A secretary helps patients; an admin everybody.
   * @summary Make a code for somebody who has forgotten the password
   */
  @Post('users/{id}/codes')
  @Security('bearer', ['secretary', 'admin'])
  @Extension('x-access', { resource: 'code', action: 'make', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Extension('x-answer-kept', false)
  @SuccessResponse(201, 'Made')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'An admin may')
  @Response<Problem>(404, 'AUTH.NO_SUCH_USER')
  @Example<CodeResponse>({ code: '7K3F-9QXM-2BTR', expiresAt: '2026-11-25T08:30:00.000Z' })
  async make(@Path() id: Uuid, @Request() request: WithUser): Promise<CodeResponse> {
    const made = await this.recover.make(id, request.user);
    this.setStatus(201);
    this.setHeader('Cache-Control', 'no-store');
    return toCodeResponse(made);
  }

  /**
   * For the service that sends mails, when it has heard `code.made`; until the code has been used or has run out.
   * @summary Read what to mail
   */
  @Get('codes/{id}')
  @Security('bearer', ['service'])
  @Extension('x-access', { resource: 'code', action: 'mail', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(401, 'There is no valid access token')
  @Response<Problem>(403, 'Only a service may do this')
  @Response<Problem>(404, 'AUTH.NOTHING_TO_MAIL')
  @Example<MailResponse>({
    email: 'alice@cabinet.test',
    purpose: 'reset',
    code: '7K3F-9QXM-2BTR',
    expiresAt: '2026-11-23T09:00:00.000Z',
  })
  async read(@Path() id: Uuid): Promise<MailResponse> {
    this.setHeader('Cache-Control', 'no-store');
    return toMailResponse(await this.mail.get(id));
  }
}
