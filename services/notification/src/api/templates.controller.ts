import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import {
  Body,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  Path,
  Post,
  Put,
  Request,
  Route,
  Security,
  Tags,
} from '@tsoa/runtime';
import type { KeepTemplates, TemplateHistory } from '../domain/templates/keep-templates.js';
import { preview, template, templateVersion, variable } from './examples.js';
import {
  type TemplateDetails,
  type TemplateList,
  type TemplatePreview,
  type TemplateRequest,
  toTemplateDetails,
  toTemplateResponse,
} from './template.dto.js';

/**
 * @maxLength 40
 * @example "reminder"
 */
type Name = string;

/**
 * `fr` or `en`.
 * @maxLength 10
 * @example "en"
 */
type LanguageName = string;

const details: TemplateDetails = {
  name: 'reminder',
  language: 'en',
  version: 'practice:1',
  subject: 'Appointment reminder – {{practice}}',
  text: 'Dear {{recipient}},\n\nThis is a reminder of {{yourVisit}}:\n{{visits}}\n\n{{practice}}',
  short: '{{practice}}: reminder, {{times}}. {{link}}',
  variables: [variable],
  file: template,
  versions: [templateVersion],
};

@Route('api/notification-templates')
@Tags('Notification templates')
export class TemplatesController extends Controller {
  constructor(private readonly templates: KeepTemplates) {
    super();
  }

  /** @summary List what messages say */
  @Get()
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationTemplate', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<TemplateList>({ items: [template] })
  async list(): Promise<TemplateList> {
    return { items: (await this.templates.list()).map(toTemplateResponse) };
  }

  /**
   * With what it may speak of, as it came with the platform, and as the practice set it.
   * @summary Read a template
   */
  @Get('{name}/{language}')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationTemplate', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<TemplateDetails>(details)
  async get(@Path() name: Name, @Path() language: LanguageName): Promise<TemplateDetails> {
    return this.answer(await this.templates.get(name, language));
  }

  /**
   * Unknown variables are refused, and texts that leave out what they are for.
   * @summary Set a template
   */
  @Put('{name}/{language}')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationTemplate', action: 'set', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<TemplateDetails>(details)
  async set(
    @Path() name: Name,
    @Path() language: LanguageName,
    @Body() body: TemplateRequest,
    @Request() request: AuthenticatedRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<TemplateDetails> {
    const expected = versionFromIfMatch(ifMatch);
    return this.answer(await this.templates.set([name, language], body, expected, request.user));
  }

  /** @summary See the template in force with sample data */
  @Get('{name}/{language}/preview')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationTemplate', action: 'read', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Example<TemplatePreview>(preview)
  async previewCurrent(@Path() name: Name, @Path() language: LanguageName): Promise<TemplatePreview> {
    return this.templates.preview(name, language);
  }

  /** @summary See a text that is not in force with sample data */
  @Post('{name}/{language}/preview')
  @Security('bearer')
  @Extension('x-access', { resource: 'notificationTemplate', action: 'preview', channel: 'rest' })
  @Extension('x-audit-subjects', [])
  @Extension('x-answer-kept', false)
  @Example<TemplatePreview>(preview)
  async preview(
    @Path() name: Name,
    @Path() language: LanguageName,
    @Body() body: TemplateRequest,
  ): Promise<TemplatePreview> {
    return this.templates.preview(name, language, body);
  }

  private answer(history: TemplateHistory): TemplateDetails {
    this.setHeader('ETag', etagOf(history.versions[0]?.nth ?? 0));
    return toTemplateDetails(history);
  }
}
