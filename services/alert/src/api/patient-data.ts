import type { Clock } from '@cabinet/kit/clock';
import { type GivePatientData, PatientDataGone } from '@cabinet/service/http/patient-data';
import type { Alerts, Questions, Rules } from '../domain/ports.js';
import { toAlertResponse } from './alert.dto.js';
import { toQuestionResponse } from './question.dto.js';
import { toRuleResponse } from './rule.dto.js';

interface Parts {
  /** The patient that an id leads to; undefined for one who was erased. */
  currentId(patientId: string): Promise<string | undefined>;
  alerts: Pick<Alerts, 'ofPatient'>;
  questions: Pick<Questions, 'ofPatient'>;
  rules: Pick<Rules, 'list'>;
  clock: Clock;
}

/** All alerts of a patient, the rules that are theirs alone, and what was asked of their readings. */
export const givePatientData =
  ({ currentId, alerts, questions, rules, clock }: Parts): GivePatientData =>
  async (asked) => {
    const patientId = await currentId(asked);
    if (!patientId) throw new PatientDataGone();
    const own = (await rules.list(patientId)).filter((rule) => rule.patientId === patientId);
    const now = clock.now();
    return {
      patientId,
      sections: {
        alerts: (await alerts.ofPatient(patientId)).map((alert) => toAlertResponse(alert, now)),
        alertRules: own.map(toRuleResponse),
        alertQuestions: (await questions.ofPatient(patientId)).map(toQuestionResponse),
      },
    };
  };
