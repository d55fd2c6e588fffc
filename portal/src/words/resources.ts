import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Resource } from '../api/types.ts';

export const resourceKinds: Record<Resource['kind'], MessageDescriptor> = {
  room: msg`room`,
  device: msg`device`,
};
