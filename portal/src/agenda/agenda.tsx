import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Appointment } from '../api/types.ts';
import { arrange, hoursOf, neighbourOf, type Placed } from './arrange.ts';
import { Entry } from './entry.tsx';

export interface Column {
  id: string;
  name: string;
  appointments: readonly Appointment[];
  /** In the place of appointments: loading, or failed. */
  instead?: ReactNode;
}

interface Props {
  day: string;
  columns: readonly Column[];
  onOpen: (appointment: Appointment) => void;
  /** To the same day at another time, in minutes of the practice’s clock. */
  onMove: (appointment: Appointment, minutes: number) => void;
  onBook: (practitionerId: string) => void;
}

/** Rows of the grid to an hour: five minutes each. */
const rowsAnHour = 12;
const stepMinutes = 5;
const rowPx = 7;

/** One that is being moved, and to where; nobody else sees it yet. */
interface Moving {
  id: string;
  from: number;
}

/**
 * A day of several practitioners side by side. It is one stop of the Tab key: arrows lead from one appointment to another,
 * Enter opens it, M takes it up; then arrows move it by five minutes, Enter puts it down, Escape puts it back. Dragging does the
 * same by the same rules.
 */
export function Agenda({ day, columns, onOpen, onMove, onBook }: Props) {
  const { t } = useLingui();
  const grid = useRef<HTMLElement>(null);
  const [focused, setFocused] = useState<string>();
  const [moving, setMoving] = useState<Moving>();
  const [said, setSaid] = useState('');
  const placed = columns.map(({ appointments }) => arrange(appointments, day));
  const [first, last] = hoursOf(placed);
  const all = placed.flat();
  const current = all.some(({ appointment }) => appointment.id === focused) ? focused : all[0]?.appointment.id;

  useEffect(() => {
    if (moving && !all.some(({ appointment }) => appointment.id === moving.id)) setMoving(undefined);
  });

  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

  function take(each: Placed) {
    setMoving({ id: each.appointment.id, from: each.from });
    setSaid(t`Taken up at ${clock(each.from)}. Arrows move it, Enter puts it down, Escape puts it back.`);
  }

  function shift(minutes: number) {
    if (!moving) return;
    const from = Math.min(Math.max(moving.from + minutes, first * 60), last * 60 - stepMinutes);
    setMoving({ ...moving, from });
    setSaid(clock(from));
  }

  function drop(each: Placed, from: number) {
    setMoving(undefined);
    if (from === each.from) return setSaid(t`Put back.`);
    setSaid(t`Put down at ${clock(from)}.`);
    onMove(each.appointment, from);
  }

  function onKey(event: KeyboardEvent, each: Placed) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moving) {
      const step = { ArrowUp: -stepMinutes, ArrowDown: stepMinutes, PageUp: -60, PageDown: 60 }[event.key];
      if (step) shift(step);
      else if (event.key === 'Enter') drop(each, moving.from);
      else if (event.key === 'Escape') drop(each, each.from);
      else return;
      return event.preventDefault();
    }
    if (event.key.toLowerCase() === 'm') {
      event.preventDefault();
      return take(each);
    }
    const next = neighbourOf(placed, each.appointment.id, event.key);
    if (!next) return;
    event.preventDefault();
    setFocused(next);
    find(grid.current, next)?.focus();
  }

  return (
    <div className="grid gap-2">
      <p className="text-sm text-quiet">
        <Trans>Arrows lead from one appointment to another, Enter opens it, M moves it.</Trans>
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
            aria-label={column.name}
            className="agenda-column min-w-36 flex-1 border-l border-line"
          >
            <div className="sticky top-0 flex h-16 items-center justify-between gap-2 border-b border-line bg-surface px-2 text-sm">
              <h2 className="text-sm leading-tight">{column.name}</h2>
              <button
                type="button"
                onClick={() => onBook(column.id)}
                aria-label={t`Book with ${column.name}`}
                className="grid size-8 shrink-0 cursor-pointer place-items-center rounded-field border border-edge text-accent"
              >
                <span aria-hidden="true">+</span>
              </button>
            </div>
            {column.instead ?? (
              <ol className="agenda-lines relative" style={{ height: (last - first) * rowsAnHour * rowPx }}>
                {placed[nth]?.map((each) => (
                  <Entry
                    key={each.appointment.id}
                    placed={each}
                    pxAMinute={rowPx / stepMinutes}
                    origin={first * 60}
                    movedTo={moving?.id === each.appointment.id ? moving.from : undefined}
                    isStop={each.appointment.id === current}
                    onFocus={() => setFocused(each.appointment.id)}
                    onKeyDown={(event) => onKey(event, each)}
                    onOpen={() => !moving && onOpen(each.appointment)}
                    onDrag={(from) => setMoving({ id: each.appointment.id, from })}
                    onDrop={(from) => drop(each, from)}
                  />
                ))}
              </ol>
            )}
          </section>
        ))}
      </section>
    </div>
  );
}

const find = (grid: HTMLElement | null, id: string | undefined) =>
  id ? grid?.querySelector<HTMLElement>(`[data-appointment="${id}"]`) : undefined;

const Hours = ({ first, last }: { first: number; last: number }) => (
  <div aria-hidden="true" className="w-12 shrink-0 pt-16 text-right text-xs text-quiet">
    {Array.from({ length: last - first }, (_, nth) => first + nth).map((hour) => (
      <div key={hour} className="pr-2" style={{ height: rowsAnHour * rowPx }}>
        {String(hour).padStart(2, '0')}:00
      </div>
    ))}
  </div>
);
