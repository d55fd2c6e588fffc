import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Controller,
  Example,
  Extension,
  Get,
  Path,
  Post,
  Queries,
  Request,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { FindErasures } from '../domain/find-erasures.js';
import { type ErasurePage, type ErasureResponse, toErasureResponse } from './erasure.dto.js';
import { anErasure } from './examples.js';
import type { Uuid } from './patient.dto.js';

interface UnfinishedQuery {
  /**
   * Items on a page; 20 when it is left out.
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

const byAge = new Cursors('erasures', z.tuple([keyPart.time, keyPart.id]));

@Route('api/patients')
@Tags('Data rights')
export class ErasuresController extends Controller {
  constructor(
    private readonly erasures: FindErasures,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * The oldest first, each with the services that have not said yet what they did with the data: one that is away does when it is
   * back.
   * @summary List erasures of which a receipt is missing
   */
  @Get('erasures/unfinished')
  @Security('bearer')
  @Extension('x-access', { resource: 'patientErasure', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['answer.items.patientId'])
  @Example<ErasurePage>({ items: [anErasure] })
  async unfinished(@Queries() query: UnfinishedQuery, @Request() request: AuthenticatedRequest): Promise<ErasurePage> {
    const cursors = byAge.under(query);
    const page = await this.erasures.unfinished(query.limit ?? 20, cursors.read(query.cursor));
    const nextCursor = cursors.next(page, ({ erasure }) => [erasure.erasedAt.getTime(), erasure.patientId]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map((each) => toErasureResponse(each, this.clock.now())), nextCursor };
  }

  /**
   * What each service did with what it had of a patient who was erased: `erased`, `anonymised` (only the bare id is left), or
   * `kept`, with the rule and until when. Of one who was not: whether a legal hold stands in the way.
   * @summary Tell what became of the data of a patient who was erased
   */
  @Get('{id}/erasure')
  @Security('bearer')
  @Extension('x-access', { resource: 'patientErasure', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @Example<ErasureResponse>(anErasure)
  async get(@Path() id: Uuid): Promise<ErasureResponse> {
    return toErasureResponse(await this.erasures.get(id), this.clock.now());
  }

  /**
   * Tells every service once more that the patient was erased. One that is away needs no such request; it is for what was lost: an
   * event that somebody dropped as a dead letter. A receipt that is there stays as it is.
   * @summary Ask again for the receipts that are missing
   */
  @Post('{id}/erasure/ask-again')
  @Security('bearer')
  @Extension('x-access', { resource: 'patientErasure', action: 'askAgain', channel: 'rest' })
  @Extension('x-audit-subjects', ['path.id'])
  @SuccessResponse(200, 'Asked, where a receipt is missing')
  @Example<ErasureResponse>(anErasure)
  async askAgain(@Path() id: Uuid): Promise<ErasureResponse> {
    return toErasureResponse(await this.erasures.askAgain(id), this.clock.now());
  }
}
