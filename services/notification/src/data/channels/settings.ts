import { secretWithOlder } from '@cabinet/kit/config';
import { z } from 'zod';
import { readMailAddress } from '../../domain/channels/mail-address.js';
import { senderProblem } from '../../domain/channels/mobile-number.js';
import { isVapidSubject } from './push/vapid.js';

const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((each) => each.trim() || []));

const mailbox = z.string().transform((text, context) => {
  const [, name = '', address = text] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(text) ?? [];
  const read = readMailAddress(address.trim());
  if (!('fault' in read)) return { name, address: read };
  context.addIssue({ code: 'custom', message: 'must be an address, or `Name <address>`' });
  return z.NEVER;
});

/** The variables of the channels; a service adds them to its own. A channel of which nothing is said is not there. */
export const channelEnvironment = {
  /** The relay that takes our mail. */
  SMTP_HOST: z.string().min(1).optional(),
  SMTP_PORT: z.coerce.number().int().min(1).max(65_535).default(587),
  /** `tls` from the first byte on (port 465), `starttls` (587), or `none` for a relay on this machine. */
  SMTP_SECURITY: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  SMTP_USER: z.string().min(1).optional(),
  SMTP_PASSWORD: z.string().min(1).optional(),
  /** Connections to the relay at once. */
  SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(50).default(5),
  /** Whom mails are from: `Cabinet Bernard <rendez-vous@cabinet-bernard.example>`. */
  MAIL_FROM: mailbox.default(() => demonstrationSender()),
  /** Where reports of what could not be delivered come to; by default to whom mails are from. */
  MAIL_BOUNCES: mailbox.optional(),
  /** Providers in the order of preference: `twilio`, `ovhcloud`; `log` in a demonstration. */
  SMS_PROVIDERS: list.pipe(z.array(z.enum(['twilio', 'ovhcloud', 'log']))),
  /** A name of three to eleven letters, a short number 38xxx, or a Twilio messaging service. */
  SMS_SENDER: z
    .string()
    .refine(
      (sender) => !senderProblem(sender),
      'must be a name of three to eleven letters and digits, or no mobile number',
    )
    .default('Cabinet'),
  SMS_PARTS_MAX: z.coerce.number().int().min(1).max(10).default(4),
  /** Makes the address that receipts come to known to nobody else, where a provider signs none. */
  SMS_RECEIPTS_SECRET: secretWithOlder.optional(),
  TWILIO_URL: z.url().default('https://api.twilio.com'),
  TWILIO_ACCOUNT_SID: z.string().min(1).optional(),
  /** `<token>`, or `<new>|<old>` while one replaces the other. */
  TWILIO_AUTH_TOKEN: z
    .string()
    .transform((text) => text.split('|') as [string, ...string[]])
    .optional(),
  OVH_URL: z.url().default('https://eu.api.ovh.com/1.0'),
  OVH_APPLICATION_KEY: z.string().min(1).optional(),
  OVH_APPLICATION_SECRET: z.string().min(1).optional(),
  OVH_CONSUMER_KEY: z.string().min(1).optional(),
  OVH_SMS_SERVICE: z.string().min(1).optional(),
  /** The key pair by which push services know us follows from it; the old one signs for browsers that subscribed with it. */
  PUSH_SECRET: secretWithOlder.optional(),
  /** Whom push services turn to: `mailto:` or https. Without it nothing is pushed. */
  PUSH_SUBJECT: z.string().refine(isVapidSubject, 'must be `mailto:` and an address, or https').optional(),
  /** Hosts of webhooks and push services, with a port or without, that may have private addresses and do without TLS. */
  OUTBOUND_PRIVATE_HOSTS: list,
  /** None but these are written to: addresses, `@domain`, numbers; `*` is everybody. Empty: everybody, in production. */
  MESSAGE_GUESTS: list,
  /** For one try at one provider. */
  OUTBOUND_TIMEOUT_SECONDS: z.coerce.number().min(0.1).max(120).default(15),
};

function demonstrationSender() {
  const address = readMailAddress('no-reply@cabinet.test');
  if ('fault' in address) throw new Error('the sender of the demonstration is none');
  return { name: 'Cabinet', address };
}

const channelConfig = z.object(channelEnvironment);
export type ChannelConfig = z.infer<typeof channelConfig>;

/** What no variable can be blamed for alone; one line each. */
export function channelProblems(config: ChannelConfig & { CABINET_MODE: 'demonstration' | 'production' }): string[] {
  const problems: string[] = [];
  const isProduction = config.CABINET_MODE === 'production';
  const needs = (what: string, ...names: (keyof ChannelConfig)[]) => {
    for (const name of names) if (!config[name]) problems.push(`${name}: is needed for ${what}`);
  };
  if (config.SMTP_USER && !config.SMTP_PASSWORD) problems.push('SMTP_PASSWORD: is needed with SMTP_USER');
  const isHere = ['127.0.0.1', '::1', 'localhost'].includes(config.SMTP_HOST ?? '127.0.0.1');
  if (isProduction && config.SMTP_SECURITY === 'none' && !isHere) {
    problems.push('SMTP_SECURITY: mails would go over the network unencrypted: must be tls or starttls');
  }
  if (isProduction && config.SMTP_HOST && config.MAIL_FROM.address.domain.endsWith('.test')) {
    problems.push('MAIL_FROM: is needed in production, with an address of the practice');
  }
  const isReal = !isHere || config.SMS_PROVIDERS.some((name) => name !== 'log');
  if (!isProduction && isReal && config.MESSAGE_GUESTS.length === 0) {
    problems.push('MESSAGE_GUESTS: is needed outside production: the addresses and numbers that may be written to');
  }
  if (config.SMS_PROVIDERS.includes('twilio')) needs('twilio', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN');
  if (config.SMS_PROVIDERS.includes('ovhcloud')) {
    needs('ovhcloud', 'OVH_APPLICATION_KEY', 'OVH_APPLICATION_SECRET', 'OVH_CONSUMER_KEY', 'OVH_SMS_SERVICE');
  }
  if (isProduction && config.SMS_PROVIDERS.includes('log')) problems.push('SMS_PROVIDERS: `log` sends nothing');
  if (config.PUSH_SUBJECT) needs('PUSH_SUBJECT', 'PUSH_SECRET');
  return problems;
}
