import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { type Resolution, useLatestCurve, useMeasures } from '../api/readings.ts';
import type { CurvePoint, MeasureSummary } from '../api/types.ts';
import { momentAt, ownZone } from '../time/zone.ts';
import { Choices } from '../ui/choices.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { valueShown } from '../words/measures.ts';
import { useMeasureName } from '../words/use-measure-name.ts';
import { CurveChart } from './curve-chart.tsx';
import { CurveTable } from './curve-table.tsx';
import { resolutionOf, type Span, spanNames, spans } from './spans.ts';

interface Props {
  patientId: string;
  /** What can be done with a reading of a measure. */
  beside?: (point: CurvePoint, code: string) => ReactNode;
}

/** What is measured of a patient: which measures there are, and the curve of one. */
export function Readings({ patientId, beside }: Props) {
  const { t } = useLingui();
  const measures = useMeasures(patientId);
  const [code, choose] = useState<string>();
  return (
    <Remote
      of={measures}
      label={t`what is measured`}
      isNone={({ items }) => items.length === 0}
      none={<Trans>Nothing has come yet. Pair a device first; what it sends is shown here.</Trans>}
    >
      {({ items }) => {
        const measure = items.find((each) => each.code === code) ?? (items[0] as MeasureSummary);
        return (
          <>
            <Latest items={items} />
            <Measure
              key={measure.code}
              patientId={patientId}
              measure={measure}
              items={items}
              onChoose={choose}
              beside={beside && ((point) => beside(point, measure.code))}
            />
          </>
        );
      }}
    </Remote>
  );
}

/** The last value of each measure, with its age: the first thing that anybody wants to know. */
function Latest({ items }: { items: readonly MeasureSummary[] }) {
  const { i18n } = useLingui();
  const nameOf = useMeasureName();
  return (
    <ul className="grid gap-2 tablet:grid-cols-2">
      {items.map(({ code, name, unit, lastValue, lastAt }) => (
        <li key={code}>
          <Card className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
            <span>{nameOf(code, name)}</span>
            <span className="text-lg font-semibold tabular-nums">{valueShown(lastValue, unit, i18n.locale)}</span>
            <span className="basis-full text-sm text-quiet">{momentAt(lastAt, ownZone(), i18n.locale)}</span>
          </Card>
        </li>
      ))}
    </ul>
  );
}

interface MeasureProps {
  patientId: string;
  measure: MeasureSummary;
  items: readonly MeasureSummary[];
  onChoose: (code: string) => void;
  beside?: (point: CurvePoint) => ReactNode;
}

function Measure({ patientId, measure: { code, name }, items, onChoose, beside }: MeasureProps) {
  const { t } = useLingui();
  const nameOf = useMeasureName();
  const [span, setSpan] = useState<Span>('week');
  const [wanted, want] = useState<Resolution>();
  const resolution = resolutionOf(span, wanted);
  const curve = useLatestCurve({ patientId, code, resolution }, spans[span].days);
  const spanWords: Record<Span, string> = { day: t`a day`, week: t`a week`, month: t`30 days`, year: t`a year` };
  const words: Record<Resolution, string> = {
    raw: t`each reading`,
    hourly: t`by the hour`,
    daily: t`by the day`,
  };
  return (
    <section className="grid gap-4">
      <h2>
        <Trans>Curve</Trans>
      </h2>
      <div className="grid items-end gap-4 tablet:grid-cols-2">
        <ChoiceField label={t`Which measure?`} value={code} onChange={(event) => onChoose(event.target.value)}>
          {items.map((each) => (
            <option key={each.code} value={each.code}>
              {nameOf(each.code, each.name)}
            </option>
          ))}
        </ChoiceField>
        <ChoiceField
          label={t`How exactly?`}
          value={resolution}
          onChange={(event) => want(event.target.value as Resolution)}
        >
          {spans[span].resolutions.map((each) => (
            <option key={each} value={each}>
              {words[each]}
            </option>
          ))}
        </ChoiceField>
      </div>
      <Choices
        isOne
        isRow
        legend={<Trans>The last</Trans>}
        options={spanNames.map((value) => ({ value, label: spanWords[value] }))}
        chosen={[span]}
        onChange={([next = span]) => setSpan(next)}
      />
      <Remote
        of={curve}
        label={t`the curve`}
        isNone={(found) => found.items.length === 0}
        none={<Trans>Nothing came in this time. Choose a longer one.</Trans>}
      >
        {(found) => (
          <>
            <CurveChart curve={found} />
            <details>
              <summary className="cursor-pointer text-accent">
                <Trans>The same as a table</Trans>
              </summary>
              <div className="pt-3">
                <CurveTable
                  curve={found}
                  name={nameOf(code, name)}
                  beside={found.resolution === 'raw' ? beside : undefined}
                />
              </div>
            </details>
            {beside && found.resolution !== 'raw' && (
              <p className="text-sm text-quiet">
                <Trans>Choose “each reading” to put one into the medical record.</Trans>
              </p>
            )}
          </>
        )}
      </Remote>
    </section>
  );
}
