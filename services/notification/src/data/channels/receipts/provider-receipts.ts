import type { Arrived, Receipt, ReceiptProvider, ReceiptReader, Reply } from '../../../domain/channels/receipt.js';
import { NotFromProvider } from '../../../domain/errors.js';
import { readMailReport } from './mail-report.js';
import { readOvhCloudReceipt } from './ovhcloud-receipt.js';
import { cameToAddress, secretAddress, type WithoutSignature } from './secret-address.js';
import { isSignedByTwilio, readTwilioReceipt, readTwilioReply } from './twilio-receipt.js';

export interface ReceiptSettings {
  /** Where receipts come to, as it is given to a provider. */
  urlOf: (provider: ReceiptProvider) => string;
  /** The newest first; none where nothing is set up. */
  twilioTokens: readonly string[];
  secrets: readonly string[];
}

/** Twilio's receipts are known by its signature, all others by an address that only they were given. */
export class ProviderReceipts implements ReceiptReader {
  constructor(private readonly settings: ReceiptSettings) {}

  async read(provider: ReceiptProvider, arrived: Arrived): Promise<(Receipt | Reply)[]> {
    switch (provider) {
      case 'twilio':
        return this.ofTwilio(arrived);
      case 'ovhcloud': {
        this.assertCame(provider, arrived);
        const receipt = readOvhCloudReceipt(fieldsOf(arrived));
        return receipt ? [receipt] : [];
      }
      case 'mail':
        this.assertCame(provider, arrived);
        return readMailReport(Buffer.from(arrived.body, 'latin1'));
    }
  }

  addresses(): { provider: ReceiptProvider; url: string }[] {
    const { urlOf, twilioTokens, secrets } = this.settings;
    const [secret] = secrets;
    const secretly = (provider: WithoutSignature) =>
      secret ? [{ provider, url: secretAddress(urlOf(provider), secret, provider) }] : [];
    return [
      ...(twilioTokens.length > 0 ? [{ provider: 'twilio' as const, url: urlOf('twilio') }] : []),
      ...secretly('ovhcloud'),
      ...secretly('mail'),
    ];
  }

  private ofTwilio({ query, body, signature = '' }: Arrived): (Receipt | Reply)[] {
    const { urlOf, twilioTokens } = this.settings;
    // As it was given to Twilio, whatever stands between it and us.
    const url = new URL(urlOf('twilio'));
    for (const [name, value] of query) url.searchParams.append(name, value);
    const form = new URLSearchParams(body);
    if (!isSignedByTwilio(twilioTokens, url.href, form, signature)) throw new NotFromProvider();
    const read = readTwilioReceipt(url, form) ?? readTwilioReply(form);
    return read ? [read] : [];
  }

  private assertCame(provider: WithoutSignature, { query }: Arrived): void {
    if (!cameToAddress(this.settings.secrets, provider, query)) throw new NotFromProvider();
  }
}

/** In the address, or as a form: the provider's console lets one choose. */
function fieldsOf({ query, body }: Arrived): URLSearchParams {
  const fields = new URLSearchParams(body);
  for (const [name, value] of query) fields.set(name, value);
  return fields;
}
