import type { Problem } from '@cabinet/kit/http/problem';
import {
  Body,
  Consumes,
  Controller,
  Example,
  Extension,
  Get,
  Header,
  NoSecurity,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Request as HttpRequest } from 'express';
import type { HearReceipts } from '../domain/channels/hear-receipts.js';
import type { ReceiptAddressList } from './receipt.dto.js';

/** What stands behind the question mark, as it was sent. */
const queryOf = ({ url }: HttpRequest): URLSearchParams => new URL(url, 'http://here').searchParams;

@Route('api/notifications/receipts')
@Tags('Receipts')
export class ReceiptsController extends Controller {
  constructor(private readonly receipts: HearReceipts) {
    super();
  }

  /**
   * For each provider from which receipts can be believed, as it is set up.
   * @summary List where providers tell what became of messages
   */
  @Get('addresses')
  @Security('bearer')
  @Extension('x-access', { resource: 'receiptAddress', action: 'read', channel: 'list' })
  @Extension('x-audit-subjects', [])
  @Example<ReceiptAddressList>({
    items: [{ provider: 'twilio', url: 'https://practice.example/api/notifications/receipts/twilio' }],
  })
  async addresses(): Promise<ReceiptAddressList> {
    this.setHeader('Cache-Control', 'no-store');
    return { items: this.receipts.addresses() };
  }

  /**
   * For Twilio alone, which signs what it sends. STOP written back ends all SMS to that number, START brings them back.
   * @summary Hear from Twilio what became of an SMS, or what was written back
   */
  @Post('twilio')
  @NoSecurity()
  @Extension('x-audit-subjects', 'noted')
  @Consumes('application/x-www-form-urlencoded')
  @SuccessResponse(204, 'Heard')
  @Response<Problem>(403, 'NOTIFICATION.NOT_FROM_PROVIDER')
  async twilio(
    @Body() body: string,
    @Request() request: HttpRequest,
    @Header('X-Twilio-Signature') signature?: string,
  ): Promise<void> {
    await this.receipts.hear('twilio', { query: queryOf(request), body, signature });
  }

  /**
   * For OVHcloud alone, which was given the address with its key.
   * @summary Hear from OVHcloud what became of an SMS
   */
  @Get('ovhcloud')
  @NoSecurity()
  @SuccessResponse(204, 'Heard')
  @Response<Problem>(403, 'NOTIFICATION.NOT_FROM_PROVIDER')
  async ovhcloud(@Request() request: HttpRequest): Promise<void> {
    await this.receipts.hear('ovhcloud', { query: queryOf(request), body: '' });
  }

  /**
   * The same where OVHcloud posts it.
   * @summary Hear from OVHcloud what became of an SMS, in a form
   */
  @Post('ovhcloud')
  @NoSecurity()
  @Consumes('application/x-www-form-urlencoded')
  @SuccessResponse(204, 'Heard')
  @Response<Problem>(403, 'NOTIFICATION.NOT_FROM_PROVIDER')
  async ovhcloudForm(@Body() body: string, @Request() request: HttpRequest): Promise<void> {
    await this.receipts.hear('ovhcloud', { query: queryOf(request), body });
  }

  /**
   * A report as it came to the mailbox for what could not be delivered (RFC 3464, 5965), at most 8 kB; for what hands it on, which was
   * given the address with its key.
   * @summary Hear from mail servers what became of a mail
   * @param body the report, each byte as one character
   */
  @Post('mail')
  @NoSecurity()
  @Consumes('message/rfc822')
  @SuccessResponse(204, 'Heard')
  @Response<Problem>(403, 'NOTIFICATION.NOT_FROM_PROVIDER')
  async mail(@Body() body: string, @Request() request: HttpRequest): Promise<void> {
    await this.receipts.hear('mail', { query: queryOf(request), body });
  }
}
