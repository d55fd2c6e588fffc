import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { addressProblem } from '../channels/public-address.js';
import { newSigningKey, type SigningKey } from '../channels/webhook-signature.js';
import { DeliveryNotFound, WebhookDisabled, WebhookNotFound } from '../errors.js';
import type { AfterDelivery, Deliveries, Webhooks } from './ports.js';
import { type SignedBy, type Tellable, type Webhook, type WebhookDelivery, withNewKey } from './webhook.js';

export interface WebhookOrder {
  name: string;
  url: string;
  types: Tellable[];
  signedBy: SignedBy;
}

/** A webhook, with the key that was made for it. */
export interface WithKey {
  webhook: Webhook;
  key: SigningKey;
}

/** Programs of others that are told what happens, by Standard Webhooks 1.0. Who may keep them stands in the access table alone. */
export class KeepWebhooks {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly deliveries: Deliveries,
    /** Hosts of webhooks that may have private addresses. */
    private readonly privateHosts: readonly string[],
    private readonly clock: Clock,
    /** Called when something is to leave at once. */
    private readonly due: () => void,
  ) {}

  list(): Promise<Webhook[]> {
    return this.webhooks.all();
  }

  /** @throws WebhookNotFound (404) */
  async get(id: string): Promise<Webhook> {
    return existing(await this.webhooks.get(id));
  }

  /** @throws InvalidInput (422), TooManyWebhooks (409) */
  async create({ name, url, types, signedBy }: WebhookOrder, actor: Principal): Promise<WithKey> {
    const errors = new FieldErrors();
    const problem = addressProblem(url, this.privateHosts);
    if (problem) errors.add('url', 'INVALID', problem);
    if (types.length === 0) errors.add('types', 'REQUIRED', 'names nothing that would be told');
    errors.throwIfAny();
    const { key } = newSigningKey(signedBy);
    const made = { id: newId(), createdBy: actor.id, createdAt: this.clock.now() };
    const webhook: Webhook = { ...made, name, url, types: [...new Set(types)], signedBy, keys: [{ key }] };
    await this.webhooks.add(webhook);
    return { webhook, key };
  }

  /** A new key; that of before signs beside it for a day. @throws WebhookNotFound (404) */
  async rotate(id: string): Promise<WithKey> {
    const { signedBy } = await this.get(id);
    const { key } = newSigningKey(signedBy);
    const webhook = await this.webhooks.change(id, (current) => withNewKey(current, key, this.clock.now()));
    return { webhook: existing(webhook), key };
  }

  /** What it was not told while it was disabled is told again only when somebody asks for it. @throws WebhookNotFound (404) */
  async enable(id: string): Promise<Webhook> {
    return existing(
      await this.webhooks.change(id, ({ disabledAt: _, disabledWhy: __, ...current }): Webhook => current),
    );
  }

  /** @throws WebhookNotFound (404) */
  async remove(id: string): Promise<void> {
    if (!(await this.webhooks.remove(id))) throw new WebhookNotFound();
  }

  /** @throws WebhookNotFound (404) */
  async told(id: string, { limit, after }: { limit: number; after?: AfterDelivery }): Promise<Page<WebhookDelivery>> {
    await this.get(id);
    return toPage(await this.deliveries.list(id, limit, after), limit);
  }

  /** Under its own id, by which its receiver knows whether it has had it. @throws 404, WebhookDisabled (409) */
  async replay(id: string, deliveryId: string): Promise<WebhookDelivery> {
    const { disabledAt } = await this.get(id);
    if (disabledAt) throw new WebhookDisabled();
    const delivery = await this.deliveries.replay(id, deliveryId, this.clock.now());
    if (!delivery) throw new DeliveryNotFound();
    this.due();
    return delivery;
  }
}

function existing(webhook: Webhook | undefined): Webhook {
  if (!webhook) throw new WebhookNotFound();
  return webhook;
}
