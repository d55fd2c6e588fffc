import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Certainty } from '../api/types.ts';

/** How sure it is that readings of a device are of the patient. */
export const certaintyNames: Record<Certainty, MessageDescriptor> = {
  sure: msg`no, nobody else`,
  likely: msg`hardly ever`,
  doubtful: msg`yes: its readings are shown, and ring nobody`,
};
