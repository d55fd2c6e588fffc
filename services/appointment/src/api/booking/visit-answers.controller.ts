import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { invalidField } from '@cabinet/kit/errors';
import { etagOf } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Query,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { AnswerVisit, VisitAnswer } from '../../domain/booking/answer-visit.js';
import type { Appointment } from '../../domain/booking/appointment.js';
import { inZone } from '../../domain/time/time.js';
import type { Uuid } from '../common.dto.js';
import { referenceTo } from '../reference.js';
import type { VisitAnswered, VisitAnswerRequest, VisitAnswersPossible } from './visit-answer.dto.js';

/** For the service whose messages have links that act: patients do not sign in for these. */
@Route('api/appointments/answers')
@Tags('Appointments')
export class VisitAnswersController extends Controller {
  constructor(private readonly answers: AnswerVisit) {
    super();
  }

  /**
   * Asked by the service that shows a link's page; not for people.
   * @summary Tell what a patient may say of a visit, and until when
   */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'visitAnswer', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(404, 'APPOINTMENT.NOT_FOUND')
  async possible(@Path() id: Uuid, @Query() otherTimesFor?: VisitAnswerRequest['as']): Promise<VisitAnswersPossible> {
    const { appointment, cancelUntil, moveUntil, lateFrom } = await this.answers.possible(id);
    const { zone, acceptedAt } = appointment;
    const slots = otherTimesFor ? await this.answers.otherTimes(id, otherTimesFor) : undefined;
    return {
      ...toAnswered(appointment),
      cancelUntil: inZone(cancelUntil, zone),
      moveUntil: inZone(moveUntil, zone),
      lateFrom: inZone(lateFrom, zone),
      acceptedAt: acceptedAt && inZone(acceptedAt, zone),
      otherTimes: slots?.map((slot) => inZone(slot.start, slot.zone)),
    };
  }

  /**
   * Asked by the service that sent the link, in the name of whom it was sent to; not for people. The rules are those for patients.
   * @summary Take what a patient says of a visit by a link
   */
  @Post('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'visitAnswer', action: 'give', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(404, 'There is no such appointment, or it is not, or no longer, for them')
  @Response<Problem>(409, 'It is too late or too early for it, the new slot has been taken, or the visit has ended')
  @Response<Problem>(412, 'The visit was changed since it was read')
  async answer(
    @Path() id: Uuid,
    @Body() body: VisitAnswerRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<VisitAnswered> {
    const answered = await this.answers.answer(referenceTo(id, ifMatch), toAnswer(body), request.user);
    this.setHeader('ETag', etagOf(answered.version));
    return toAnswered(answered);
  }
}

/** @throws InvalidInput (422) for what is left out, or does not belong to it */
function toAnswer({ by, as, says, minutes, start }: VisitAnswerRequest): VisitAnswer {
  const its = { by: by.toLowerCase(), as };
  if (minutes !== undefined && says !== 'delay') throw invalidField('minutes', 'NOT_ALLOWED', 'is of a delay');
  if (start !== undefined && says !== 'move') throw invalidField('start', 'NOT_ALLOWED', 'is of a move');
  switch (says) {
    case 'delay':
      if (minutes === undefined) throw invalidField('minutes', 'REQUIRED', 'is required of a delay');
      return { ...its, says, minutes };
    case 'move':
      if (start === undefined) throw invalidField('start', 'REQUIRED', 'is required of a move');
      return { ...its, says, start };
    default:
      return { ...its, says };
  }
}

const toAnswered = ({ id, version, status, start, zone }: Appointment): VisitAnswered => ({
  ...{ id, version, status, zone },
  start: inZone(start, zone),
});
