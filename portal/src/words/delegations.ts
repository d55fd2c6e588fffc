import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Delegation, DelegationRule } from '../api/types.ts';

/** As what somebody works for a practitioner. */
export const delegateNames: Record<Delegation['as'], MessageDescriptor> = {
  secretary: msg`as secretary`,
  locum: msg`as locum, who treats in their place`,
};

/** Of what. */
export const scopeNames: Record<Delegation['scopes'][number], MessageDescriptor> = {
  agenda: msg`agenda`,
  letters: msg`letters`,
  results: msg`results`,
};

/** For whom secretaries work. */
export const worksForNames: Record<DelegationRule['secretariesWorkFor'], MessageDescriptor> = {
  all: msg`every practitioner of the practice`,
  named: msg`those alone who delegated to them`,
};
