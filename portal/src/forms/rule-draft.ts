import type { Priority, RuleCondition, RuleDocument } from '../api/types.ts';
import { measures } from '../words/measures.ts';
import { isFit, type NumberField, numberOf } from './rule-numbers.ts';

/** A step as it is typed. */
export interface StepDraft {
  after: string;
  to: string[];
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** A rule as it is typed: what its kind does not have stays there, for who tries another kind and comes back. */
export interface RuleDraft {
  title: string;
  kind: RuleCondition['kind'];
  code: string;
  above: string;
  below: string;
  sustained: 'at-once' | 'some' | 'minutes';
  atLeast: string;
  of: string;
  minutes: string;
  rises: string;
  falls: string;
  within: string;
  gap: string;
  total: string;
  single: boolean;
  oxygenScale: '1' | '2';
  fresh: string;
  clearReadings: string;
  clearAbove: string;
  clearBelow: string;
  priority: Priority;
  /** At all times, at one of each week, or at several that stay as they are. */
  schedule: 'always' | 'these' | 'kept';
  days: Weekday[];
  from: string;
  until: string;
  maxAge: string;
  snoozeMax: string;
  steps: StepDraft[];
  lastAfter: string;
  lastTo: string;
}

export const nothing: RuleDraft = {
  ...{ title: '', kind: 'level', code: '8867-4', above: '', below: '', sustained: 'minutes' },
  ...{ atLeast: '3', of: '5', minutes: '15', rises: '', falls: '', within: '60', gap: '1440' },
  ...{ total: '5', single: true, oxygenScale: '1', fresh: '60', clearReadings: '2', clearAbove: '', clearBelow: '' },
  ...{ schedule: 'always', days: [], from: '08:00', until: '20:00' },
  ...{
    priority: 'medium',
    maxAge: '30',
    snoozeMax: '60',
    steps: [{ after: '0', to: [] }],
    lastAfter: '30',
    lastTo: '',
  },
};

/** Fields that cannot be left empty, and pairs of which one is enough, by what kind of rule it is. */
const neededOf = (draft: RuleDraft): NumberField[] => [
  ...(draft.kind === 'level' && draft.sustained === 'some' ? (['atLeast', 'of'] as const) : []),
  ...(draft.kind === 'level' && draft.sustained === 'minutes' ? (['minutes'] as const) : []),
  ...(draft.kind === 'rate' ? (['within'] as const) : []),
  ...(draft.kind === 'gap' ? (['gap'] as const) : (['clearReadings'] as const)),
  ...(draft.kind === 'score' ? (['total', 'fresh'] as const) : []),
  ...(['maxAge', 'snoozeMax', 'lastAfter'] as const),
];

const pairOf = ({ kind }: RuleDraft): readonly [NumberField, NumberField] | undefined =>
  kind === 'level' ? ['above', 'below'] : kind === 'rate' ? ['rises', 'falls'] : undefined;

export type Wrong = NumberField | 'title' | 'days' | 'steps' | 'lastTo';

/** Of what is typed there. */
export interface RuleFieldsProps {
  draft: RuleDraft;
  onChange: (change: Partial<RuleDraft>) => void;
  /** What is not right, once somebody has tried to send it. */
  wrong: readonly Wrong[];
  /** What was refused at a field of the document. */
  refusedAt: (...starts: string[]) => string | undefined;
}

/** What is not right yet. */
export function wrongOf(draft: RuleDraft): Wrong[] {
  const pair = pairOf(draft);
  const filled = [...(pair ?? []), ...(draft.kind === 'level' ? (['clearAbove', 'clearBelow'] as const) : [])].filter(
    (field) => draft[field].trim() !== '',
  );
  const numbers = [...neededOf(draft), ...filled].filter((field) => !isFit(field, draft[field]));
  const isMoreThanAll =
    draft.kind === 'level' && draft.sustained === 'some' && Number(draft.atLeast) > Number(draft.of);
  return [
    ...(draft.title.trim() === '' ? (['title'] as const) : []),
    ...numbers,
    ...(pair?.every((field) => draft[field].trim() === '') ? [pair[0]] : []),
    ...(isMoreThanAll && !numbers.includes('atLeast') ? (['atLeast'] as const) : []),
    ...(draft.schedule === 'these' && draft.days.length === 0 ? (['days'] as const) : []),
    ...(draft.steps.length > 0 && draft.steps.every(({ to, after }) => to.length > 0 && isWhole(after))
      ? []
      : (['steps'] as const)),
    ...(draft.lastTo === '' ? (['lastTo'] as const) : []),
  ];
}

const isWhole = (after: string): boolean => /^\d{1,4}$/.test(after.trim()) && Number(after) <= 1_440;

function conditionOf(draft: RuleDraft): RuleCondition {
  const { kind, code, sustained } = draft;
  const unit = measures[code]?.unit ?? '';
  const given = (name: string, typed: string) => {
    const value = numberOf(typed);
    return value === undefined ? {} : { [name]: value };
  };
  if (kind === 'gap') return { kind, code, minutes: Number(draft.gap) };
  if (kind === 'score')
    return {
      ...{ kind, score: 'NEWS2', oxygenScale: draft.oxygenScale === '2' ? 2 : 1, single: draft.single },
      ...{ total: Number(draft.total), freshMinutes: Number(draft.fresh) },
    };
  if (kind === 'rate')
    return {
      ...{ kind, code, unit, withinMinutes: Number(draft.within) },
      ...given('rises', draft.rises),
      ...given('falls', draft.falls),
    };
  return {
    ...{ kind, code, unit },
    ...given('above', draft.above),
    ...given('below', draft.below),
    ...(sustained === 'some' && { sustained: { atLeast: Number(draft.atLeast), of: Number(draft.of) } }),
    ...(sustained === 'minutes' && { sustained: { minutes: Number(draft.minutes) } }),
  };
}

/** The zone stays as it was. */
function scheduleOf({ schedule, days, from, until }: RuleDraft, before: RuleDocument['schedule']) {
  if (schedule === 'always') return {};
  if (schedule === 'kept') return before ? { schedule: before } : {};
  const times = [{ days: weekdays.filter((each) => days.includes(each)), from, until }];
  return { schedule: { ...(before?.zone && { zone: before.zone }), times } };
}

/** What is sent of it. @param before the version that it was made of: what cannot be typed here stays as it was */
export function documentOf(draft: RuleDraft, before?: RuleDocument): RuleDocument {
  const [above, below] = [numberOf(draft.clearAbove), numberOf(draft.clearBelow)];
  const isLevel = draft.kind === 'level';
  return {
    title: draft.title.trim(),
    condition: conditionOf(draft),
    ...(draft.kind !== 'gap' && {
      clear: {
        readings: Number(draft.clearReadings),
        ...(before?.clear?.minutes !== undefined && { minutes: before.clear.minutes }),
        ...(isLevel && above !== undefined && { above }),
        ...(isLevel && below !== undefined && { below }),
      },
    }),
    ...scheduleOf(draft, before?.schedule),
    ...(before?.inhibitedBy && { inhibitedBy: before.inhibitedBy }),
    maxAgeMinutes: Number(draft.maxAge),
    priority: draft.priority,
    steps: draft.steps.map(({ after, to }) => ({ afterMinutes: Number(after), to })),
    lastResort: { afterMinutes: Number(draft.lastAfter), to: draft.lastTo },
    snoozeMinutesMax: Number(draft.snoozeMax),
  };
}

const typed = (value: number | undefined): string => (value === undefined ? '' : String(value));

function timesOf(schedule: RuleDocument['schedule']): Partial<RuleDraft> {
  const [only, ...others] = schedule?.times ?? [];
  if (!only) return {};
  return others.length > 0 ? { schedule: 'kept' } : { ...only, schedule: 'these' };
}

/** A rule that there is, as it would have been typed. */
export function draftOf({ title, condition: of, ...rest }: RuleDocument): RuleDraft {
  const common: RuleDraft = {
    ...nothing,
    ...{ title, kind: of.kind, priority: rest.priority, maxAge: typed(rest.maxAgeMinutes) },
    ...{ snoozeMax: typed(rest.snoozeMinutesMax), lastTo: rest.lastResort.to },
    lastAfter: typed(rest.lastResort.afterMinutes),
    steps: rest.steps.map(({ afterMinutes, to }) => ({ after: typed(afterMinutes), to })),
    ...{ clearAbove: typed(rest.clear?.above), clearBelow: typed(rest.clear?.below) },
    clearReadings: typed(rest.clear?.readings ?? 1),
    ...timesOf(rest.schedule),
  };
  if (of.kind === 'gap') return { ...common, code: of.code, gap: typed(of.minutes) };
  if (of.kind === 'score')
    return {
      ...common,
      ...{ total: typed(of.total), single: of.single, fresh: typed(of.freshMinutes) },
      oxygenScale: of.oxygenScale === 2 ? '2' : '1',
    };
  if (of.kind === 'rate')
    return {
      ...common,
      ...{ code: of.code, rises: typed(of.rises), falls: typed(of.falls), within: typed(of.withinMinutes) },
    };
  const how = of.sustained;
  return {
    ...common,
    ...{ code: of.code, above: typed(of.above), below: typed(of.below) },
    sustained: how === undefined ? 'at-once' : 'minutes' in how ? 'minutes' : 'some',
    ...(how && 'minutes' in how && { minutes: typed(how.minutes) }),
    ...(how && 'of' in how && { atLeast: typed(how.atLeast), of: typed(how.of) }),
  };
}
