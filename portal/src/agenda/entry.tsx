import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import { useDelayed } from '../frame/delayed.ts';
import { timeAt } from '../time/zone.ts';
import { VisitStatus } from '../ui/visit-status.tsx';
import { canMove, type Placed } from './arrange.ts';
import { pxAMinute, spanStyle, stepMinutes } from './grid.ts';

interface Props {
  placed: Placed;
  /** The minute of the day at the top. */
  origin: number;
  /** While it is moved: the minute at which it would begin, and how many columns further to the right. */
  movedTo?: { from: number; columns: number };
  isStop: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onOpen: () => void;
  /** @param x where on the screen, which says in whose column */
  onDrag: (from: number, x: number) => void;
  onDrop: (from: number, x: number) => void;
}

/** What a state looks like; its word stands there as well, since colour alone says nothing to some. */
const looks: Record<string, string> = {
  booked: 'border-accent bg-accent-paper',
  pending: 'border-dashed border-warn bg-warn-paper',
  arrived: 'border-good bg-good-paper',
  fulfilled: 'border-line bg-paper text-quiet',
  noshow: 'border-bad bg-bad-paper',
};

/** Pixels that a pointer may tremble without meaning to drag. */
const stillPx = 4;

export function Entry({ placed, origin, movedTo, isStop, onFocus, onKeyDown, onOpen, onDrag, onDrop }: Props) {
  const { i18n, t } = useLingui();
  const { appointment, from, to, lane, lanes } = placed;
  const patient = usePatient(appointment.patientId);
  const drag = useRef<{ x: number; y: number; to?: number }>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  const isAboutTo = useDelayed().waiting.some(({ id }) => id === appointment.id);
  const isMovable = canMove(appointment);
  const name = patient.data ? nameOfPatient(patient.data) : patient.error ? t`name could not be read` : '…';
  const time = timeAt(appointment.start, appointment.zone, i18n.locale);
  const end = timeAt(appointment.end, appointment.zone, i18n.locale);

  // Whoever moves it by keys sees where it is.
  useEffect(() => {
    if (movedTo && drag.current?.to === undefined)
      button.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [movedTo]);

  const dragged = (event: PointerEvent): number => {
    const moved = (event.clientY - (drag.current?.y ?? event.clientY)) / pxAMinute;
    return Math.max(0, from + Math.round(moved / stepMinutes) * stepMinutes);
  };

  return (
    <li>
      <button
        ref={button}
        type="button"
        data-stop={appointment.id}
        data-appointment={appointment.id}
        tabIndex={isStop ? 0 : -1}
        aria-keyshortcuts={isMovable ? 'M' : undefined}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
        onClick={() => {
          if (drag.current?.to === undefined) onOpen();
          drag.current = undefined;
        }}
        onPointerDown={(event) => {
          drag.current =
            isMovable && event.button === 0 && event.pointerType === 'mouse'
              ? { x: event.clientX, y: event.clientY }
              : undefined;
        }}
        onPointerMove={(event) => {
          const held = drag.current;
          if (!held || event.buttons !== 1) return;
          const farPx = Math.max(Math.abs(event.clientY - held.y), Math.abs(event.clientX - held.x));
          if (held.to === undefined && farPx < stillPx) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          held.to = dragged(event);
          onDrag(held.to, event.clientX);
        }}
        onPointerUp={(event) => {
          if (drag.current?.to !== undefined) onDrop(drag.current.to, event.clientX);
        }}
        className={`absolute cursor-pointer overflow-hidden rounded-md border-l-4 px-1.5 text-left text-xs leading-4 ${looks[appointment.status] ?? 'border-line bg-paper'} ${movedTo === undefined ? '' : 'z-10 opacity-80 shadow-raised'}`}
        style={{
          ...spanStyle(movedTo ? { from: movedTo.from, to: movedTo.from + to - from } : { from, to }, origin),
          // Columns are all as wide, with a line between them.
          left: movedTo ? `calc(${movedTo.columns} * (100% + 1px) + 2px)` : `calc(${(lane / lanes) * 100}% + 2px)`,
          width: movedTo ? 'calc(100% - 4px)' : `calc(${100 / lanes}% - 4px)`,
        }}
      >
        <span className="font-semibold tabular-nums">{time}</span>
        <span className="sr-only">–{end}, </span> {name}
        {appointment.overbooking && (
          <span className="font-semibold text-warn">
            {' '}
            <span aria-hidden="true">⚠</span>
            <span className="sr-only">
              <Trans>, forced</Trans>
            </span>
          </span>
        )}
        <span className="sr-only">, </span>
        <span className="block text-quiet">{isAboutTo ? t`about to change` : <VisitStatus of={appointment} />}</span>
      </button>
    </li>
  );
}
