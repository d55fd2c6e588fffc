import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors } from '@cabinet/kit/errors';
import type { ExpectedVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { assertMayAskFor, isOfAge } from '../access.js';
import { chosenTopics } from '../decisions/decision.js';
import type { Families } from '../neighbours.js';
import type { PreferenceStore } from '../ports.js';
import type { Preferences } from './preferences.js';

/** What a patient wants to have, by topic and channel, and in which language. */
export class KeepPreferences {
  constructor(
    private readonly preferences: PreferenceStore,
    private readonly families: Families,
    private readonly clock: Clock,
  ) {}

  /** @throws NotYours (403) */
  async get(patientId: string, actor: Principal): Promise<Preferences> {
    assertMayAskFor(actor, patientId);
    return this.preferences.of(patientId);
  }

  /**
   * Of a minor who is of the age that the practice sets, nobody who acts for them says what they are told.
   * @throws NotYours (403), 412, 428, InvalidInput (422) for what cannot be declined
   */
  async set(wanted: Omit<Preferences, 'version'>, expected: ExpectedVersion, actor: Principal): Promise<Preferences> {
    const acting = await this.families.actingFor(wanted.patientId);
    const isTheirsAlone = isOfAge(acting, wanted.patientId, this.clock.now());
    assertMayAskFor(actor, wanted.patientId, isTheirsAlone ? [] : undefined);
    if (wasStoredBefore()) return this.preferences.of(wanted.patientId);
    const errors = new FieldErrors();
    for (const [nth, { topic }] of wanted.unwanted.entries()) {
      if (!(chosenTopics as readonly string[]).includes(topic)) {
        errors.add(`unwanted[${nth}].topic`, 'NOT_TO_CHOOSE', 'is told to everybody whom it is about');
      }
    }
    errors.throwIfAny();
    const unwanted = [...new Map(wanted.unwanted.map((each) => [`${each.topic} ${each.channel}`, each])).values()];
    return this.preferences.set({ ...wanted, unwanted }, expected, { id: actor.id, at: this.clock.now() });
  }
}
