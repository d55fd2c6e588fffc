import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import type { Curve, CurvePoint } from '../api/types.ts';
import { dateAt, dateInWords, momentAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { flagNames } from '../words/alerts.ts';
import { valueShown } from '../words/measures.ts';
import { amountOf } from './plot.ts';

interface Props {
  curve: Curve;
  /** Names it, for those who hear the page. */
  name: string;
  /** What can be done with a reading. */
  beside?: (point: CurvePoint) => ReactNode;
}

/** How many lines are shown before somebody asks for all. */
const shownAtFirst = 50;

type Line = { is: 'point'; at: string; point: CurvePoint } | { is: 'gap'; at: string; to: string };

/** A gap stands before the reading with which it began. */
const placeOf = (line: Line): number => Date.parse(line.is === 'gap' ? line.to : line.at) - (line.is === 'gap' ? 1 : 0);

/** The readings and gaps of a curve, the latest first: for those who do not see it, and for who wants to know exactly. */
export function CurveTable({ curve, name, beside }: Props) {
  const { i18n, t } = useLingui();
  const [isWhole, setWhole] = useState(false);
  const lines = linesOf(curve);
  const shown = isWhole ? lines : lines.slice(0, shownAtFirst);
  const isRaw = curve.resolution === 'raw';
  const count = lines.length;
  const at = (instant: string) =>
    curve.resolution === 'daily'
      ? dateInWords(dateAt(instant, curve.zone), i18n.locale, 'medium')
      : momentAt(instant, curve.zone, i18n.locale);
  const shownValue = (point: CurvePoint): string => {
    const value = amountOf(point);
    return value === undefined ? '–' : valueShown(value, curve.unit, i18n.locale);
  };
  const range = ({ low, high }: CurvePoint): string =>
    low === undefined || high === undefined
      ? ''
      : `${valueShown(low, curve.unit, i18n.locale)} – ${valueShown(high, curve.unit, i18n.locale)}`;
  return (
    <div className="grid gap-3">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the screen is scrolled by keys as well. */}
      <section className="overflow-x-auto" tabIndex={0} aria-label={t`Readings: ${name}`}>
        <table className="w-full border-collapse text-left text-sm">
          <caption className="sr-only">{t`Readings: ${name}`}</caption>
          <thead>
            <tr className="border-b border-edge">
              <th scope="col" className="py-1 pr-3">
                <Trans>When</Trans>
              </th>
              <th scope="col" className="py-1 pr-3">
                <Trans>Value</Trans>
              </th>
              <th scope="col" className="py-1 pr-3">
                {isRaw ? <Trans>What to know of it</Trans> : <Trans>Lowest and highest</Trans>}
              </th>
              {beside && (
                <th scope="col" className="py-1">
                  <Trans>Medical record</Trans>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((line) =>
              line.is === 'gap' ? (
                <tr key={`gap ${line.at}`} className="border-b border-line text-quiet">
                  <td colSpan={beside ? 4 : 3} className="py-1">
                    <Trans>
                      Nothing came from {momentAt(line.at, curve.zone, i18n.locale)} to{' '}
                      {momentAt(line.to, curve.zone, i18n.locale)}
                    </Trans>
                  </td>
                </tr>
              ) : (
                <tr key={line.point.id ?? line.at} className="border-b border-line">
                  <td className="py-1 pr-3 whitespace-nowrap">{at(line.at)}</td>
                  <td className="py-1 pr-3 font-semibold tabular-nums">{shownValue(line.point)}</td>
                  <td className="py-1 pr-3 text-quiet">{isRaw ? <Known of={line.point} /> : range(line.point)}</td>
                  {beside && <td className="py-1">{beside(line.point)}</td>}
                </tr>
              ),
            )}
          </tbody>
        </table>
      </section>
      {shown.length < count && (
        <div>
          <Button size="desk" onClick={() => setWhole(true)}>
            <Trans>Show all {count}</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

function linesOf({ items, gaps }: Curve): Line[] {
  const lines: Line[] = [
    ...items.map((point) => ({ is: 'point' as const, at: point.at, point })),
    ...gaps.map(({ from, to }) => ({ is: 'gap' as const, at: from, to })),
  ];
  return lines.sort((a, b) => placeOf(b) - placeOf(a));
}

function Known({ of: { certainty, flags = [], version = 1 } }: { of: CurvePoint }) {
  const { i18n, t } = useLingui();
  const words = [
    ...(certainty === 'doubtful' ? [t`perhaps of somebody else: it counts for nothing`] : []),
    ...(certainty === 'likely' ? [t`most likely of the patient`] : []),
    ...flags.map((flag) => (flagNames[flag] ? i18n._(flagNames[flag]) : flag)),
    ...(version > 1 ? [t`corrected since it came`] : []),
  ];
  return words.join(', ');
}
