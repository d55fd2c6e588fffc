import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Allergy, Condition, Encounter, Grant } from '../api/types.ts';

// What the codes of FHIR R4 mean to whom they are about, and to whoever reads along for them.

export const allergyStates: Record<Allergy['clinicalStatus'], MessageDescriptor> = {
  active: msg`to be heeded now`,
  inactive: msg`not noticed at the moment`,
  resolved: msg`over`,
};

export const allergyCertainties: Record<Allergy['verificationStatus'], MessageDescriptor> = {
  unconfirmed: msg`suspected`,
  confirmed: msg`confirmed`,
  refuted: msg`looked into, and ruled out`,
  'entered-in-error': msg`written down by mistake`,
};

export const allergyTypes: Record<NonNullable<Allergy['type']>, MessageDescriptor> = {
  allergy: msg`allergy`,
  intolerance: msg`intolerance`,
};

export const allergyCategories: Record<NonNullable<Allergy['category']>, MessageDescriptor> = {
  food: msg`food`,
  medication: msg`medicine`,
  environment: msg`surroundings, such as pollen or dust`,
  biologic: msg`of living origin, such as a vaccine`,
};

export const allergyDangers: Record<NonNullable<Allergy['criticality']>, MessageDescriptor> = {
  low: msg`It is not expected to be dangerous.`,
  high: msg`It can be dangerous: say so before every treatment.`,
  'unable-to-assess': msg`How dangerous it is, nobody can tell yet.`,
};

export const conditionStates: Record<Condition['clinicalStatus'], MessageDescriptor> = {
  active: msg`present now`,
  recurrence: msg`has come back`,
  relapse: msg`worse again, after it was better`,
  inactive: msg`not noticed at the moment`,
  remission: msg`better, and watched`,
  resolved: msg`over`,
};

export const conditionCertainties: Record<Condition['verificationStatus'], MessageDescriptor> = {
  unconfirmed: msg`not confirmed yet`,
  provisional: msg`a first assumption`,
  differential: msg`one of several possibilities`,
  confirmed: msg`confirmed`,
  refuted: msg`looked into, and ruled out`,
  'entered-in-error': msg`written down by mistake`,
};

export const severities: Record<NonNullable<Condition['severity']>, MessageDescriptor> = {
  mild: msg`mild`,
  moderate: msg`moderate`,
  severe: msg`severe`,
};

export const encounterStates: Record<Encounter['status'], MessageDescriptor> = {
  planned: msg`planned`,
  arrived: msg`arrived`,
  triaged: msg`arrived, and asked the first questions`,
  'in-progress': msg`under way`,
  onleave: msg`interrupted`,
  finished: msg`took place`,
  cancelled: msg`did not take place`,
  'entered-in-error': msg`written down by mistake`,
};

/** By HL7's ActCode. */
export const encounterKinds: Record<Encounter['class'], MessageDescriptor> = {
  AMB: msg`at the practice`,
  VR: msg`by telephone or video`,
  HH: msg`at home`,
  EMER: msg`as an emergency`,
  IMP: msg`in hospital`,
};

/** Who let somebody into a record. */
export const grantorNames: Record<Grant['givenBy']['role'], MessageDescriptor> = {
  patient: msg`by the patient`,
  guardian: msg`by a guardian`,
  secretary: msg`by the practice, at the patient’s word`,
};
