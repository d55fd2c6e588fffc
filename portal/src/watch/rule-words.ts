import { useLingui } from '@lingui/react/macro';
import type { RuleCondition, RuleDocument } from '../api/types.ts';
import type { Limit } from '../curve/plot.ts';
import { lengthInWords } from '../time/lengths.ts';
import { scoreCodes, valueShown } from '../words/measures.ts';
import { useMeasureName } from '../words/use-measure-name.ts';

/** What a rule says, in a sentence or two. */
export function useRuleWords() {
  const { i18n, t } = useLingui();
  const nameOf = useMeasureName();
  const long = (minutes: number) => lengthInWords(minutes, i18n.locale);
  const value = (limit: number, unit: string) => valueShown(limit, unit, i18n.locale);

  /** Beyond which limits. */
  function limits({ above, below, unit }: { above?: number; below?: number; unit: string }): string {
    if (above !== undefined && below !== undefined)
      return t`above ${value(above, unit)} or below ${value(below, unit)}`;
    if (above !== undefined) return t`above ${value(above, unit)}`;
    return below === undefined ? t`without a limit` : t`below ${value(below, unit)}`;
  }

  function sustained(condition: RuleCondition & { kind: 'level' }): string {
    const how = condition.sustained;
    if (!how) return t`a single reading is enough`;
    if ('minutes' in how) return t`for ${long(how.minutes)}`;
    return t`at least ${how.atLeast} of the last ${how.of} readings`;
  }

  function condition(of: RuleCondition): string {
    if (of.kind === 'level') return t`${nameOf(of.code)} ${limits(of)}: ${sustained(of)}`;
    if (of.kind === 'gap') return t`${nameOf(of.code)}: nothing has come for ${long(of.minutes)}`;
    if (of.kind === 'score')
      return of.single
        ? t`NEWS2 of at least ${of.total}, or 3 in a single part of it`
        : t`NEWS2 of at least ${of.total}`;
    const { rises, falls, unit, withinMinutes } = of;
    const name = nameOf(of.code);
    if (rises !== undefined && falls !== undefined)
      return t`${name} rises by ${value(rises, unit)} or falls by ${value(falls, unit)} within ${long(withinMinutes)}`;
    return rises === undefined
      ? t`${name} falls by ${value(falls ?? 0, unit)} within ${long(withinMinutes)}`
      : t`${name} rises by ${value(rises, unit)} within ${long(withinMinutes)}`;
  }

  /** When it is over again; nothing where it is as soon as a reading is normal. */
  function clear({ clear: rule, condition: of }: RuleDocument): string | undefined {
    if (!rule) return undefined;
    const unit = 'unit' in of ? of.unit : '';
    const edges = [
      ...(rule.below === undefined ? [] : [t`below ${value(rule.below, unit)}`]),
      ...(rule.above === undefined ? [] : [t`above ${value(rule.above, unit)}`]),
    ].join(', ');
    const within = edges === '' ? t`within the limits` : edges;
    return rule.minutes === undefined
      ? t`Over after ${rule.readings} normal readings in a row, ${within}`
      : t`Over after ${rule.readings} normal readings in a row over ${long(rule.minutes)}, ${within}`;
  }

  return { condition, clear, long };
}

/** Which measures a rule looks at. */
export const codesOf = (condition: RuleCondition): readonly string[] =>
  condition.kind === 'score' ? scoreCodes : [condition.code];

/** The limits that can be drawn: of a level alone, and where it is over again. */
export function limitsOf({ condition, clear }: Pick<RuleDocument, 'condition' | 'clear'>): Limit[] {
  if (condition.kind !== 'level') return [];
  const limits = [condition.above, condition.below].filter((value) => value !== undefined) as number[];
  const clears = [clear?.above, clear?.below].filter((value) => value !== undefined) as number[];
  return [...limits.map((value) => ({ value })), ...clears.map((value) => ({ value, isClear: true }))];
}
