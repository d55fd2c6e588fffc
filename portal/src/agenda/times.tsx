import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { type MouseEvent, memo } from 'react';
import { timeAt } from '../time/zone.ts';
import { clockOfMinutes, pxAMinute, spanStyle } from './grid.ts';
import type { Span, Stop } from './timeline.ts';

interface Props {
  stop: Exclude<Stop, { kind: 'appointment' }>;
  origin: number;
  isStop: boolean;
}

/** A pointer means a quarter of an hour. */
const pointedMinutes = 15;

/** The minute that somebody meant who clicked a time. */
export function pointedAt(event: MouseEvent, { kind, from, to }: Span & Pick<Stop, 'kind'>, clicked: Element): number {
  // Of a key the browser says that it was nowhere.
  if (kind === 'free' || event.detail === 0) return from;
  const moved = (event.clientY - clicked.getBoundingClientRect().top) / pxAMinute;
  return Math.max(from, Math.min(from + Math.floor(moved / pointedMinutes) * pointedMinutes, to - pointedMinutes));
}

/** A time at which nobody comes: one that is offered, or one that is not, which says why when it is asked for. */
export const Time = memo(function Time({ stop, origin, isStop }: Props) {
  const { i18n, t } = useLingui();
  const isFree = stop.kind === 'free';
  const turn = isFree ? stop.turn : undefined;
  // Of a time that comes twice, the name of the zone says which it is.
  const from = isFree && turn ? timeAt(stop.slot.start, stop.slot.zone, i18n.locale) : clockOfMinutes(stop.from);
  const to = clockOfMinutes(stop.to);
  const doubt = isFree && stop.slot.doubt ? t`, may turn out to be taken` : '';
  const name = isFree ? t`${from}, free${doubt}` : `${from}–${to}, ${i18n._(stateOf(stop.isOpen))}`;
  return (
    <button
      type="button"
      data-stop={stop.key}
      tabIndex={isStop ? 0 : -1}
      aria-label={name}
      className={`absolute cursor-pointer overflow-hidden rounded-md px-1.5 text-left text-xs leading-4 ${looks[isFree ? 'free' : stop.isOpen === false ? 'closed' : 'open']} ${isFree && stop.isBeside ? 'left-2/3 z-1' : turn === 'second' ? 'left-1/2' : 'left-0.5'} ${turn === 'first' ? 'right-1/2' : 'right-0.5'}`}
      style={spanStyle(stop, origin)}
    >
      {isFree && (
        <span className="tabular-nums">
          {from}
          {stop.slot.doubt && ' ?'}
        </span>
      )}
    </button>
  );
});

const looks = {
  free: 'border border-line bg-surface text-accent hover:border-accent hover:bg-accent-paper',
  open: 'hover:bg-accent-paper',
  closed: 'agenda-closed hover:bg-accent-paper',
};

/** In words, for colour and hatching say nothing to some. */
const stateOf = (isOpen: boolean | undefined): MessageDescriptor => {
  if (isOpen === undefined) return msg`no appointment`;
  return isOpen ? msg`not offered` : msg`closed`;
};
