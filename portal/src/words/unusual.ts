import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { UnusualAccess } from '../api/types.ts';

/** Why an access was found. */
export const unusualReasons: Record<UnusualAccess['reasons'][number]['code'], MessageDescriptor> = {
  colleague: msg`The patient works here.`,
  'public-interest': msg`The patient is of public interest.`,
  listed: msg`The patient works here or is of public interest, and stood in a list with all details.`,
  'same-name': msg`The patient has the same name as who looked.`,
  'same-street': msg`The patient lives in the street of who looked.`,
  'outside-hours': msg`It was outside the hours of the practice.`,
  'many-patients': msg`Many more patients within an hour than is usual for them.`,
};
