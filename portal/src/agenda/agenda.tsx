import { Trans, useLingui } from '@lingui/react/macro';
import { type FocusEvent, type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Appointment, Slot } from '../api/types.ts';
import { useDelayed } from '../frame/delayed.ts';
import { remembered } from '../ui/remembered.ts';
import { arrange, canMove, hoursOf } from './arrange.ts';
import { type Column, ColumnOfDay } from './column.tsx';
import { rowPx, rowsAnHour, type Target } from './grid.ts';
import type { Names } from './names.ts';
import { nearestTo, neighbourOf, type Stop, timelineOf } from './timeline.ts';
import { pointedAt } from './times.tsx';
import { useDragging } from './use-dragging.ts';
import { useMoving } from './use-moving.ts';

interface Props {
  day: string;
  columns: readonly Column[];
  names: Names;
  onOpen: (appointment: Appointment) => void;
  onMove: (appointment: Appointment, to: Target) => void;
  /** At a time, which may not be offered; without one at any. */
  onBook: (practitionerId: string, from?: number, /** The time that is offered there. */ slot?: Slot) => void;
  /** `/` pressed in the grid. */
  onSearch: () => void;
}

const placedOn = remembered(arrange);
const stopsOf = remembered(
  (
    placed: ReturnType<typeof arrange>,
    id: string,
    free: Column['free'],
    open: Column['open'],
    from: number,
    to: number,
  ) => timelineOf({ id, placed, free, open }, { from, to }),
);
const none: readonly Stop[] = [];

/**
 * A day of several practitioners side by side. It is one stop of the Tab key: arrows lead from one time to another, whether somebody
 * comes then, it is free, or it is not offered, and Enter opens, books or says why. Its keys that are letters work in it alone.
 * What is done with any of the hundreds of times is heard here, once for all of them.
 */
export function Agenda({ day, columns, names, onOpen, onMove, onBook, onSearch }: Props) {
  const { t } = useLingui();
  const grid = useRef<HTMLElement>(null);
  const [focused, setFocused] = useState<{ key: string; from: number; columnId: string }>();
  const [said, setSaid] = useState('');
  const { waiting } = useDelayed();
  const aboutTo = useMemo(() => new Set(waiting.map(({ id }) => id)), [waiting]);
  const placed = columns.map(({ appointments }) => placedOn(appointments, day));
  const [first, last] = hoursOf(placed);
  const shown = { from: first * 60, to: last * 60 };
  const stops = columns.map(({ id, free, open, instead }, nth) =>
    instead ? none : stopsOf(placed[nth] ?? [], id, free, open, shown.from, shown.to),
  );
  const byKey = new Map(
    columns.flatMap(({ id }, nth) => stops[nth]?.map((stop) => [stop.key, { stop, columnId: id }] as const) ?? []),
  );
  const at = useMoving({ columns, shown, onMove, say: setSaid });
  const { moving } = at;
  const current = currentOf(stops, columns, focused) ?? firstOf(stops);

  const currentKey = current?.key;
  useEffect(() => {
    if (moving && !byKey.has(moving.id)) at.forget();
    // What had the focus is something else by now: a free time that was booked, say.
    const isLost = focused && focused.key !== currentKey && document.activeElement === document.body;
    if (isLost && currentKey) find(grid.current, currentKey)?.focus({ preventScroll: true });
  });
  useEffect(() => {
    // Whoever moves it by keys sees where it is.
    if (moving?.isByKeys) find(grid.current, moving.id)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [moving]);

  /** What an event is about: a time, and what shows it. */
  const timeOf = ({ target }: { target: EventTarget }) => {
    const element = (target as Element).closest<HTMLElement>('[data-stop]');
    const known = byKey.get(element?.dataset.stop ?? '');
    return element && known && { element, ...known };
  };

  const dragging = useDragging({
    placedAt: (target) => {
      const stop = timeOf({ target })?.stop;
      return stop?.kind === 'appointment' ? stop.placed : undefined;
    },
    columnAt: (x) => columnsIn(grid.current).find((each) => isWithin(each, x))?.dataset.column,
    onDrag: at.drag,
    onDrop: at.drop,
  });

  function onFocus(event: FocusEvent) {
    const time = timeOf(event);
    if (time) setFocused({ key: time.stop.key, from: time.stop.from, columnId: time.columnId });
  }

  function onClick(event: MouseEvent) {
    if (event.detail > 0 && dragging.wasDrag()) return;
    const time = timeOf(event);
    if (time?.stop.kind === 'appointment') return moving ? undefined : onOpen(time.stop.placed.appointment);
    if (time) {
      const slot = time.stop.kind === 'free' ? time.stop.slot : undefined;
      return onBook(time.columnId, pointedAt(event, time.stop, time.element), slot);
    }
    const columnId = (event.target as Element).closest('[data-book]')?.closest<HTMLElement>('[data-column]')
      ?.dataset.column;
    if (columnId) onBook(columnId);
  }

  function onKeyDown(event: KeyboardEvent) {
    const stop = timeOf(event)?.stop;
    if (!stop || event.ctrlKey || event.metaKey || event.altKey) return;
    if (stop.kind === 'appointment' && at.onKey(event, stop.placed)) {
      dragging.putBack();
      return event.preventDefault();
    }
    if (moving) return;
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
        onFocus={onFocus}
        onClick={onClick}
        onKeyDown={onKeyDown}
        {...dragging.on}
      >
        <Hours first={first} last={last} />
        {columns.map(({ id, name, zone, instead }, nth) => {
          const isCurrent = byKey.get(currentKey ?? '')?.columnId === id;
          const moved = moving && byKey.get(moving.id)?.columnId === id ? moving : undefined;
          return (
            <ColumnOfDay
              key={id}
              {...{ id, name, zone, instead, first, last, names, aboutTo }}
              stops={stops[nth] ?? none}
              currentKey={isCurrent ? currentKey : undefined}
              movedId={moved?.id}
              movedFrom={moved?.from}
              movedColumns={moved && columns.findIndex((each) => each.id === moved.practitionerId) - nth}
            />
          );
        })}
      </section>
    </div>
  );
}

const firstOf = (stops: readonly (readonly Stop[])[]): Stop | undefined => {
  for (const column of stops) {
    const coming = column.find(({ kind }) => kind === 'appointment');
    if (coming) return coming;
  }
  return stops.find(([each]) => each)?.[0];
};

/** What has the focus, or what stands in its place by now. */
function currentOf(
  stops: readonly (readonly Stop[])[],
  columns: readonly Column[],
  focused: { key: string; from: number; columnId: string } | undefined,
): Stop | undefined {
  if (!focused) return undefined;
  const same = stops.flat().find(({ key }) => key === focused.key);
  return same ?? nearestTo(stops[columns.findIndex(({ id }) => id === focused.columnId)] ?? [], focused.from);
}

const find = (grid: HTMLElement | null, key: string) =>
  grid?.querySelector<HTMLElement>(`[data-stop="${CSS.escape(key)}"]`);

const columnsIn = (grid: HTMLElement | null) => [...(grid?.querySelectorAll<HTMLElement>('[data-column]') ?? [])];

function isWithin(element: Element, x: number): boolean {
  const { left, right } = element.getBoundingClientRect();
  return left <= x && x < right;
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
