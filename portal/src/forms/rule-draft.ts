import type { Priority, RuleCondition, RuleDocument } from '../api/types.ts';
import { measures } from '../words/measures.ts';

/** A step as it is typed. */
export interface StepDraft {
  after: string;
  to: string[];
}

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
  ...{ priority: 'medium', maxAge: '30', snoozeMax: '60', steps: [{ after: '0', to: [] }], lastAfter: '30', lastTo: '' },
};

/** Bounds of the schema. */
const [any, amount, few, upToADay] = [
  [-1_000_000, 1_000_000],
  [0, 1_000_000],
  [1, 20],
  [1, 1_440],
] as const;
const bounds = {
  above: any,
  below: any,
  clearAbove: any,
  clearBelow: any,
  rises: amount,
  falls: amount,
  atLeast: few,
  of: few,
  clearReadings: few,
  total: few,
  minutes: upToADay,
  within: upToADay,
  fresh: upToADay,
  maxAge: upToADay,
  gap: [1, 43_200],
  snoozeMax: [1, 480],
  lastAfter: [1, 2_880],
} satisfies Record<string, readonly [number, number]>;
export type NumberField = keyof typeof bounds;

export const boundsOf = (field: NumberField): readonly [number, number] => bounds[field];

/** What may have a fraction: a value that is measured. */
const measured: readonly NumberField[] = ['above', 'below', 'clearAbove', 'clearBelow', 'rises', 'falls'];

/** A number as people type it, with a comma as well. Undefined: it is left empty, or none. */
export const numberOf = (typed: string): number | undefined => {
  const text = typed.trim().replace(',', '.');
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
};

function isFit(field: NumberField, typed: string): boolean {
  const value = numberOf(typed);
  const [least, most] = bounds[field];
  if (value === undefined || value < least || value > most) return false;
  if (!measured.includes(field)) return Number.isInteger(value);
  // It rises by something.
  return least < 0 || value > 0;
}

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

export type Wrong = NumberField | 'title' | 'steps' | 'lastTo';

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
    ...(before?.schedule && { schedule: before.schedule }),
    ...(before?.inhibitedBy && { inhibitedBy: before.inhibitedBy }),
    maxAgeMinutes: Number(draft.maxAge),
    priority: draft.priority,
    steps: draft.steps.map(({ after, to }) => ({ afterMinutes: Number(after), to })),
    lastResort: { afterMinutes: Number(draft.lastAfter), to: draft.lastTo },
    snoozeMinutesMax: Number(draft.snoozeMax),
  };
}

const typed = (value: number | undefined): string => (value === undefined ? '' : String(value));

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
