import { useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import { useDelayed } from '../frame/delayed.ts';
import { timeAt } from '../time/zone.ts';
import { VisitStatus } from '../ui/visit-status.tsx';
import type { Placed } from './arrange.ts';

interface Props {
  placed: Placed;
  pxAMinute: number;
  /** The minute of the day at the top. */
  origin: number;
  /** While it is moved: the minute at which it would begin. */
  movedTo?: number;
  isStop: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onOpen: () => void;
  onDrag: (from: number) => void;
  onDrop: (from: number) => void;
}

/** What a state looks like; its word stands there as well, since colour alone says nothing to some. */
const looks: Record<string, string> = {
  booked: 'border-accent bg-accent-paper',
  pending: 'border-dashed border-warn bg-warn-paper',
  arrived: 'border-good bg-good-paper',
  fulfilled: 'border-line bg-paper text-quiet',
  noshow: 'border-bad bg-bad-paper',
};

const stepMinutes = 5;
/** Pixels that a pointer may tremble without meaning to drag. */
const stillPx = 4;

export function Entry({
  placed,
  pxAMinute,
  origin,
  movedTo,
  isStop,
  onFocus,
  onKeyDown,
  onOpen,
  onDrag,
  onDrop,
}: Props) {
  const { i18n, t } = useLingui();
  const { appointment, from, to, lane, lanes } = placed;
  const patient = usePatient(appointment.patientId);
  const drag = useRef<{ y: number; to?: number }>(undefined);
  const isAboutTo = useDelayed().waiting.some(({ id }) => id === appointment.id);
  const canMove = ['booked', 'pending'].includes(appointment.status);
  const name = patient.data ? nameOfPatient(patient.data) : patient.error ? t`name could not be read` : '…';
  const time = timeAt(appointment.start, appointment.zone, i18n.locale);
  const end = timeAt(appointment.end, appointment.zone, i18n.locale);

  const dragged = (event: PointerEvent): number => {
    const moved = (event.clientY - (drag.current?.y ?? event.clientY)) / pxAMinute;
    return Math.max(0, from + Math.round(moved / stepMinutes) * stepMinutes);
  };

  return (
    <li>
      <button
        type="button"
        data-appointment={appointment.id}
        tabIndex={isStop ? 0 : -1}
        aria-keyshortcuts={canMove ? 'M' : undefined}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
        onClick={() => {
          if (drag.current?.to === undefined) onOpen();
          drag.current = undefined;
        }}
        onPointerDown={(event) => {
          drag.current =
            canMove && event.button === 0 && event.pointerType === 'mouse' ? { y: event.clientY } : undefined;
        }}
        onPointerMove={(event) => {
          const held = drag.current;
          if (!held || event.buttons !== 1) return;
          if (held.to === undefined && Math.abs(event.clientY - held.y) < stillPx) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          held.to = dragged(event);
          onDrag(held.to);
        }}
        onPointerUp={() => {
          if (drag.current?.to !== undefined) onDrop(drag.current.to);
        }}
        className={`absolute cursor-pointer overflow-hidden rounded-md border-l-4 px-1.5 text-left text-xs leading-4 ${looks[appointment.status] ?? 'border-line bg-paper'} ${movedTo === undefined ? '' : 'z-10 opacity-80 shadow-raised'}`}
        style={{
          top: ((movedTo ?? from) - origin) * pxAMinute + 1,
          height: (to - from) * pxAMinute - 2,
          left: `calc(${(lane / lanes) * 100}% + 2px)`,
          width: `calc(${100 / lanes}% - 4px)`,
        }}
      >
        <span className="font-semibold tabular-nums">{time}</span>
        <span className="sr-only">–{end}, </span> {name}
        <span className="sr-only">, </span>
        <span className="block text-quiet">{isAboutTo ? t`about to change` : <VisitStatus of={appointment} />}</span>
      </button>
    </li>
  );
}
