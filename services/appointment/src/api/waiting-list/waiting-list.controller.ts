import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import { Cursors, keyPart, nextLink } from '@cabinet/service/http/pages';
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
import type { ChangeWaiting } from '../../domain/waiting-list/change-waiting.js';
import type { FindWaiting, WaitingState } from '../../domain/waiting-list/find-waiting.js';
import type { JoinWaitingList } from '../../domain/waiting-list/join-waiting-list.js';
import { type PlaceInLine, priorities, type Waiting, type WaitingStatus } from '../../domain/waiting-list/waiting.js';
import type { KeepRequest } from '../booking/appointment.dto.js';
import type { Uuid } from '../common.dto.js';
import { referenceTo } from '../reference.js';
import {
  toWaitingDetails,
  toWaitingResponse,
  type WaitingDetails,
  type WaitingPage,
  type WaitingRequestDto,
} from './waiting-list.dto.js';

interface WaitingQuery {
  patientId?: Uuid;
  /** Who wait for this practitioner, perhaps among others. */
  practitionerId?: Uuid;
  status?: WaitingStatus;
  /**
   * 50 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  limit?: number;
  /** @maxLength 1000 */
  cursor?: string;
}

const byPlace = new Cursors('waiting-list', z.tuple([keyPart.count, keyPart.count, keyPart.time, keyPart.id]));

@Route('api/waiting-list')
@Tags('Waiting list')
export class WaitingListController extends Controller {
  constructor(
    private readonly find: FindWaiting,
    private readonly list: JoinWaitingList,
    private readonly change: ChangeWaiting,
  ) {
    super();
  }

