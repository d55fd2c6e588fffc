import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { TypeRules } from '../api/types.ts';

/** What is set of how a kind of visit is booked, by the name of the rule. */
type RuleName = Exclude<keyof TypeRules, 'appointmentTypeId' | 'alignment' | 'modes' | 'needs' | 'videoLink'>;

/** Those that are a number, with its unit and the bounds of the service; left empty, what stands in `unset` holds. */
export const numberRules = {
  noticeMinutes: {
    label: msg`Patients book at least so long before (minutes)`,
    min: 0,
    max: 129_600,
    unset: msg`until it begins`,
  },
  horizonDays: {
    label: msg`Patients book at most so long ahead (days)`,
    min: 0,
    max: 1_000,
    unset: msg`without limit`,
  },
  cancelNoticeMinutes: {
    label: msg`Patients cancel at least so long before (minutes)`,
    min: 0,
    max: 43_200,
    unset: msg`until it begins`,
  },
  moveNoticeMinutes: {
    label: msg`Patients move it at least so long before (minutes)`,
    min: 0,
    max: 43_200,
    unset: msg`until it begins`,
  },
  bufferBeforeMinutes: { label: msg`Kept free before it (minutes)`, min: 0, max: 240, unset: msg`no time` },
  bufferAfterMinutes: { label: msg`Kept free after it (minutes)`, min: 0, max: 240, unset: msg`no time` },
  dailyMax: { label: msg`At most so many on one day`, min: 1, max: 200, unset: msg`without limit` },
  capacity: { label: msg`Patients who come together`, min: 1, max: 200, unset: msg`one alone` },
} satisfies Partial<Record<RuleName, { label: MessageDescriptor; min: number; max: number; unset: MessageDescriptor }>>;

export type NumberRule = keyof typeof numberRules;
export const numberRuleNames = Object.keys(numberRules) as NumberRule[];

export const bookableByNames: Record<NonNullable<TypeRules['bookableBy']>, MessageDescriptor> = {
  patients: msg`patients and the practice`,
  staff: msg`the practice alone`,
};

/** What a rule says, in a word; of one that is not set, what holds then. */
export const saysOf = (rules: TypeRules | undefined, name: NumberRule): MessageDescriptor | string =>
  rules?.[name] === undefined ? numberRules[name].unset : String(rules[name]);
