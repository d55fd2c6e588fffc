import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { ProofDocument, Section } from '../api/types.ts';

/** In what somebody acts for another. */
export const sectionNames: Record<Section, MessageDescriptor> = {
  appointments: msg`appointments`,
  details: msg`address and telephone`,
  record: msg`medical record`,
  accesses: msg`who looked`,
};

/** What proves who is a guardian. */
export const proofNames: Record<ProofDocument, MessageDescriptor> = {
  'family-record-book': msg`family record book`,
  'birth-certificate': msg`birth certificate`,
  'court-decision': msg`decision of a court`,
  other: msg`another document`,
};
