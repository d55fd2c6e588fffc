import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Why an event could not be handled, and what there is to do, by the causes that services tell apart. */
export const causeNames: Record<string, MessageDescriptor> = {
  away: msg`What it needs is away. It goes on by itself once that is there.`,
  content: msg`A rule refuses what it says. Let it go again once what it is about was put right, or drop it.`,
  schema: msg`It does not have the form that this version knows. Let it go again after an upgrade.`,
  signature: msg`It is not signed by whom it names. Find out why before it is let go again.`,
  defect: msg`The service failed at it in a way that nobody foresaw. Let it go again once that is mended.`,
};
