import { useLingui } from '@lingui/react/macro';
import { memo, type ReactNode } from 'react';
import type { Appointment, Slot } from '../api/types.ts';
import { Entry, type MovedTo } from './entry.tsx';
import { rowPx, rowsAnHour } from './grid.ts';
import type { Names } from './names.ts';
import type { Span, Stop } from './timeline.ts';
import { Time } from './times.tsx';

/** The day of a practitioner. */
export interface Column {
  /** Of the practitioner. */
  id: string;
  name: string;
  /** By whose clock its times are, where that is another than the reader's. */
  zone?: string;
  appointments: readonly Appointment[];
  /** Times that are offered, and when the practitioner receives; undefined while that is not known. */
  free?: readonly Slot[];
  open?: readonly Span[];
  /** In the place of appointments: loading, or failed. */
  instead?: ReactNode;
}

interface Props extends Pick<Column, 'id' | 'name' | 'zone' | 'instead'> {
  stops: readonly Stop[];
  /** The hours that are shown, whole. */
  first: number;
  last: number;
  names: Names;
  /** Of appointments that wait for being undone. */
  aboutTo: ReadonlySet<string>;
  /** Of what is the stop of the Tab key, if it is here. */
  currentKey?: string;
  /** Of the appointment that is moved, if it is one of here; and to where. */
  movedId?: string;
  movedFrom?: number;
  movedColumns?: number;
}

/** Of eight side by side, the one of which something has changed is drawn again. */
export const ColumnOfDay = memo(function ColumnOfDay(props: Props) {
  const { id, name, zone, instead, stops, first, last, names, aboutTo, currentKey } = props;
  const { movedId, movedFrom, movedColumns } = props;
  const origin = first * 60;
  const movedTo: MovedTo | undefined =
    movedFrom === undefined ? undefined : { from: movedFrom, columns: movedColumns ?? 0 };
  return (
    <section
      data-column={id}
      aria-label={zone ? `${name}, ${zone}` : name}
      className="agenda-column min-w-36 flex-1 border-l border-line"
    >
      <ColumnHead name={name} zone={zone} />
      {instead ?? (
        <ol className="agenda-lines relative" style={{ height: (last - first) * rowsAnHour * rowPx }}>
          {stops.map((stop) =>
            stop.kind === 'appointment' ? (
              <Entry
                key={stop.key}
                placed={stop.placed}
                origin={origin}
                isStop={stop.key === currentKey}
                name={names.get(stop.placed.appointment.patientId)}
                isAboutTo={aboutTo.has(stop.key)}
                movedTo={stop.key === movedId ? movedTo : undefined}
              />
            ) : (
              <li key={stop.key}>
                <Time stop={stop} origin={origin} isStop={stop.key === currentKey} />
              </li>
            ),
          )}
        </ol>
      )}
    </section>
  );
});

function ColumnHead({ name, zone }: Pick<Column, 'name' | 'zone'>) {
  const { t } = useLingui();
  return (
    <div className="sticky top-0 flex h-16 items-center justify-between gap-2 border-b border-line bg-surface px-2 text-sm">
      <div className="min-w-0 leading-tight">
        <h2 className="text-sm leading-tight">{name}</h2>
        {zone && <p className="truncate text-xs text-warn">{zone}</p>}
      </div>
      <button
        type="button"
        data-book=""
        aria-label={t`Book with ${name}`}
        className="grid size-8 shrink-0 cursor-pointer place-items-center rounded-field border border-edge text-accent"
      >
        <span aria-hidden="true">+</span>
      </button>
    </div>
  );
}
