import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Allergy, Condition, Encounter } from '../api/types.ts';

/** How sure it is, of allergies and conditions (FHIR R4 verification status). */
export const certaintyNames: Record<Condition['verificationStatus'], MessageDescriptor> = {
  unconfirmed: msg`suspected`,
  provisional: msg`provisional`,
  differential: msg`one of several that are possible`,
  confirmed: msg`confirmed`,
  refuted: msg`refuted`,
  'entered-in-error': msg`entered in error`,
};

/** How it goes, of allergies and conditions (FHIR R4 clinical status). */
export const courseNames: Record<Condition['clinicalStatus'], MessageDescriptor> = {
  active: msg`active`,
  recurrence: msg`recurring`,
  relapse: msg`relapsed`,
  inactive: msg`inactive`,
  remission: msg`in remission`,
  resolved: msg`resolved`,
};

export const severityNames: Record<NonNullable<Condition['severity']>, MessageDescriptor> = {
  mild: msg`mild`,
  moderate: msg`moderate`,
  severe: msg`severe`,
};

export const riskNames: Record<NonNullable<Allergy['criticality']>, MessageDescriptor> = {
  high: msg`high risk`,
  low: msg`low risk`,
  'unable-to-assess': msg`risk cannot be judged`,
};

export const allergyTypeNames: Record<NonNullable<Allergy['type']>, MessageDescriptor> = {
  allergy: msg`allergy`,
  intolerance: msg`intolerance`,
};

export const allergyCategoryNames: Record<NonNullable<Allergy['category']>, MessageDescriptor> = {
  food: msg`food`,
  medication: msg`medicine`,
  environment: msg`surroundings`,
  biologic: msg`biological product`,
};

export const encounterStatusNames: Record<Encounter['status'], MessageDescriptor> = {
  planned: msg`planned`,
  arrived: msg`patient has arrived`,
  triaged: msg`patient was assessed`,
  'in-progress': msg`under way`,
  onleave: msg`interrupted`,
  finished: msg`finished`,
  cancelled: msg`did not take place`,
  'entered-in-error': msg`entered in error`,
};

/** HL7 v3 ActCode. */
export const encounterClassNames: Record<Encounter['class'], MessageDescriptor> = {
  AMB: msg`at the practice`,
  VR: msg`by video or telephone`,
  HH: msg`at home`,
  EMER: msg`emergency`,
  IMP: msg`in hospital`,
};

const needed = msg`This is needed.`;
const noSuchDate = msg`Give a year, a month or a day that exists: 2019, 05/2019 or 31/05/2019.`;

const refusals: Record<string, MessageDescriptor> = {
  REQUIRED: needed,
  TOO_LONG: msg`This is too long.`,
  NOT_AN_ALLERGY: msg`This says that there is no allergy. State that none is known, or write it in a note.`,
  NO_SUCH_DATE: noSuchDate,
  IN_THE_FUTURE: msg`This is still to come.`,
  STILL_ACTIVE: msg`What is still active has not ended. Change how it goes, or leave this empty.`,
  BEFORE_ONSET: msg`It cannot have ended before it began.`,
  END_BEFORE_START: msg`It cannot end before it begins.`,
  NO_SUCH_TIME: msg`There is no such day or time.`,
};

/** What a field of an entry was refused for; undefined for a code that the service has begun to give since. */
export function refusalWords({ path, code }: { path: string; code: string }): MessageDescriptor | undefined {
  if (code !== 'INVALID') return refusals[code];
  // The form that is asked for.
  if (/(onset|abatement)$/.test(path)) return noSuchDate;
  return path === 'amendmentReason' ? msg`Say in a few words why.` : undefined;
}
