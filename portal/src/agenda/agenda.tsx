import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Appointment, Slot } from '../api/types.ts';
import { arrange, canMove, hoursOf } from './arrange.ts';
import { Entry } from './entry.tsx';
import { rowPx, rowsAnHour, type Target } from './grid.ts';
import { nearestTo, neighbourOf, type Span, type Stop, timelineOf } from './timeline.ts';
import { Time } from './times.tsx';
import { useMoving } from './use-moving.ts';

export interface Column {
  /** Of the practitioner. */
  id: string;
  name: string;
  appointments: readonly Appointment[];
  /** Times that are offered, and when the practitioner receives; undefined while that is not known. */
  free?: readonly Slot[];
  open?: readonly Span[];
  /** In the place of appointments: loading, or failed. */
  instead?: ReactNode;
}

interface Props {
  day: string;
  columns: readonly Column[];
  onOpen: (appointment: Appointment) => void;
  onMove: (appointment: Appointment, to: Target) => void;
  /** At a time, which may not be offered; without one at any. */
  onBook: (practitionerId: string, from?: number) => void;
  /** `/` pressed in the grid. */
  onSearch: () => void;
}

/**
 * A day of several practitioners side by side. It is one stop of the Tab key: arrows lead from one time to another, whether somebody
 * comes then, it is free, or it is not offered, and Enter opens, books or says why. Its keys that are letters work in it alone.
 */
export function Agenda({ day, columns, onOpen, onMove, onBook, onSearch }: Props) {
  const { t } = useLingui();
  const grid = useRef<HTMLElement>(null);
  const [focused, setFocused] = useState<{ key: string; from: number; columnId: string }>();
  const [said, setSaid] = useState('');
  const placed = columns.map(({ appointments }) => arrange(appointments, day));
  const [first, last] = hoursOf(placed);
  const shown = { from: first * 60, to: last * 60 };
  const stops = columns.map((each, nth) =>
    each.instead ? [] : timelineOf({ ...each, placed: placed[nth] ?? [] }, shown),
  );
  const all = stops.flat();
  const at = useMoving({ columns, shown, onMove, say: setSaid });
  const current = currentOf(stops, columns, focused) ?? all.find(({ kind }) => kind === 'appointment') ?? all[0];

  const currentKey = current?.key;
  useEffect(() => {
    if (at.moving && !all.some(({ key }) => key === at.moving?.id)) at.forget();
    // What had the focus is something else by now: a free time that was booked, say.
    const isLost = focused && focused.key !== currentKey && document.activeElement === document.body;
    if (isLost && currentKey) find(grid.current, currentKey)?.focus({ preventScroll: true });
  });

  function onKey(event: KeyboardEvent, stop: Stop) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (stop.kind === 'appointment' && at.onKey(event, stop.placed)) return event.preventDefault();
    if (at.moving) return;
    if (event.key === '/') {
      event.preventDefault();
      return onSearch();
    }
    if (event.key.toLowerCase() === 'm' && stop.kind === 'appointment' && canMove(stop.placed.appointment)) {
      event.preventDefault();
      return at.take(stop.placed);
    }
    const next = neighbourOf(stops, stop.key, event.key);
    if (!next) return;
    event.preventDefault();
    find(grid.current, next.key)?.focus();
  }

  const columnAt = (x: number, otherwise: string): string =>
    [...(grid.current?.querySelectorAll<HTMLElement>('[data-column]') ?? [])].find((each) => {
      const { left, right } = each.getBoundingClientRect();
      return left <= x && x < right;
    })?.dataset.column ?? otherwise;

  return (
    <div className="grid gap-2">
      <p className="text-sm text-quiet">
        <Trans>
          Arrows lead from one time to another. Enter opens an appointment, books a free time, and says why another is
          not offered. M moves an appointment, / searches a patient.
        </Trans>
      </p>
      <p role="status" className="sr-only">
        {said}
      </p>
      <section
        ref={grid}
        aria-label={t`Agendas`}
        className="flex overflow-x-auto rounded-card border border-line bg-surface"
      >
        <Hours first={first} last={last} />
        {columns.map((column, nth) => (
          <section
            key={column.id}
            data-column={column.id}
            aria-label={column.name}
            className="agenda-column min-w-36 flex-1 border-l border-line"
          >
            <ColumnHead name={column.name} onBook={() => onBook(column.id)} />
            {column.instead ?? (
              <ol className="agenda-lines relative" style={{ height: (last - first) * rowsAnHour * rowPx }}>
                {stops[nth]?.map((stop) => {
                  const usual = {
                    origin: shown.from,
                    isStop: stop.key === currentKey,
                    onFocus: () => setFocused({ key: stop.key, from: stop.from, columnId: column.id }),
                    onKeyDown: (event: KeyboardEvent) => onKey(event, stop),
                  };
                  if (stop.kind !== 'appointment')
                    return (
                      <li key={stop.key}>
                        <Time {...usual} stop={stop} onTake={(from) => onBook(column.id, from)} />
                      </li>
                    );
                  const target = (from: number, x: number) => ({ from, practitionerId: columnAt(x, column.id) });
                  return (
                    <Entry
                      key={stop.key}
                      {...usual}
                      placed={stop.placed}
                      movedTo={at.shownAt(stop.placed)}
                      onOpen={() => !at.moving && onOpen(stop.placed.appointment)}
                      onDrag={(from, x) => at.drag(stop.placed, target(from, x))}
                      onDrop={(from, x) => at.drop(stop.placed, target(from, x))}
                    />
                  );
                })}
              </ol>
            )}
          </section>
        ))}
      </section>
    </div>
  );
}

/** What has the focus, or what stands in its place by now. */
function currentOf(
  stops: Stop[][],
  columns: readonly Column[],
  focused: { key: string; from: number; columnId: string } | undefined,
): Stop | undefined {
  if (!focused) return undefined;
  const same = stops.flat().find(({ key }) => key === focused.key);
  return same ?? nearestTo(stops[columns.findIndex(({ id }) => id === focused.columnId)] ?? [], focused.from);
}

const find = (grid: HTMLElement | null, key: string) =>
  [...(grid?.querySelectorAll<HTMLElement>('[data-stop]') ?? [])].find(({ dataset }) => dataset.stop === key);

function ColumnHead({ name, onBook }: { name: string; onBook: () => void }) {
  const { t } = useLingui();
  return (
    <div className="sticky top-0 flex h-16 items-center justify-between gap-2 border-b border-line bg-surface px-2 text-sm">
      <h2 className="text-sm leading-tight">{name}</h2>
      <button
        type="button"
        onClick={onBook}
        aria-label={t`Book with ${name}`}
        className="grid size-8 shrink-0 cursor-pointer place-items-center rounded-field border border-edge text-accent"
      >
        <span aria-hidden="true">+</span>
      </button>
    </div>
  );
}

const Hours = ({ first, last }: { first: number; last: number }) => (
  <div aria-hidden="true" className="w-12 shrink-0 pt-16 text-right text-xs text-quiet">
    {Array.from({ length: last - first }, (_, nth) => first + nth).map((hour) => (
      <div key={hour} className="pr-2" style={{ height: rowsAnHour * rowPx }}>
        {String(hour).padStart(2, '0')}:00
      </div>
    ))}
  </div>
);
