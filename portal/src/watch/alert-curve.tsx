import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useCurveBetween } from '../api/readings.ts';
import type { Alert, Curve, RuleDocument } from '../api/types.ts';
import { CurveChart } from '../curve/curve-chart.tsx';
import { CurveTable } from '../curve/curve-table.tsx';
import { now } from '../time/server-clock.ts';
import { ChoiceField } from '../ui/field.tsx';
import { Remote } from '../ui/remote.tsx';
import { useMeasureName } from '../words/use-measure-name.ts';
import { codesOf, limitsOf } from './rule-words.ts';

const hourMs = 3_600_000;
/** What is shown before and after it, in hours; and of each reading no more than the service gives at once. */
const [hoursBefore, hoursAfter] = [12, 6];
const daysMax = 30;

/** From when to when an alert is looked at: with what came before it, and what came after. Whole quarters of an hour, so that it stays. */
export function windowOf({ since, clearedAt }: Pick<Alert, 'since' | 'clearedAt'>, at: number) {
  const quarter = hourMs / 4;
  const from = Date.parse(since) - hoursBefore * hourMs;
  const end = clearedAt === undefined ? at : Math.min(at, Date.parse(clearedAt) + hoursAfter * hourMs);
  const to = Math.min(end, from + daysMax * 24 * hourMs);
  return {
    from: new Date(Math.floor(from / quarter) * quarter).toISOString(),
    to: new Date(Math.ceil(to / quarter) * quarter).toISOString(),
  };
}

interface Props {
  alert: Alert;
  /** The rule as it was when it rang. */
  document: Pick<RuleDocument, 'condition' | 'clear'>;
  /** Of those that led to it. */
  readingIds: readonly string[];
}

/** The patient's curve around an alert, with the rule drawn in it. */
export function AlertCurve({ alert, document, readingIds }: Props) {
  const { t } = useLingui();
  const nameOf = useMeasureName();
  const codes = codesOf(document.condition);
  const [chosen, choose] = useState<string>();
  const code = chosen ?? (codes[0] as string);
  const { from, to } = windowOf(alert, now());
  const curve = useCurveBetween(alert.patientId, code, from, to);
  return (
    <section className="grid gap-4">
      <h2>
        <Trans>The curve around it</Trans>
      </h2>
      {codes.length > 1 && (
        <ChoiceField label={t`Which measure?`} value={code} onChange={(event) => choose(event.target.value)}>
          {codes.map((each) => (
            <option key={each} value={each}>
              {nameOf(each)}
            </option>
          ))}
        </ChoiceField>
      )}
      <Remote
        of={curve}
        label={t`the curve`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>Nothing came of this in the hours around the alert.</Trans>}
      >
        {(found) => (
          <>
            <CurveChart
              curve={found}
              limits={limitsOf(document)}
              mark={{ from: alert.since, to: alert.clearedAt ?? found.to, label: <Trans>The alert</Trans> }}
            />
            <LedToIt curve={found} readingIds={readingIds} name={nameOf(code, found.name)} />
          </>
        )}
      </Remote>
    </section>
  );
}

function LedToIt({ curve, readingIds, name }: { curve: Curve; readingIds: readonly string[]; name: string }) {
  const { t } = useLingui();
  const led = new Set(readingIds);
  const items = curve.items.filter(({ id }) => id !== undefined && led.has(id));
  return (
    <>
      {items.length > 0 && (
        <div className="grid gap-2">
          <h3 className="font-semibold">
            <Trans>Readings that led to it</Trans>
          </h3>
          <CurveTable curve={{ ...curve, items, gaps: [] }} name={t`${name}: those that led to it`} />
        </div>
      )}
      <details>
        <summary className="cursor-pointer text-accent">
          <Trans>All readings around it, as a table</Trans>
        </summary>
        <div className="pt-3">
          <CurveTable curve={curve} name={name} />
        </div>
      </details>
    </>
  );
}
