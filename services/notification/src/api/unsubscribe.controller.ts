import type { Problem } from '@cabinet/kit/http/problem';
import { pageHeaders } from '@cabinet/kit/pages/page';
import {
  Body,
  Consumes,
  Controller,
  Extension,
  Get,
  NoSecurity,
  Path,
  Post,
  Produces,
  Request,
  Response,
  Route,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { Unsubscribe } from '../domain/preferences/unsubscribe.js';
import { assertOneClick } from './text-bodies.js';
import { unsubscribePage } from './unsubscribe-page.js';

/**
 * As it stood in the mail: sealed, and for one topic.
 * @maxLength 500
 */
type Token = string;

@Route('api/notifications/unsubscribe')
@Tags('Notification preferences')
export class UnsubscribeController extends Controller {
  constructor(
    private readonly unsubscribing: Unsubscribe,
    /** How the practice calls itself. */
    private readonly practice: string,
  ) {
    super();
  }

  /**
   * Asks whether somebody means it. Whoever only follows links, as programs do that look through mails, changes nothing.
   * @summary See what a mail's link unsubscribes from
   */
  @Get('{token}')
  @NoSecurity()
  @Extension('x-audit-subjects', 'noted')
  @Produces('text/html')
  @Response<Problem>(404, 'NOTIFICATION.LINK_UNKNOWN')
  async show(@Path() token: Token, @Request() request: HttpRequest): Promise<void> {
    await this.answer(request, unsubscribePage(await this.unsubscribing.look(token), this.practice));
  }

  /**
   * One click in a mail client (RFC 8058), or on the page: no more of one topic by one channel. However often, it is done once.
   * @summary Unsubscribe
   */
  @Post('{token}')
  @NoSecurity()
  @Consumes('application/x-www-form-urlencoded')
  @Extension('x-audit-subjects', 'noted')
  @Produces('text/html')
  @Response<Problem>(404, 'NOTIFICATION.LINK_UNKNOWN')
  @Response<Problem>(415, 'Neither a form nor multipart/form-data')
  async unsubscribe(@Path() token: Token, @Body() body: string, @Request() request: HttpRequest): Promise<void> {
    assertOneClick(body);
    await this.unsubscribing.unsubscribe(token);
    await this.answer(request, unsubscribePage(await this.unsubscribing.look(token), this.practice));
  }

  // Headers leave with the end, which waits until it is on record what was asked for.
  private answer(request: HttpRequest, page: string): Promise<void> {
    const response = request.res as NonNullable<HttpRequest['res']>;
    return new Promise((resolve) => {
      response.once('close', resolve);
      response.set(pageHeaders({ 'form-action': "'self'" })).end(page);
    });
  }
}
