import { fact } from '@cabinet/contracts';
import type { ErasureReceipt } from '@cabinet/service/erasure-receipt';
import type { Happening, RulesInForce, Sight, Told } from '../domain/ports.js';

/** What the practice hears of an alert: ids and how urgent it is, never a measurement. */
export const toFact = (told: Told, happening: Happening) => {
  const { id, version, patientId, ruleId, priority, groupId, generation } = told;
  const data = { alertId: id, version, patientId, ruleId, priority, groupId };
  switch (happening.kind) {
    case 'called': {
      const { step, isLastResort, recipients } = happening;
      return fact('alert.called', id, { ...data, generation, step, isLastResort, recipients });
    }
    case 'snoozed':
      return fact('alert.snoozed', id, { ...data, until: happening.until.toISOString() });
    case 'handed-over':
      return fact('alert.handed-over', id, { ...data, practitionerId: happening.practitionerId });
    default:
      return fact(`alert.${happening.kind}`, id, data);
  }
};

/** Whether readings come at all; in an order of its own. */
export const toSight = ({ sees, since }: Sight) =>
  fact(sees ? 'alert.seeing' : 'alert.blind', 'sight', { since: since.toISOString() });

/** The rules that the stream is to run; in an order of its own. */
export const toRulesInForce = (rules: RulesInForce) => fact('alert-rules.in-force', 'rules', rules);

/** What is heard of the data of a patient who was erased: how many of what, and what became of them. */
export const toReceipt = (receipt: ErasureReceipt) => fact('alert.patient-data-erased', receipt.patientId, receipt);
