import type { I18n, MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { AllergyContent, ConditionContent, EncounterContent } from '../api/types.ts';
import { partialDateInWords } from '../time/partial-date.ts';
import { momentAt } from '../time/zone.ts';
import {
  allergyCategoryNames,
  allergyTypeNames,
  certaintyNames,
  courseNames,
  encounterClassNames,
  encounterStatusNames,
  riskNames,
  severityNames,
} from './clinical.ts';

/** One thing that an entry of a record says; with no text, nothing is said of it. */
export interface Line {
  label: MessageDescriptor;
  text: string;
}

/** All that an entry says, always in the same order: so two versions of it can be compared line by line. */
export type LinesOf<T> = (said: T, i18n: I18n) => Line[];

export const allergyLines: LinesOf<AllergyContent> = (said, i18n) => [
  { label: msg`Substance`, text: said.code.text },
  { label: msg`Certainty`, text: i18n._(certaintyNames[said.verificationStatus]) },
  { label: msg`Course`, text: i18n._(courseNames[said.clinicalStatus]) },
  { label: msg`Risk`, text: wordOf(riskNames, said.criticality, i18n) },
  {
    label: msg`Kind`,
    text: listed([wordOf(allergyTypeNames, said.type, i18n), wordOf(allergyCategoryNames, said.category, i18n)]),
  },
  {
    label: msg`Reactions`,
    text: (said.reactions ?? [])
      .map(({ manifestation, severity, onset }) =>
        listed([...manifestation, wordOf(severityNames, severity, i18n), dateOf(onset, i18n)]),
      )
      .join('; '),
  },
  { label: msg`Since`, text: dateOf(said.onset, i18n) },
  { label: msg`Remark`, text: said.note ?? '' },
];

export const conditionLines: LinesOf<ConditionContent> = (said, i18n) => [
  { label: msg`Condition`, text: said.code.text },
  { label: msg`Certainty`, text: i18n._(certaintyNames[said.verificationStatus]) },
  { label: msg`Course`, text: i18n._(courseNames[said.clinicalStatus]) },
  { label: msg`Severity`, text: wordOf(severityNames, said.severity, i18n) },
  { label: msg`Since`, text: dateOf(said.onset, i18n) },
  { label: msg`Ended`, text: dateOf(said.abatement, i18n) },
  { label: msg`Remark`, text: said.note ?? '' },
];

/** @param zone of the practice, by whose clock times are said */
export const encounterLines =
  (zone: string): LinesOf<EncounterContent> =>
  (said, i18n) => [
    { label: msg`Begin`, text: momentAt(said.period.start, zone, i18n.locale) },
    { label: msg`End`, text: said.period.end ? momentAt(said.period.end, zone, i18n.locale) : '' },
    { label: msg`Where`, text: i18n._(encounterClassNames[said.class]) },
    { label: msg`State`, text: i18n._(encounterStatusNames[said.status]) },
    { label: msg`Why`, text: said.reason ?? '' },
  ];

const listed = (words: string[]): string => words.filter((each) => each !== '').join(', ');

const wordOf = <K extends string>(names: Record<K, MessageDescriptor>, key: K | undefined, i18n: I18n): string =>
  key === undefined ? '' : i18n._(names[key]);

const dateOf = (date: string | undefined, i18n: I18n): string => (date ? partialDateInWords(date, i18n.locale) : '');
