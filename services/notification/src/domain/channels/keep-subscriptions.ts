import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors } from '@cabinet/kit/errors';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMayBePushedTo } from '../access.js';
import { PushOff, SubscriptionNotFound } from '../errors.js';
import type { KeptSubscription, PushSubscription, PushSubscriptionStore } from './ports.js';
import { addressProblem } from './public-address.js';
import { arePushKeys } from './push-keys.js';

/** The browsers by which somebody wants to be told. */
export class KeepSubscriptions {
  constructor(
    private readonly subscriptions: PushSubscriptionStore,
    /** What browsers subscribe with, newest first. */
    private readonly pushKeys: readonly string[],
    /** Push services that the operator lets have private addresses. */
    private readonly privateHosts: readonly string[],
    private readonly clock: Clock,
  ) {}

  /** The key to subscribe with, and the browsers that did. @throws NotYours (403) for who is no patient */
  async list(actor: Principal): Promise<{ publicKey?: string; items: KeptSubscription[] }> {
    const patientId = assertMayBePushedTo(actor);
    noteSubjects(patientId);
    return { publicKey: this.pushKeys[0], items: await this.subscriptions.listOf(patientId) };
  }

  /**
   * A browser that subscribed before is subscribed anew, and is theirs from now on.
   * @throws NotYours (403), PushOff (409), InvalidInput (422), PatientUnknown (422) for one who was erased
   */
  async subscribe(given: PushSubscription, actor: Principal): Promise<KeptSubscription> {
    const patientId = assertMayBePushedTo(actor);
    noteSubjects(patientId);
    if (this.pushKeys.length === 0) throw new PushOff();
    const errors = new FieldErrors();
    const problem = addressProblem(given.endpoint, this.privateHosts);
    if (problem) errors.add('endpoint', 'INVALID', problem);
    if (!arePushKeys(given.keys)) errors.add('keys', 'INVALID', 'are no keys of a browser');
    if (!this.pushKeys.includes(given.vapidKey)) errors.add('vapidKey', 'REPLACED', 'is not the key to subscribe with');
    errors.throwIfAny();
    return this.subscriptions.keep(effectOfRequest().id, patientId, given, this.clock.now());
  }

  /** @throws NotYours (403), SubscriptionNotFound (404), also for another's */
  async end(id: string, actor: Principal): Promise<void> {
    const patientId = assertMayBePushedTo(actor);
    noteSubjects(patientId);
    if (!(await this.subscriptions.end(id, patientId))) throw new SubscriptionNotFound();
  }
}
