import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** What else stands in a schedule, beside how visits are booked. */
export const otherParts = ['hours', 'exceptions', 'extraOpenings', 'absences', 'holidays'] as const;

export const otherPartNames: Record<(typeof otherParts)[number], MessageDescriptor> = {
  hours: msg`weekly hours`,
  exceptions: msg`days with other hours`,
  extraOpenings: msg`extra openings`,
  absences: msg`absences`,
  holidays: msg`public holidays`,
};
