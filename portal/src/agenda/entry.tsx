import { Trans, useLingui } from '@lingui/react/macro';
import { memo } from 'react';
import { waitsSince } from '../time/waited.ts';
import { timeAt } from '../time/zone.ts';
import { VisitStatus } from '../ui/visit-status.tsx';
import { statusNames } from '../words/statuses.ts';
import { canMove, type Placed } from './arrange.ts';
import { spanStyle } from './grid.ts';

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

/**
 * Somebody who comes. There may be five hundred of them: each is drawn again only when it is another, and what is done with it is
 * heard by the agenda around them.
 */
export const Entry = memo(function Entry({ placed, origin, movedTo, isStop, name = '…', isAboutTo }: Props) {
  const { i18n, t } = useLingui();
  const { appointment, from, to, lane, lanes } = placed;
  const time = timeAt(appointment.start, appointment.zone, i18n.locale);
  const end = timeAt(appointment.end, appointment.zone, i18n.locale);
  const isWaiting = waitsSince(appointment) !== undefined;
  const status = isWaiting ? <VisitStatus of={appointment} /> : i18n._(statusNames[appointment.status]);
  return (
    <li>
      <button
        type="button"
        data-stop={appointment.id}
        data-appointment={appointment.id}
        tabIndex={isStop ? 0 : -1}
        aria-keyshortcuts={canMove(appointment) ? 'M' : undefined}
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
        <span className="block text-quiet">{isAboutTo ? t`about to change` : status}</span>
      </button>
    </li>
  );
});
