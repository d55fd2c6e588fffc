import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import type { PushSubscriptionStore } from '../domain/channels/ports.js';
import type { UnreachableAddresses } from '../domain/channels/unreachable.js';
import type { Decision } from '../domain/decisions/decision.js';
import type { AfterDecision, Ledger, PreferenceStore } from '../domain/ports.js';
import { toNotificationResponse } from './notification.dto.js';
import { toPushSubscriptionResponse } from './push-subscription.dto.js';
import { toUnreachableResponse } from './unreachable.dto.js';

const atOnce = 500;
/** More than anybody has. */
const addressesMax = 200;

interface Parts {
  /** The patient that an id leads to; undefined for one who was erased. */
  currentId(patientId: string): Promise<string | undefined>;
  ledger: Pick<Ledger, 'list'>;
  preferences: Pick<PreferenceStore, 'of'>;
  subscriptions: Pick<PushSubscriptionStore, 'listOf'>;
  unreachable: Pick<UnreachableAddresses, 'list'>;
}

/** All that was decided about a patient, what they want and by which browsers they are told, for a copy of all that is kept of them. */
export const givePatientData =
  ({ currentId, ledger, preferences, subscriptions, unreachable }: Parts): GivePatientData =>
  async (asked) => {
    const patientId = await currentId(asked);
    if (!patientId) throw new PatientDataGone();
    const found: Decision[] = [];
    for (let after: AfterDecision | undefined, isMore = true; isMore; ) {
      const page = await ledger.list({ patientId }, atOnce, after);
      found.push(...page.slice(0, atOnce));
      const last = found.at(-1);
      if (last) after = [last.dueAt.getTime(), last.id];
      isMore = page.length > atOnce;
    }
    const { language, unwanted } = await preferences.of(patientId);
    const notifications = found.map((each) => toNotificationResponse(each));
    const pushSubscriptions = (await subscriptions.listOf(patientId)).map(toPushSubscriptionResponse);
    const notificationPreferences = [{ language, unwanted }];
    const unreachableAddresses = (await unreachable.list(patientId, addressesMax)).map(toUnreachableResponse);
    return {
      patientId,
      sections: { notifications, notificationPreferences, pushSubscriptions, unreachableAddresses },
    };
  };
