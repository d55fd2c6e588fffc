import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import { readWrittenTime } from '@cabinet/service/written-time';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Queries,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { ReviewAccesses } from '../domain/review-accesses.js';
import type { WatchAccesses } from '../domain/watch-accesses.js';
import { anUnusualAccess } from './examples.js';
import type { Uuid } from './patient.dto.js';
import {
  type AccessVerdictRequest,
  type TakenAccessesResponse,
  type ToldAccessesRequest,
  toUnusualAccessResponse,
  type UnusualAccessPage,
  type UnusualAccessResponse,
} from './unusual-access.dto.js';

interface UnreviewedQuery {
  /** True: those that nobody has judged. Others are not listed. */
  unreviewed: boolean;
  /**
   * Items on a page; 50 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  limit?: number;
  /**
   * `nextCursor` of the page before.
   * @maxLength 1000
   */
  cursor?: string;
}

/** Whose look it is that they read and judge is in their lines of the trail. */
export const reviewingActions = [
  'GET /api/patients/unusual-accesses',
  'POST /api/patients/unusual-accesses/:accessId/verdict',
];

const byDue = new Cursors('unusual-accesses', z.tuple([keyPart.time, keyPart.id]));

@Route('api/patients')
@Tags('Review of accesses')
export class UnusualAccessesController extends Controller {
  constructor(
    private readonly watch: WatchAccesses,
    private readonly review: ReviewAccesses,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * What people of the practice saw that is unusual: of a colleague, a namesake, a neighbour, somebody of public interest, outside the
   * hours of the practice, or of many patients within an hour. What weighs much is listed always, the rest by a sample that nobody
   * chooses. Whose verdict is due first comes first; what nobody has judged for seven days says `escalated`. Nobody sees what they did
   * themselves, or what was seen of them or of a minor whose guardian they are.
   * @summary List unusual accesses to review
   */
  @Get('unusual-accesses')
  @Security('bearer')
  @Extension('x-access', { resource: 'unusualAccess', action: 'review', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  @Example<UnusualAccessPage>({ items: [anUnusualAccess] })
  async unreviewed(
    @Queries() query: UnreviewedQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<UnusualAccessPage> {
    if (!query.unreviewed) throw invalidField('unreviewed', 'NOT_SUPPORTED', 'must be true: others are not listed');
    const cursors = byDue.under(query);
    const page = await this.review.unreviewed(query.limit ?? 50, cursors.read(query.cursor), request.user);
    const nextCursor = cursors.next(page, ({ dueAt, id }) => [dueAt.getTime(), id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map((each) => toUnusualAccessResponse(each, this.clock.now())), nextCursor };
  }

  /**
   * Whoever looked never judges that, nor does whom it is about, or their guardian. A verdict is of what its reviewer has seen: `If-Match` says which
   * version (3 is `"v3"`), and it is refused when more was found since. It stays as it is, and what is clearly more on the same day
   * (another reason, or more than twice as many patients) is listed anew.
   * @summary Judge an unusual access
   */
  @Post('unusual-accesses/{accessId}/verdict')
  @Security('bearer')
  @Extension('x-access', { resource: 'unusualAccess', action: 'judge', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Judged')
  @Response<Problem>(403, 'PATIENT.OWN_ACCESS')
  @Response<Problem>(404, 'PATIENT.NO_SUCH_UNUSUAL_ACCESS')
  @Response<Problem>(409, 'PATIENT.ACCESS_JUDGED_ALREADY')
  @Example<UnusualAccessResponse>(anUnusualAccess)
  async judge(
    @Path() accessId: Uuid,
    @Body() body: AccessVerdictRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<UnusualAccessResponse> {
    const which = { id: accessId, version: versionFromIfMatch(ifMatch) };
    const judged = await this.review.judge(which, body, request.user);
    this.setHeader('ETag', etagOf(judged.version));
    return toUnusualAccessResponse(judged, this.clock.now());
  }

  /**
   * A service tells the next part of its audit trail, as far as people of the practice are in it. What does not follow what was taken
   * before is not taken, and the answer says where to go on. A part of nothing only asks, unless `isAll` says that nothing more stands
   * there. One whose `until` lies before `after` says that the trail was cut, and what follows is told anew.
   * @summary Tell who of the practice saw whose data
   */
  @Post('accesses')
  @Security('bearer')
  @Extension('x-access', { resource: 'accesses', action: 'tell', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Taken, or where to go on')
  @Example<TakenAccessesResponse>({ after: 4711, lookedAt: '2026-11-23T08:30:20.000Z' })
  async tell(
    @Body() body: ToldAccessesRequest,
    @Request() request: AuthenticatedRequest,
  ): Promise<TakenAccessesResponse> {
    const accesses = body.accesses.map((each, nth) => ({
      ...each,
      at: new Date(readWrittenTime(each.at, `accesses[${nth}].at`).ms),
    }));
    const { lookedAt, ...taken } = await this.watch.take({ ...body, accesses }, request.user);
    return { ...taken, lookedAt: lookedAt.toISOString() };
  }
}
