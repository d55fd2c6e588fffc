import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import {
  Body,
  Controller,
  Extension,
  Get,
  Path,
  Post,
  Request,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { AnswerQuestions } from '../domain/answer-questions.js';
import type { Uuid } from './common.dto.js';
import { type QuestionAnswerRequest, type QuestionList, toQuestionResponse } from './question.dto.js';

const atOnce = 200;

@Route('api/alert-questions')
@Tags('Alert questions')
export class QuestionsController extends Controller {
  constructor(private readonly questions: AnswerQuestions) {
    super();
  }

  /**
   * Readings of a doubtful owner, with an impossible value, another unit or a wrong clock ring nobody: one question for all of a kind,
   * the oldest first, 200 at most.
   * @summary List readings that somebody has to confirm
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'alertQuestion', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  async list(@Request() request: AuthenticatedRequest): Promise<QuestionList> {
    return { items: (await this.questions.list(atOnce, request.user)).map(toQuestionResponse) };
  }

  /**
   * Again it changes nothing. The readings ring nobody whatever is answered: what is right is sent in anew.
   * @summary Say what a reading is
   */
  @Post('{id}/answer')
  @Security('bearer')
  @Extension('x-access', { resource: 'alertQuestion', action: 'answer', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Answered')
  async answer(
    @Path() id: Uuid,
    @Body() body: QuestionAnswerRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<void> {
    await this.questions.answer(id, body.answer, request.user);
    this.setStatus(204);
  }
}
