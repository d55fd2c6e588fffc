import type { Clock } from '@cabinet/kit/clock';
import type { Channel } from '../../domain/channel.js';
import type { PushSubscriptions, SubscribedBrowsers, WebhookEndpoints } from '../../domain/channels/ports.js';
import { SmtpChannel } from './email/smtp-channel.js';
import { SmtpConnections } from './email/smtp-connections.js';
import { Outbound } from './http/outbound.js';
import { LogChannel, type MessageLog } from './log-channel.js';
import { PushChannel } from './push/push-channel.js';
import { PushToAll } from './push/push-to-all.js';
import { vapidKeyFrom } from './push/vapid.js';
import type { ChannelConfig } from './settings.js';
import { OvhCloud } from './sms/ovhcloud.js';
import { SmsChannel, type SmsProvider } from './sms/sms-channel.js';
import { Twilio } from './sms/twilio.js';
import { WebhookChannel } from './webhook-channel.js';

export interface ChannelParts {
  config: ChannelConfig & { CABINET_MODE: 'demonstration' | 'production' };
  clock: Clock;
  log: MessageLog;
  subscriptions: PushSubscriptions & SubscribedBrowsers;
  endpoints: WebhookEndpoints;
  /** Where providers tell what became of a message, by their name; undefined where they cannot reach us. */
  receiptsUrl?: (provider: string) => string;
}

export interface Channels {
  /** To people; those of one channel in the order of preference. None of a channel of which the configuration says nothing. */
  toPeople: readonly Channel[];
  /** To programs of others. */
  webhook: Channel;
  /** What browsers subscribe with, newest first; empty where nothing is pushed. */
  pushKeys: readonly string[];
  /** Ends all connections. */
  close(): void;
}

/** For a day: what is older is no longer worth a sound. */
const pushTtlSeconds = 24 * 3_600;

/** The channels that the configuration has. What they are sent over closes with them. */
export function openChannels(parts: ChannelParts): Channels {
  const { config, clock, subscriptions, endpoints } = parts;
  const outbound = new Outbound({
    timeoutMs: config.OUTBOUND_TIMEOUT_SECONDS * 1_000,
    privateHosts: config.OUTBOUND_PRIVATE_HOSTS,
  });
  const smtp = smtpOf(config);
  const keys = config.PUSH_SUBJECT ? (config.PUSH_SECRET ?? []).map(vapidKeyFrom) : [];
  const push =
    config.PUSH_SUBJECT &&
    new PushChannel(outbound, subscriptions, { keys, subject: config.PUSH_SUBJECT, ttlSeconds: pushTtlSeconds }, clock);
  return {
    toPeople: [
      ...(smtp ? [new SmtpChannel(smtp, senderOf(config), clock)] : []),
      ...smsOf(parts, outbound),
      ...(push ? [new PushToAll(push, subscriptions)] : []),
      ...(config.CABINET_MODE === 'demonstration' ? sinks(parts, { email: smtp, push }) : []),
    ],
    webhook: new WebhookChannel(outbound, endpoints, clock),
    pushKeys: keys.map(({ publicKey }) => publicKey),
    close: () => {
      outbound.close();
      smtp?.close();
    },
  };
}

/** In a demonstration a message that has no way out is taken all the same, and leaves a line in the log. */
function sinks({ config, log }: ChannelParts, { email, push }: { email?: unknown; push?: unknown }): Channel[] {
  const there = { email, sms: config.SMS_PROVIDERS.length > 0, push };
  return (['email', 'sms', 'push'] as const).flatMap((name) => (there[name] ? [] : new LogChannel(log, name)));
}

const smtpOf = (config: ChannelConfig): SmtpConnections | undefined =>
  config.SMTP_HOST === undefined
    ? undefined
    : new SmtpConnections({
        host: config.SMTP_HOST,
        port: config.SMTP_PORT,
        security: config.SMTP_SECURITY,
        ...(config.SMTP_USER && { user: config.SMTP_USER, password: config.SMTP_PASSWORD }),
        connectionsMax: config.SMTP_CONNECTIONS,
        timeoutMs: config.OUTBOUND_TIMEOUT_SECONDS * 1_000,
      });

const senderOf = ({ MAIL_FROM, MAIL_BOUNCES }: ChannelConfig) => ({
  ...MAIL_FROM,
  ...(MAIL_BOUNCES && { bounces: MAIL_BOUNCES.address }),
});

function smsOf({ config, clock, log, receiptsUrl }: ChannelParts, outbound: Outbound): Channel[] {
  const settings = { sender: config.SMS_SENDER, partsMax: config.SMS_PARTS_MAX };
  // Without what they need they are refused at the start (settings.ts).
  const text = (value: string | undefined) => value ?? '';
  const providers: Record<'twilio' | 'ovhcloud', () => SmsProvider> = {
    twilio: () =>
      new Twilio(
        outbound,
        {
          apiUrl: config.TWILIO_URL,
          accountSid: text(config.TWILIO_ACCOUNT_SID),
          authToken: text(config.TWILIO_AUTH_TOKEN?.[0]),
          ...(receiptsUrl && { receiptsUrl: receiptsUrl('twilio') }),
        },
        clock,
      ),
    ovhcloud: () =>
      new OvhCloud(
        outbound,
        {
          apiUrl: config.OVH_URL,
          applicationKey: text(config.OVH_APPLICATION_KEY),
          applicationSecret: text(config.OVH_APPLICATION_SECRET),
          consumerKey: text(config.OVH_CONSUMER_KEY),
          service: text(config.OVH_SMS_SERVICE),
        },
        clock,
      ),
  };
  return config.SMS_PROVIDERS.map((name) =>
    name === 'log' ? new LogChannel(log, 'sms') : new SmsChannel(providers[name](), settings),
  );
}
