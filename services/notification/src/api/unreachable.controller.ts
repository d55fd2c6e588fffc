import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
import {
  Controller,
  Delete,
  Example,
  Extension,
  Get,
  Path,
  Queries,
  Request,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { z } from 'zod';
import type { KeepUnreachable } from '../domain/channels/unreachable.js';
import type { Uuid } from './common.dto.js';
import { unreachable } from './examples.js';
import { toUnreachableResponse, type UnreachableAddressList } from './unreachable.dto.js';

interface UnreachableQuery {
  /** Whose; left out, all of them. */
  patientId?: Uuid;
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

const newestFirst = new Cursors('unreachable-addresses', z.tuple([keyPart.time, keyPart.id]));

@Route('api/unreachable-addresses')
@Tags('Unreachable addresses')
export class UnreachableController extends Controller {
  constructor(private readonly unreachable: KeepUnreachable) {
    super();
  }

  /**
   * Addresses and numbers that came back as refused for good, or where a mail was called unwanted; what was told last comes first.
   * Another address of the patient is written to as soon as their record has one.
   * @summary List whose addresses are of no use
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'unreachableAddress', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  @Example<UnreachableAddressList>({ items: [unreachable] })
  async list(
    @Queries() query: UnreachableQuery,
    @Request() request: AuthenticatedRequest,
  ): Promise<UnreachableAddressList> {
    const cursors = newestFirst.under(query);
    const { patientId, limit = 50 } = query;
    const page = await this.unreachable.list(patientId, { limit, after: cursors.read(query.cursor) });
    const nextCursor = cursors.next(page, ({ since, id }) => [since.getTime(), id]);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(toUnreachableResponse), nextCursor };
  }

  /**
   * It is written to again.
   * @summary Say that an address works
   */
  @Delete('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'unreachableAddress', action: 'clear', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @SuccessResponse(204, 'Written to again')
  clear(@Path() id: Uuid): Promise<void> {
    return this.unreachable.clear(id);
  }
}
