import type { Practitioner } from '../api/types.ts';

export type Kind = Practitioner['appointmentTypes'][number];

/** The names under which several practitioners offer kinds of visit, each once, in the order in which they are offered. */
export const kindNames = (practitioners: readonly Practitioner[]): string[] => [
  ...new Set(practitioners.flatMap(({ appointmentTypes }) => appointmentTypes.map(({ name }) => name))),
];

/** What a practitioner offers under a name; without a name what they offer first. */
export const kindNamed = ({ appointmentTypes }: Practitioner, name: string | undefined): Kind | undefined =>
  name ? appointmentTypes.find((each) => each.name === name) : appointmentTypes[0];

/** What comes nearest to a kind of visit among those of another practitioner, to be proposed: whoever moves it says whether it is that. */
export const kindLike = ({ appointmentTypes }: Practitioner, kind: Kind | undefined): Kind | undefined =>
  appointmentTypes.find(({ name }) => name === kind?.name) ??
  appointmentTypes.find(({ minutes }) => minutes === kind?.minutes) ??
  appointmentTypes[0];
