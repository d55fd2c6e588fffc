import type { Problem } from '@cabinet/kit/http/problem';
import { sendPage } from '@cabinet/kit/pages/page';
import { Body, Controller, Get, NoSecurity, Path, Post, Produces, Request, Response, Route, Tags } from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { AnswerInteractions, Visit } from '../domain/answer-interactions.js';
import { NoSuchInteraction } from '../domain/errors.js';
import { interactionCookieName } from '../domain/interaction.js';
import { refreshCookie, StrictCookie } from './cookies.js';
import type { AnswerRequest, AnswerResponse, InteractionId } from './interaction.dto.js';
import { interactionPage, interactionPolicy, type NamedIssuer, noInteractionPage } from './oidc-pages.js';
import { assertOwnOrigin } from './own-origin.js';
import type { SessionRules } from './signed-in.js';

const interactionCookie = new StrictCookie(interactionCookieName, '/api/auth/login/interactions');

@Route('api/auth/login/interactions')
@Tags('OpenID Connect')
export class InteractionsController extends Controller {
  constructor(
    private readonly interactions: AnswerInteractions,
    private readonly issuers: readonly NamedIssuer[],
    private readonly rules: SessionRules,
  ) {
    super();
  }

  /**
   * A page on which a user signs in, or allows or refuses what a client asks; a client leads them here.
   * @summary Look at what a client asks
   */
  @Get('{interactionId}')
  @NoSecurity()
  @Produces('text/html')
  @Response(404, "It was answered, has run out, or is another browser's")
  async show(@Path() interactionId: InteractionId, @Request() request: HttpRequest): Promise<void> {
    const res = request.res as NonNullable<HttpRequest['res']>;
    try {
      const asked = await this.interactions.read(visitOf(interactionId, request));
      sendPage(res, interactionPage(asked, this.issuers), interactionPolicy);
    } catch (error) {
      if (!(error instanceof NoSuchInteraction)) throw error;
      sendPage(res, noInteractionPage(), {}, 404);
    }
  }

  /**
   * Good for ten minutes, and in the browser that the client has sent. Sign in first (`POST /api/auth/login`, or by passkey): what
   * the client is told of is the session that this browser has then. A client that wants a new sign-in has to be given one.
   * @summary Answer what a client asks
   */
  @Post('{interactionId}')
  @NoSecurity()
  @Response<Problem>(401, 'AUTH.SIGN_IN_NEEDED or AUTH.SECOND_FACTOR_NEEDED')
  @Response<Problem>(403, 'AUTH.FOREIGN_ORIGIN')
  @Response<Problem>(404, 'AUTH.NO_SUCH_INTERACTION')
  async answer(
    @Path() interactionId: InteractionId,
    @Body() body: AnswerRequest,
    @Request() request: HttpRequest,
  ): Promise<AnswerResponse> {
    assertOwnOrigin(request, this.rules.origins);
    this.setHeader('Cache-Control', 'no-store');
    return { continueAt: await this.continueAt(body.answer, visitOf(interactionId, request)) };
  }

  private continueAt(answer: AnswerRequest['answer'], visit: Visit): Promise<string | undefined> {
    switch (answer) {
      case 'sign-in':
        return this.interactions.signIn(visit);
      case 'go-on':
        return this.interactions.goOn(visit);
      case 'allow':
        return this.interactions.allow(visit);
      case 'refuse':
        return this.interactions.refuse(visit);
    }
  }
}

const visitOf = (interactionId: string, request: HttpRequest): Visit => ({
  interactionId,
  shownId: interactionCookie.read(request),
  held: refreshCookie.read(request),
});
