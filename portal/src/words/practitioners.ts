import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Practitioner } from '../api/types.ts';

/** Why a practitioner receives no more. */
export const inactiveReasons: Record<NonNullable<Practitioner['inactiveReason']>, MessageDescriptor> = {
  'left-practice': msg`has left the practice`,
  retired: msg`has retired`,
  deceased: msg`has died`,
  'entered-in-error': msg`was entered by mistake`,
  other: msg`another reason`,
};
