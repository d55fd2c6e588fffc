import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Example,
  Extension,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { AskForMessage } from '../domain/decisions/ask-for-message.js';
import { askedFor } from './examples.js';
import { type NotifyRequest, type NotifyResponse, toNotificationResponse } from './notification.dto.js';

@Route('api/notify')
@Tags('Notifications')
export class NotifyController extends Controller {
  constructor(private readonly asking: AskForMessage) {
    super();
  }

  /**
   * For the practice and its services. A template and ids, never a text: what is medical stays in the portal. With an
   * `Idempotency-Key` a repeat gives the first answer again.
   * @summary Ask for a message to patients
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'notification', action: 'ask', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientIds', 'answer.items.patientId'])
  @SuccessResponse(202, 'Decided')
  @Response<Problem>(503, 'The patient service cannot be asked; nothing was decided')
  @Example<NotifyResponse>({ items: [askedFor] })
  async ask(@Body() body: NotifyRequest, @Request() request: AuthenticatedRequest): Promise<NotifyResponse> {
    const decisions = await this.asking.ask(body, request.user);
    this.setStatus(202);
    return { items: decisions.map((each) => toNotificationResponse(each)) };
  }
}
