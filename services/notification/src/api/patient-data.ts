import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import type { Notification } from '../domain/notification.js';
import type { AfterNotification, Notifications } from '../domain/ports.js';
import { toNotificationResponse } from './notification.dto.js';

const atOnce = 500;

interface Parts {
  /** The patient that an id leads to; undefined for one who was erased. */
  currentId(patientId: string): Promise<string | undefined>;
  notifications: Pick<Notifications, 'listOf'>;
}

/** All notifications of a patient, for a copy of all that is kept of them. */
export const givePatientData =
  ({ currentId, notifications }: Parts): GivePatientData =>
  async (asked) => {
    const patientId = await currentId(asked);
    if (!patientId) throw new PatientDataGone();
    const found: Notification[] = [];
    for (let after: AfterNotification | undefined, isMore = true; isMore; ) {
      const page = await notifications.listOf(patientId, atOnce, after);
      found.push(...page.slice(0, atOnce));
      const last = found.at(-1);
      if (last) after = [last.id];
      isMore = page.length > atOnce;
    }
    return { patientId, sections: { notifications: found.map(toNotificationResponse) } };
  };
