import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Witness } from '@cabinet/service/audit/witness';
import { Body, Controller, Extension, Post, Request, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { AuditHeads } from './audit-head.dto.js';

@Route('api/auth/audit-heads')
@Tags('Audit')
export class AuditHeadsController extends Controller {
  constructor(private readonly witness: Witness) {
    super();
  }

  /**
   * A service tells the last event of its audit trail, which is noted in this one, and is told the last event of this one to
   * note it in its own. So whoever rewrites a trail or cuts off its end contradicts another.
   * @summary Exchange the heads of audit trails
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'auditHeads', action: 'exchange', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @SuccessResponse(200, 'Noted')
  async exchange(@Body() body: AuditHeads, @Request() request: AuthenticatedRequest): Promise<AuditHeads> {
    return { head: await this.witness.exchange(body.head, request.user) };
  }
}
