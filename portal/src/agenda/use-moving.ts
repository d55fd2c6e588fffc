import { useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useState } from 'react';
import type { Appointment } from '../api/types.ts';
import type { Placed } from './arrange.ts';
import { clockOfMinutes, stepMinutes, type Target } from './grid.ts';
import type { Span } from './timeline.ts';

interface Moving extends Target {
  id: string;
  isByKeys?: boolean;
}

interface Props {
  columns: readonly { id: string; name: string }[];
  /** The minutes that are shown. */
  shown: Span;
  onMove: (appointment: Appointment, to: Target) => void;
  /** Says something to who does not see it. */
  say: (words: string) => void;
}

/**
 * One appointment that is being moved, by keys or by a pointer, and to where; nobody else sees it yet. M takes it up, arrows move it by
 * five minutes or to the agenda beside, Enter puts it down, Escape puts it back.
 */
export function useMoving({ columns, shown, onMove, say }: Props) {
  const { t } = useLingui();
  const [moving, setMoving] = useState<Moving>();
  const nameOf = (id: string) => columns.find((each) => each.id === id)?.name ?? '';

  function take({ appointment: { id, practitionerId }, from }: Placed) {
    setMoving({ id, practitionerId, from, isByKeys: true });
    const clock = clockOfMinutes(from);
    say(t`Taken up at ${clock}. Arrows move it, Enter puts it down, Escape puts it back.`);
  }

  function shift(before: Moving, minutes: number, aside: number) {
    const from = Math.min(Math.max(before.from + minutes, shown.from), shown.to - stepMinutes);
    const nth = columns.findIndex(({ id }) => id === before.practitionerId) + aside;
    const practitionerId = columns[nth]?.id ?? before.practitionerId;
    setMoving({ ...before, practitionerId, from, isByKeys: true });
    const [clock, name] = [clockOfMinutes(from), nameOf(practitionerId)];
    say(aside ? `${clock}, ${name}` : clock);
  }

  function drop({ appointment, from }: Placed, to: Target) {
    setMoving(undefined);
    if (to.from === from && to.practitionerId === appointment.practitionerId) return say(t`Put back.`);
    const clock = clockOfMinutes(to.from);
    say(t`Put down at ${clock}.`);
    onMove(appointment, to);
  }

  /** @returns whether the key was meant for what is moved */
  function onKey(event: KeyboardEvent, each: Placed): boolean {
    if (!moving) return false;
    const step = { ArrowUp: -stepMinutes, ArrowDown: stepMinutes, PageUp: -60, PageDown: 60 }[event.key];
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step || aside) shift(moving, step ?? 0, aside ?? 0);
    else if (event.key === 'Enter') drop(each, moving);
    else if (event.key === 'Escape')
      drop(each, { ...moving, from: each.from, practitionerId: each.appointment.practitionerId });
    else return false;
    return true;
  }

  /** Called at each step of a pointer, most of which move nothing. */
  function drag({ appointment: { id } }: Placed, { practitionerId, from }: Target) {
    setMoving((before) => {
      const isThere = before?.id === id && before.from === from && before.practitionerId === practitionerId;
      return isThere ? before : { id, practitionerId, from };
    });
  }

  return { moving, take, drag, drop, onKey, forget: () => setMoving(undefined) };
}
