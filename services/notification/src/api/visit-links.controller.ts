import { DomainError, invalidField } from '@cabinet/kit/errors';
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
import { LinkUnknown } from '../domain/errors.js';
import { delays, type VisitAct } from '../domain/links/visit-link.js';
import type { VisitLinks } from '../domain/links/visit-links.js';
import { answers, awayPage, nowherePage, type PracticeShown, visitLinkPage } from './visit-link-page.js';

/**
 * As it stood in the message: signed, for one act on one visit.
 * @maxLength 500
 */
type VisitToken = string;

@Route('api/notifications/links')
@Tags('Links in messages')
export class VisitLinksController extends Controller {
  constructor(
    private readonly links: VisitLinks,
    private readonly practice: PracticeShown,
  ) {
    super();
  }

  /**
   * A page with when the visit is and what may be done about it. Whoever only follows links, as programs do that look through mails,
   * changes nothing. One that has ended and one that never was look alike.
   * @summary See what a link in a message is for
   */
  @Get('{token}')
  @NoSecurity()
  @Extension('x-audit-subjects', 'noted')
  @Produces('text/html')
  @Response<string>(404, 'A page: it leads nowhere, or nowhere any more', undefined, 'text/html')
  @Response<string>(503, 'A page: try again', undefined, 'text/html')
  async show(@Path() token: VisitToken, @Request() request: HttpRequest): Promise<void> {
    await this.orNowhere(request, async () => {
      const page = visitLinkPage(await this.links.look(token), this.practice);
      return { status: 200, page };
    });
  }

  /**
   * What the page's button posts. It is done ten seconds later, unless it is taken back by then; however often, it is done once. What
   * became of it the page says.
   * @summary Confirm, move or cancel a visit, or say that one is late
   */
  @Post('{token}')
  @NoSecurity()
  @Consumes('application/x-www-form-urlencoded')
  @Extension('x-audit-subjects', 'noted')
  @Produces('text/html')
  @Response<void>(303, 'To the page that says what becomes of it')
  @Response<string>(404, 'A page: it leads nowhere, or nowhere any more', undefined, 'text/html')
  @Response<Problem>(415, 'No form')
  @Response<string>(503, 'A page: try again', undefined, 'text/html')
  async act(@Path() token: VisitToken, @Body() body: string, @Request() request: HttpRequest): Promise<void> {
    const form = new URLSearchParams(body);
    const answer = form.get(answers.name);
    await this.orNowhere(request, async () => {
      if (answer === answers.yes) await this.links.ask(token, wishIn(form));
      else if (answer === answers.undo) await this.links.undo(token);
      // Programs that look through mails may post as well.
      else
        throw invalidField('body', 'INVALID', `says ${answers.name}=${answers.yes} or ${answers.name}=${answers.undo}`);
      return { status: 303, location: token };
    });
  }

  private async orNowhere(request: HttpRequest, work: () => Promise<Answer>): Promise<void> {
    const answer = await work().catch((error: unknown): Answer => {
      if (error instanceof LinkUnknown) return { status: 404, page: nowherePage(this.practice) };
      if (error instanceof DomainError && error.kind === 'unavailable')
        return { status: 503, page: awayPage(this.practice) };
      throw error;
    });
    await this.send(request, answer);
  }

  // Headers leave with the end, which waits until it is on record what was asked for.
  private send(request: HttpRequest, { status, page, location }: Answer): Promise<void> {
    const response = request.res as NonNullable<HttpRequest['res']>;
    return new Promise((resolve) => {
      response.once('close', resolve);
      if (location !== undefined) response.set('Location', location);
      if (status === 503) response.set('Retry-After', '60');
      response
        .status(status)
        .set(pageHeaders({ 'form-action': "'self'" }))
        .end(page);
    });
  }
}

interface Answer {
  status: number;
  page?: string;
  /** Beside this one. */
  location?: string;
}

/** @throws InvalidInput (422) for a time that is none, and for a delay that was not offered */
function wishIn(form: URLSearchParams): Pick<VisitAct, 'start' | 'minutes'> {
  const [start, minutes] = [form.get('start'), form.get('minutes')];
  if (start !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(start))
    throw invalidField('start', 'INVALID', 'is none of the times that were shown');
  if (minutes !== null && !delays.some((each) => String(each) === minutes))
    throw invalidField('minutes', 'INVALID', `is one of ${delays.join(', ')}`);
  return { ...(start !== null && { start }), ...(minutes !== null && { minutes: Number(minutes) }) };
}
