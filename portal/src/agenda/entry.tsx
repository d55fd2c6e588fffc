import { Trans, useLingui } from '@lingui/react/macro';
import { memo } from 'react';
import { waitsSince } from '../time/waited.ts';
import { timeAt } from '../time/zone.ts';
import { VisitStatus } from '../ui/visit-status.tsx';
import { statusNames } from '../words/statuses.ts';
import { canMove, type Placed } from './arrange.ts';
import { pxAMinute, spanStyle } from './grid.ts';

/** Where somebody who is moved stands meanwhile: the minute at which they would come, and how many columns further to the right. */
export interface MovedTo {
  from: number;
  columns: number;
}

interface Props {
  placed: Placed;
  /** The minute of the day at the top. */
  origin: number;
  movedTo?: MovedTo;
  isStop: boolean;
  /** Undefined while it is asked for. */
  name?: string;
  /** It waits for being undone. */
  isAboutTo: boolean;
}

/** What a state looks like; its word stands there as well, since colour alone says nothing to some. */
const looks: Record<string, string> = {
  booked: 'border-accent bg-accent-paper',
  pending: 'border-dashed border-warn bg-warn-paper',
  arrived: 'border-good bg-good-paper',
  fulfilled: 'border-line bg-paper text-quiet',
  noshow: 'border-bad bg-bad-paper',
};

/** Whole lines that fit into so many minutes: of one that is cut nothing is read. */
const linesIn = (minutes: number): number => Math.floor((minutes * pxAMinute - 2) / linePx);
const linePx = 16;

/** Where the state stands, by lines that there are: with one, in the look and for who hears it alone. */
const statusLooks: Record<number, string> = {
  1: 'sr-only',
  2: 'col-start-2 row-start-1 truncate text-quiet',
  3: 'col-span-2 row-start-3 truncate text-quiet',
};

/**
 * Somebody who comes. There may be five hundred of them: each is drawn again only when it is another, and what is done with it is
 * heard by the agenda around them.
 */
export const Entry = memo(function Entry({ placed, origin, movedTo, isStop, name = '…', isAboutTo }: Props) {
  const { i18n, t } = useLingui();
  const { appointment, from, to, lane, lanes } = placed;
  const time = timeAt(appointment.start, appointment.zone, i18n.locale);
  const end = timeAt(appointment.end, appointment.zone, i18n.locale);
  const lines = Math.min(3, Math.max(1, linesIn(to - from)));
  // Most say nothing of themselves, and need nobody to count their minutes.
  const { acceptedAt, delay } = appointment;
  const saysMore = waitsSince(appointment) !== undefined || acceptedAt !== undefined || delay !== undefined;
  const status = saysMore ? <VisitStatus of={appointment} /> : i18n._(statusNames[appointment.status]);
  return (
    <li>
      <button
        type="button"
        data-stop={appointment.id}
        data-appointment={appointment.id}
        tabIndex={isStop ? 0 : -1}
        aria-keyshortcuts={canMove(appointment) ? 'M' : undefined}
        className={`absolute grid cursor-pointer grid-cols-[auto_minmax(0,1fr)] content-start gap-x-1 overflow-hidden rounded-md border-l-4 px-1.5 text-left text-xs leading-4 ${looks[appointment.status] ?? 'border-line bg-paper'} ${movedTo === undefined ? '' : 'z-10 opacity-80 shadow-raised'}`}
        style={{
          ...spanStyle(movedTo ? { from: movedTo.from, to: movedTo.from + to - from } : { from, to }, origin),
          // Columns are all as wide, with a line between them.
          left: movedTo ? `calc(${movedTo.columns} * (100% + 1px) + 2px)` : `calc(${(lane / lanes) * 100}% + 2px)`,
          width: movedTo ? 'calc(100% - 4px)' : `calc(${100 / lanes}% - 4px)`,
        }}
      >
        <span className="font-semibold tabular-nums">
          {time}
          {appointment.overbooking && (
            <span aria-hidden="true" className="text-warn">
              {' '}
              ⚠
            </span>
          )}
        </span>
        <span className="sr-only">–{end}, </span>
        <span className={`truncate ${lines > 1 ? 'col-span-2 row-start-2' : ''}`}>{name}</span>
        {appointment.overbooking && (
          <span className="sr-only">
            <Trans>, forced</Trans>
          </span>
        )}
        <span className="sr-only">, </span>
        <span className={statusLooks[lines]}>{isAboutTo ? t`about to change` : status}</span>
      </button>
    </li>
  );
});
