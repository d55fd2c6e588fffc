import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { tryOut } from '../api/alert-rules.ts';
import { useWatch } from '../api/alert-watch.ts';
import type { BackTest, RuleDocument } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { Card } from '../ui/page.tsx';
import { BackTestShown } from '../watch/back-test-shown.tsx';
import { useRuleWords } from '../watch/rule-words.ts';
import { documentOf, type RuleDraft, wrongOf } from './rule-draft.ts';
import { type NumberField, numberOf } from './rule-numbers.ts';

interface Props {
  draft: RuleDraft;
  onChange: (change: Partial<RuleDraft>) => void;
  before?: RuleDocument;
  patientId?: string;
}

interface Tried {
  id: number;
  document: RuleDocument;
  result: BackTest;
}

/** How many tries stay to be compared. */
const triesMax = 6;
const lengths = [7, 30, 90];

/**
 * What if? Limits are moved, and what the rule would have done on stored readings stands side by side. Nothing is stored of it, and
 * nobody is told.
 */
export function RuleTry({ draft, onChange, before, patientId }: Props) {
  const { t } = useLingui();
  const words = useRuleWords();
  const { data: settings } = useWatch();
  const [days, setDays] = useState(30);
  const [tries, setTries] = useState<Tried[]>([]);
  const trying = useMutation({
    mutationFn: async (document: RuleDocument) => ({ document, result: await tryOut(document, days, patientId) }),
    onSuccess: (tried) => setTries((all) => [{ id: (all[0]?.id ?? 0) + 1, ...tried }, ...all].slice(0, triesMax)),
  });
  // What it is called and whom it tells changes nothing of when it rings, except who is called: those are needed.
  const wrong = wrongOf({ ...draft, title: draft.title || '–' });
  const [latest] = tries;
  return (
    <Card className="grid gap-4">
      <h2>
        <Trans>What if?</Trans>
      </h2>
      <p className="text-sm text-quiet">
        <Trans>Move the limits, and see what the rule would have done. Nothing is stored, and nobody is told.</Trans>
      </p>
      <Sliders draft={draft} onChange={onChange} />
      <div className="flex flex-wrap items-end gap-3">
        <ChoiceField
          label={t`On readings of so many days`}
          value={String(days)}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {lengths.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </ChoiceField>
        <Button
          disabled={wrong.length > 0}
          isBusy={trying.isPending}
          onClick={() => trying.mutate(documentOf({ ...draft, title: draft.title || '–' }, before))}
        >
          <Trans>Try it out</Trans>
        </Button>
      </div>
      {wrong.length > 0 && (
        <p className="text-sm text-quiet">
          <Trans>Fill in the limits and who is told first.</Trans>
        </p>
      )}
      {trying.error && <Failure error={trying.error} />}
      <p role="status" className="sr-only">
        {trying.isPending && t`Trying it out`}
        {trying.isSuccess && t`Tried out: ${trying.data.result.alerts} alerts`}
      </p>
      {latest && (
        <>
          <p className="font-semibold">{words.condition(latest.document.condition)}</p>
          <BackTestShown of={latest.result} budget={settings?.alertsADay} />
        </>
      )}
      {tries.length > 1 && <Compared tries={tries} />}
    </Card>
  );
}

/** The numbers that make the most of a difference, from where to where they can be moved. */
function slidersOf({ kind, code, sustained, above, below }: RuleDraft): [NumberField, number, number, number][] {
  const range: [number, number, number] = ranges[code] ?? [0, 300, 1];
  const many: [NumberField, number, number, number] = ['minutes', 1, 240, 1];
  if (kind === 'gap') return [['gap', 30, 10_080, 30]];
  if (kind === 'score') return [['total', 1, 20, 1]];
  if (kind === 'rate') return [['within', 5, 1_440, 5]];
  return [
    ...(above.trim() === '' ? [] : ([['above', ...range]] as [NumberField, number, number, number][])),
    ...(below.trim() === '' ? [] : ([['below', ...range]] as [NumberField, number, number, number][])),
    ...(sustained === 'minutes' ? [many] : []),
  ];
}

/** From where to where limits are moved, in which steps: where values of people are. */
const ranges: Record<string, [number, number, number]> = {
  '8867-4': [30, 200, 1],
  '40443-4': [30, 160, 1],
  '9279-1': [5, 50, 1],
  '59408-5': [70, 100, 1],
  '8480-6': [70, 220, 1],
  '8462-4': [40, 140, 1],
  '8310-5': [34, 42, 0.1],
  '29463-7': [30, 200, 0.5],
  '2339-0': [40, 400, 1],
  '99504-3': [40, 400, 1],
};

function Sliders({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const { t } = useLingui();
  const names: Partial<Record<NumberField, string>> = {
    ...{ above: t`Above`, below: t`Below`, minutes: t`For so many minutes`, gap: t`Nothing for so many minutes` },
    ...{ total: t`At least so many points`, within: t`within so many minutes` },
  };
  return slidersOf(draft).map(([field, least, most, step]) => (
    <Slider
      key={field}
      label={names[field]}
      {...{ least, most, step }}
      value={numberOf(draft[field]) ?? least}
      onChange={(value) => onChange({ [field]: String(value) })}
    />
  ));
}

interface SliderProps {
  label: ReactNode;
  least: number;
  most: number;
  step: number;
  value: number;
  onChange: (value: number) => void;
}

function Slider({ label, least, most, step, value, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <div className="flex justify-between gap-4">
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        <output htmlFor={id} className="tabular-nums">
          {value}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={Math.min(least, value)}
        max={Math.max(most, value)}
        step={step}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
        className="min-h-9 w-full accent-accent"
      />
    </div>
  );
}

/** What was tried before, the latest first. */
function Compared({ tries }: { tries: readonly Tried[] }) {
  const { i18n, t } = useLingui();
  const words = useRuleWords();
  const number = (value: number) => new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 2 }).format(value);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the screen is scrolled by keys as well.
    <section tabIndex={0} aria-label={t`What was tried, side by side`} className="overflow-x-auto">
      <table className="w-full border-collapse text-left text-sm">
        <thead>
          <tr className="border-b border-edge">
            <th scope="col" className="py-1 pr-3">
              <Trans>When it rings</Trans>
            </th>
            <th scope="col" className="py-1 pr-3">
              <Trans>Days</Trans>
            </th>
            <th scope="col" className="py-1 pr-3">
              <Trans>Alerts a day</Trans>
            </th>
            <th scope="col" className="py-1">
              <Trans>At night</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {tries.map(({ id, document, result }) => (
            <tr key={id} className="border-b border-line">
              <th scope="row" className="py-1 pr-3 font-normal">
                {words.condition(document.condition)}
              </th>
              <td className="py-1 pr-3 tabular-nums">{result.days}</td>
              <td className="py-1 pr-3 font-semibold tabular-nums">{number(result.alertsADay)}</td>
              <td className="py-1 tabular-nums">{number(result.atNight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
