import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { invalidField } from '@cabinet/kit/errors';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink, toPage } from '@cabinet/service/http/pages';
import {
  Body,
  Controller,
  Extension,
  Get,
  Path,
  Post,
  Queries,
  Request,
  Response,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { BreakGlass } from '../domain/break-glass.js';
import type { Uuid } from './common.dto.js';
import type { EmergencyAccessPage, EmergencyAccessResponse, VerdictRequest } from './emergency.dto.js';
import type { EmergencyResponses } from './emergency-responses.js';

export interface ReviewQuery {
  /** True: those that nobody has judged. Others are not listed. */
  unreviewed: boolean;
  /**
   * Of how many patients at most, 100 when left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  limit?: number;
  /** @maxLength 1000 */
  cursor?: string;
}

const byDue = new Cursors('emergency-accesses', z.tuple([keyPart.time, keyPart.id]));

@Route('api/records')
@Tags('Access to records')
export class ReviewsController extends Controller {
  constructor(
    private readonly breakGlass: BreakGlass,
    private readonly responses: EmergencyResponses,
  ) {
    super();
  }

  /**
   * Those of all patients whose verdict is due first before others, without the reviewer's own. What nobody has judged for seven days says `escalated`.
   * @summary List emergency accesses to review
   */
  @Get('emergency-accesses')
  @Security('bearer')
  @Extension('x-access', { resource: 'emergencyAccess', action: 'review', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  async unreviewed(
    @Queries() query: ReviewQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<EmergencyAccessPage> {
    if (!query.unreviewed) throw invalidField('unreviewed', 'NOT_SUPPORTED', 'must be true: others are not listed');
    const cursors = byDue.under(query);
    const last = cursors.read(query.cursor);
    const limit = query.limit ?? 100;
    const after = last && { due: new Date(last[0]), patientId: last[1] };
    const page = toPage(await this.breakGlass.unreviewed({ after, limit: limit + 1 }, request.user), limit);
    const nextCursor = cursors.next(page, ({ of }) => [of.due.getTime(), of.patientId]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.flatMap(({ items }) => items.map(this.responses.of)), nextCursor };
  }

  /**
   * Whoever opened the record never judges that, nor does a guardian of the patient. A verdict stays as it is.
   * @summary Judge an emergency access
   */
  @Post('{patientId}/emergency-accesses/{accessId}/verdict')
  @Security('bearer')
  @Extension('x-access', { resource: 'emergencyAccess', action: 'judge', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.patientId'])
  @Response<Problem>(403, 'RECORD.OWN_EMERGENCY')
  @Response<Problem>(404, 'RECORD.NO_SUCH_EMERGENCY')
  @Response<Problem>(409, 'RECORD.ALREADY_JUDGED')
  async judge(
    @Path() patientId: Uuid,
    @Path() accessId: Uuid,
    @Body() body: VerdictRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<EmergencyAccessResponse> {
    return this.responses.of(await this.breakGlass.judge(patientId, accessId, body, request.user));
  }
}
