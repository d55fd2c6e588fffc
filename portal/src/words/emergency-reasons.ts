import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { EmergencyAccess } from '../api/types.ts';

export const emergencyReasons: Record<EmergencyAccess['reasonCode'], MessageDescriptor> = {
  'life-threatening': msg`Life is in danger`,
  'unable-to-consent': msg`The patient cannot answer`,
  'urgent-symptoms': msg`Urgent symptoms`,
  'colleague-unreachable': msg`The treating colleague cannot be reached`,
};
