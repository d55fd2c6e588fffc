import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Controller,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Put,
  Query,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { KeepResources } from '../../domain/schedule/keep-resources.js';
import type { Resource } from '../../domain/schedule/resource.js';
import type { Uuid } from '../common.dto.js';
import {
  type ResourceList,
  type ResourceReplacement,
  type ResourceRequest,
  type ResourceResponse,
  toResourceResponse,
} from './resource.dto.js';

@Route('api/resources')
@Tags('Rooms and devices')
export class ResourcesController extends Controller {
  constructor(private readonly resources: KeepResources) {
    super();
  }

  /** @summary List rooms and devices, in order of name */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'resource', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  async list(@Query() placeId?: Uuid): Promise<ResourceList> {
    return { items: (await this.resources.list(placeId)).map(toResourceResponse) };
  }

  /**
   * The rules of an appointment type say whether it is needed.
   * @summary Add a room or device
   */
  @Post()
  @Security('bearer')
  @Extension('x-access', { resource: 'resource', action: 'add', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @SuccessResponse(201, 'Added')
  async add(@Body() body: ResourceRequest): Promise<ResourceResponse> {
    const resource = await this.resources.add(body);
    this.setStatus(201);
    this.setHeader('Location', `/api/resources/${resource.id}`);
    return this.answer(resource);
  }

  /** @summary Read a room or device */
  @Get('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'resource', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  async get(@Path() id: Uuid): Promise<ResourceResponse> {
    return this.answer(await this.resources.get(id));
  }

  /** @summary Change a room or device, or take it out of use */
  @Put('{id}')
  @Security('bearer')
  @Extension('x-access', { resource: 'resource', action: 'change', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Response<Problem>(412, 'Somebody else changed it since it was read')
  @Response<Problem>(428, 'If-Match is missing')
  async replace(
    @Path() id: Uuid,
    @Body() body: ResourceReplacement,
    @Header('If-Match') ifMatch?: string,
  ): Promise<ResourceResponse> {
    return this.answer(await this.resources.replace(id, versionFromIfMatch(ifMatch), body));
  }

  private answer(resource: Resource): ResourceResponse {
    this.setHeader('ETag', etagOf(resource.version));
    return toResourceResponse(resource);
  }
}