  /**
   * Whatever frees a slot that suits, it is offered to one patient at a time, by priority and then in order of coming, and kept
   * for them for an hour in which quiet hours (21:00 to 08:00 at the place) do not count. Nobody is offered a slot twice. Who
   * refuses keeps their place; who does not answer goes behind those of the same priority who have let fewer offers lapse.
   * @summary Wait for an appointment
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'waiting', action: 'join', channel: 'rest' })
  @Extension('x-audit-subjects', ['body.patientId'])
  @SuccessResponse(201, 'On the list')
  @Response<Problem>(409, 'The patient waits for this already')
  @Response<Problem>(429, 'The patient waits for as much as one may')
  @Example<WaitingDetails>({
    id: '019a8f3e-8888-7c55-9b1c-3f1b8f5f2d11',
    version: 1,
    status: 'waitlist',
    patientId: '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11',
    wants: [
      {
        practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
        appointmentTypeId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
      },
    ],
    fromDate: '2026-11-23',
    untilDate: '2026-12-18',
    times: [{ daysOfWeek: ['mon', 'thu'], startTime: '14:00', endTime: '18:00' }],
    noticeMinutes: 120,
    priority: 'routine',
    lapses: 0,
    createdAt: '2026-11-20T16:02:11Z',
    offers: [],
  })
  async join(@Body() body: WaitingRequestDto, @Request() request: AuthenticatedRequest): Promise<WaitingDetails> {
    const { times = [], noticeMinutes = 120, priority = 'routine', ...wanted } = body;
    const state = await this.list.join({ ...wanted, times, noticeMinutes, priority }, request.user);
    this.setStatus(201);
    this.setHeader('Location', `/api/waiting-list/${state.waiting.id}`);
    return this.answer(state, request);
  }

  /**
   * In the order in which they are offered what is free. Patients see their own entries, guardians and carers by `patientId` those of
   * whom they act for, practitioners those for them, secretaries all.
   * @summary List who waits
   */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'waiting', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', ['query.patientId', 'answer.items.patientId'])
  async all(@Queries() query: WaitingQuery, @Request() request: AuthenticatedRequest): Promise<WaitingPage> {
    const limit = query.limit ?? 50;
    const { patientId, practitionerId, status } = query;
    const filter = { patientId, practitionerId, status };
    const cursors = byPlace.under(query);
    const page = await this.find.list(filter, { limit, after: cursors.read(query.cursor) }, request.user);
    const nextCursor = cursors.next(page, keyOf);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map((each) => toWaitingResponse(each, request.user)), nextCursor };
  }

  /**
   * With all that was offered, and to staff who was passed over each time, and why.
   * @summary Read one entry of the waiting list
   */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'waiting', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  async get(@Path() id: Uuid, @Request() request: AuthenticatedRequest): Promise<WaitingDetails> {
    return this.answer(await this.find.get({ id }, request.user), request);
  }

  /**
   * Books what is offered; the appointment that it was to replace is cancelled in the same step. Send the ETag of the entry (`"v…"` of its
   * `version`) as it was shown with the offer as `If-Match`: an offer ends, and the next may come while somebody looks at the first.
   * @summary Accept an offer
   */
  @Post('{id}/accept')
  @Security('bearer')
  @Extension('x-access', { resource: 'waiting', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(
    403,
    'The caller may not change what is offered, or not cancel what it replaces; nothing was booked',
  )
  @Response<Problem>(409, 'There is no offer, or no longer; nothing was booked')
  @Response<Problem>(412, 'The entry has changed since it was read: another slot may be offered; nothing was booked')
  @Response<Problem>(428, 'If-Match is missing')
  async accept(
    @Path() id: Uuid,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<WaitingDetails> {
    return this.answer(await this.change.accept({ id, version: versionFromIfMatch(ifMatch) }, request.user), request);
  }

  /**
   * The slot goes to the next on the list; this patient keeps their place. Nobody is offered a slot again that they refused, so send the ETag of
   * the entry (`"v…"` of its `version`) as it was shown with the offer as `If-Match`.
   * @summary Refuse an offer
   */
  @Post('{id}/refuse')
  @Security('bearer')
  @Extension('x-access', { resource: 'waiting', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(403, 'The offer is in the agenda of another practitioner')
  @Response<Problem>(409, 'There is no offer, or no longer')
  @Response<Problem>(412, 'The entry has changed since it was read: another slot may be offered; nothing was refused')
  @Response<Problem>(428, 'If-Match is missing')
  async refuse(
    @Path() id: Uuid,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<WaitingDetails> {
    return this.answer(await this.change.refuse({ id, version: versionFromIfMatch(ifMatch) }, request.user), request);
  }

  /**
   * Takes the patient off the list; what they are offered goes to the next.
   * @summary Wait no longer
   */
  @Post('{id}/withdraw')
  @Security('bearer')
  @Extension('x-access', { resource: 'waiting', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(403, 'What they are offered is in the agenda of another practitioner')
  @Response<Problem>(409, 'The entry has left the list, or was changed at the same moment')
  @Response<Problem>(412, 'The entry has changed since it was read, or has left the list')
  async withdraw(
    @Path() id: Uuid,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<WaitingDetails> {
    return this.answer(await this.change.withdraw(referenceTo(id, ifMatch), request.user), request);
  }

  /**
   * With all that was offered, and what is offered from then on.
   * @summary Keep an entry of the waiting list from the guardians of its patient, or no longer
   */
  @Post('{id}/keep-from-guardians')
  @Security('bearer')
  @Extension('x-access', { resource: 'waiting', action: 'keep', channel: 'rest' })
  @Extension('x-audit-subjects', 'noted')
  @Response<Problem>(412, 'The entry, or what is offered, has changed since it was read')
  @Example<WaitingDetails>({
    id: '019a8f3e-8888-7c55-9b1c-3f1b8f5f2d11',
    version: 2,
    status: 'waitlist',
    patientId: '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11',
    wants: [
      {
        practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
        appointmentTypeId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
      },
    ],
    fromDate: '2026-11-23',
    untilDate: '2026-12-18',
    times: [{ daysOfWeek: ['mon', 'thu'], startTime: '14:00', endTime: '18:00' }],
    noticeMinutes: 120,
    priority: 'routine',
    lapses: 0,
    keptFromGuardians: true,
    createdAt: '2026-11-20T16:02:11Z',
    offers: [],
  })
  async keepFromGuardians(
    @Path() id: Uuid,
    @Body() body: KeepRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<WaitingDetails> {
    return this.answer(await this.change.keep(referenceTo(id, ifMatch), body.keptFromGuardians, request.user), request);
  }

  private answer(state: WaitingState, { user }: AuthenticatedRequest): WaitingDetails {
    this.setHeader('ETag', etagOf(state.waiting.version));
    return toWaitingDetails(state, user);
  }
}

export const keyOf = ({ priority, lapses, createdAt, id }: Waiting): PlaceInLine => [
  priorities.indexOf(priority),
  lapses,
  createdAt.getTime(),
  id,
];
