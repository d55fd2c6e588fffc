import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Curve } from '../api/types.ts';
import { dateAt, shortDateInWords, timeAt } from '../time/zone.ts';
import { valueShown } from '../words/measures.ts';
import { useMeasureName } from '../words/use-measure-name.ts';
import { type Limit, type Plot, plotOf, type Spot, summed } from './plot.ts';

/** What else happened while it was measured: from when to when, and what it is called. */
export interface Mark {
  from: string;
  to: string;
  label: ReactNode;
}

interface Props {
  curve: Curve;
  limits?: readonly Limit[];
  /** The part of the time that is asked about. */
  mark?: Mark;
}

/** How many times are named below. */
const timesNamed = 4;
const dayMs = 86_400_000;

/**
 * A curve, with times without readings as gaps, and the limits of a rule in it. What it says stands in words above it, and each
 * reading in the table beside it, for those who do not see it.
 */
export function CurveChart({ curve, limits = [], mark }: Props) {
  const { i18n } = useLingui();
  const plot = plotOf(curve, limits);
  const name = useMeasureName()(curve.code, curve.name);
  const at = placeIn(curve);
  return (
    <figure className="grid gap-2">
      <figcaption className="text-sm">
        <span className="font-semibold">{name}: </span>
        <CurveInWords curve={curve} />
      </figcaption>
      <div className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2" aria-hidden="true">
        <div className="relative h-56 text-right text-xs text-quiet tabular-nums">
          {plot.heights.map(({ value, y }) => (
            <span key={value} className="absolute right-0 translate-y-1/2" style={{ bottom: `${y * 100}%` }}>
              {valueShown(value, '', i18n.locale)}
            </span>
          ))}
        </div>
        <div className="relative h-56 overflow-hidden rounded-field border border-line bg-surface">
          {mark && (
            <span
              className="absolute inset-y-0 border-x-2 border-bad bg-bad-paper"
              style={{
                left: `${at(mark.from) * 100}%`,
                width: `${Math.max(0.3, (at(mark.to) - at(mark.from)) * 100)}%`,
              }}
            />
          )}
          {plot.gaps.map(({ from, to }) => (
            <span
              key={from}
              className="absolute inset-y-0 border-x border-dashed border-edge bg-paper"
              style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
            />
          ))}
          <Picture plot={plot} isAmount={curve.kind === 'amount'} />
          {plot.limits.map(({ value, y, isClear }) => (
            <span
              key={`${value} ${isClear}`}
              className={`absolute right-1 bg-surface px-1 text-xs ${isClear ? 'text-quiet' : 'font-semibold text-bad'}`}
              style={{ bottom: `calc(${y * 100}% + 1px)` }}
            >
              {isClear ? (
                <Trans>over again at {valueShown(value, curve.unit, i18n.locale)}</Trans>
              ) : (
                valueShown(value, curve.unit, i18n.locale)
              )}
            </span>
          ))}
        </div>
        <div className="col-start-2 flex justify-between pt-1 text-xs text-quiet">
          {timesIn(curve).map((each) => (
            <span key={each}>{timeNamed(each, curve, i18n.locale)}</span>
          ))}
        </div>
      </div>
      {mark && (
        <p className="flex items-center gap-2 text-sm">
          <span aria-hidden="true" className="size-4 border-x-2 border-bad bg-bad-paper" />
          {mark.label}
        </p>
      )}
      {plot.gaps.length > 0 && (
        <p className="flex items-center gap-2 text-sm text-quiet">
          <span aria-hidden="true" className="size-4 border-x border-dashed border-edge bg-paper" />
          <Trans>Nothing came: nothing is drawn there, for nobody knows.</Trans>
        </p>
      )}
      {plot.doubtful.length > 0 && (
        <p className="flex items-center gap-2 text-sm text-quiet">
          <span aria-hidden="true" className="size-3 rounded-full border-2 border-warn" />
          <Trans>Doubtful, or not possible: it counts for nothing.</Trans>
        </p>
      )}
    </figure>
  );
}

