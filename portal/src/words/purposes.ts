import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Why, by the codes of HL7's PurposeOfUse. */
export const purposeNames: Record<string, MessageDescriptor> = {
  PATRQT: msg`at the patient’s request`,
  FAMRQT: msg`at the request of the family`,
  TREAT: msg`for treatment`,
  ETREAT: msg`in an emergency`,
  PATADMIN: msg`for the patient’s administration`,
  HOPERAT: msg`for the practice’s work`,
  HSYSADMIN: msg`for administration of the system`,
};