/** What the curve says, for everybody. */
function CurveInWords({ curve }: { curve: Curve }) {
  const { i18n } = useLingui();
  const { count, low, high, last, gaps } = summed(curve);
  const shown = (value: number) => valueShown(value, curve.unit, i18n.locale);
  return (
    <>
      <Plural value={count} one="# reading" other="# readings" />
      {low !== undefined && high !== undefined && (
        <>
          {', '}
          <Trans>
            from {shown(low)} to {shown(high)}
          </Trans>
        </>
      )}
      {last !== undefined && (
        <>
          {', '}
          <Trans>the last {shown(last)}</Trans>
        </>
      )}
      {gaps > 0 && (
        <>
          {'; '}
          <Plural value={gaps} one="# gap without any" other="# gaps without any" />
        </>
      )}
    </>
  );
}

const [width, height] = [1_000, 300];
const placed = ({ x, y }: Spot): string => `${(x * width).toFixed(1)} ${((1 - y) * height).toFixed(1)}`;
const thin = { vectorEffect: 'non-scaling-stroke', fill: 'none' } as const;

/** Stretched to the room that there is; its strokes keep their width. */
function Picture({ plot, isAmount }: { plot: Plot; isAmount: boolean }) {
  const bar = Math.min(20, width / Math.max(1, plot.lines.flat().length) / 2);
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full"
    >
      {plot.heights.map(({ value, y }) => (
        <path key={value} d={`M ${placed({ x: 0, y })} H ${width}`} className="stroke-line" strokeWidth={1} {...thin} />
      ))}
      {plot.ranges.map((range) => {
        const edge = [...range.map(({ high }) => high), ...range.map(({ low }) => low).reverse()];
        return <path key={edge[0]?.x} d={`M ${edge.map(placed).join(' L ')} Z`} className="fill-accent-paper" />;
      })}
      {isAmount
        ? plot.lines
            .flat()
            .map((spot) => (
              <path
                key={spot.x}
                d={`M ${placed({ ...spot, y: 0 })} L ${placed(spot)}`}
                className="stroke-accent"
                strokeWidth={Math.max(2, bar)}
                {...thin}
              />
            ))
        : plot.lines.map((line) => (
            <path
              key={line[0]?.x}
              // One alone is a point: a stroke without length, with a round end.
              d={line.length > 1 ? `M ${line.map(placed).join(' L ')}` : `M ${placed(line[0] as Spot)} h 0.01`}
              className="stroke-accent"
              strokeWidth={line.length > 1 ? 2 : 6}
              strokeLinecap="round"
              strokeLinejoin="round"
              {...thin}
            />
          ))}
      {plot.doubtful.map((spot) => (
        <path
          key={`${spot.x} ${spot.y}`}
          d={`M ${placed(spot)} h 0.01`}
          className="stroke-warn"
          strokeWidth={7}
          strokeLinecap="round"
          {...thin}
        />
      ))}
      {plot.limits.map(({ y, value, isClear }) => (
        <path
          key={`${value} ${isClear}`}
          d={`M ${placed({ x: 0, y })} H ${width}`}
          className={isClear ? 'stroke-quiet' : 'stroke-bad'}
          strokeWidth={isClear ? 1 : 2}
          strokeDasharray={isClear ? '2 4' : '8 4'}
          {...thin}
        />
      ))}
    </svg>
  );
}

const placeIn =
  ({ from, to }: Curve) =>
  (at: string): number =>
    Math.min(1, Math.max(0, (Date.parse(at) - Date.parse(from)) / Math.max(1, Date.parse(to) - Date.parse(from))));

const timesIn = ({ from, to }: Curve): string[] => {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return Array.from({ length: timesNamed }, (_, nth) =>
    new Date(begin + ((end - begin) * nth) / (timesNamed - 1)).toISOString(),
  );
};

const timeNamed = (at: string, { from, to, zone }: Curve, language: string): string =>
  Date.parse(to) - Date.parse(from) <= 2 * dayMs
    ? timeAt(at, zone, language)
    : shortDateInWords(dateAt(at, zone), language);
