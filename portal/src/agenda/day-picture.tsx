import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Glance, Span } from './glance.ts';

export interface Row {
  id: string;
  name: string;
  glance: Glance;
}

/** Of a bar: what is shown of each kind. Height tells them apart as well as colour. */
const looks = {
  open: { className: 'fill-accent-paper stroke-edge', y: 4, height: 16 },
  past: { className: 'fill-edge', y: 14, height: 6 },
  booked: { className: 'fill-accent', y: 4, height: 16 },
  waiting: { className: 'fill-warn', y: 0, height: 24 },
} as const;
type Kind = keyof typeof looks;

/** The day of several practitioners as bars, one below the other, with a table that says the same. */
export function DayPicture({
  rows,
  now,
}: {
  rows: readonly Row[] /** Minute of the day, on that of today. */;
  now?: number;
}) {
  const { t } = useLingui();
  const spans = rows.flatMap(({ glance: { open = [], booked, waiting, past } }) => [
    ...open,
    ...booked,
    ...waiting,
    ...past,
  ]);
  const first = Math.min(8, ...spans.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(19, ...spans.map(({ to }) => Math.ceil(to / 60)));
  return (
    <>
      <div className="grid gap-2 rounded-card border border-line bg-surface p-4">
        <Legend />
        <div aria-hidden="true" className="grid tablet:grid-cols-[12rem_1fr]">
          <span className="hidden tablet:block" />
          <div className="flex justify-between text-xs text-quiet">
            {Array.from({ length: last - first + 1 }, (_, nth) => first + nth).map((hour, nth) => (
              <span key={hour} className={nth % 2 === 1 ? 'hidden tablet:inline' : ''}>
                {String(hour).padStart(2, '0')}
              </span>
            ))}
          </div>
        </div>
        {rows.map(({ id, name, glance }) => (
          <div key={id} className="grid items-center gap-x-2 tablet:grid-cols-[12rem_1fr]">
            <span className="truncate text-sm font-medium">
              {name}
              {glance.isAway && (
                <span className="ml-2 text-warn">
                  <Trans>away</Trans>
                </span>
              )}
            </span>
            <Bar label={t`The day of ${name}`} glance={glance} first={first * 60} last={last * 60} now={now} />
          </div>
        ))}
      </div>
      <Figures rows={rows} />
    </>
  );
}

function Bar({
  label,
  glance,
  first,
  last,
  now,
}: {
  label: string;
  glance: Glance;
  first: number;
  last: number;
  now?: number;
}) {
  const shown: [Kind, readonly Span[]][] = [
    ['open', glance.open ?? []],
    ['past', glance.past],
    ['booked', glance.booked],
    ['waiting', glance.waiting],
  ];
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${first} 0 ${last - first} 24`}
      preserveAspectRatio="none"
      className="h-6 w-full bg-paper"
    >
      {shown.flatMap(([kind, spans]) =>
        spans.map(({ from, to }) => (
          <rect
            key={`${kind} ${from} ${to}`}
            data-kind={kind}
            x={from + 0.5}
            // Two that follow each other are two.
            width={Math.max(to - from - 1, 2)}
            {...looks[kind]}
            vectorEffect="non-scaling-stroke"
          />
        )),
      )}
      {now !== undefined && now > first && now < last && (
        <line
          x1={now}
          x2={now}
          y1="0"
          y2="24"
          className="stroke-bad"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

const Legend = () => (
  <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
    <Sign kind="booked">
      <Trans>booked</Trans>
    </Sign>
    <Sign kind="waiting">
      <Trans>has arrived</Trans>
    </Sign>
    <Sign kind="past">
      <Trans>over by now</Trans>
    </Sign>
    <Sign kind="open">
      <Trans>free</Trans>
    </Sign>
  </ul>
);

const Sign = ({ kind, children }: { kind: Kind; children: ReactNode }) => (
  <li className="flex items-center gap-2">
    <svg aria-hidden="true" viewBox="0 0 24 24" className="size-5">
      <rect x="2" width="20" {...looks[kind]} />
    </svg>
    {children}
  </li>
);

/** What the picture shows, as figures. */
const Figures = ({ rows }: { rows: readonly Row[] }) => (
  <table className="w-full text-xs tablet:text-sm [&_td]:border-t [&_td]:border-line [&_td]:py-1 [&_td]:align-top [&_td]:tabular-nums [&_td]:whitespace-nowrap [&_th]:py-1 [&_th]:text-left [&_th]:align-top">
    <caption className="sr-only">
      <Trans>The day in figures</Trans>
    </caption>
    <thead>
      <tr>
        <th scope="col">
          <Trans>Practitioner</Trans>
        </th>
        <th scope="col">
          <Trans>Booked</Trans>
        </th>
        <th scope="col">
          <Trans>Arrived</Trans>
        </th>
        <th scope="col">
          <Trans>Over</Trans>
        </th>
        <th scope="col">
          <Trans>Free</Trans>
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ id, name, glance: { booked, waiting, past, isAway, freeMinutes } }) => (
        <tr key={id}>
          <th scope="row" className="border-t border-line font-medium">
            {name}
          </th>
          <td>{booked.length}</td>
          <td>{waiting.length}</td>
          <td>{past.length}</td>
          <td>
            {isAway ? (
              <Trans>away</Trans>
            ) : freeMinutes === undefined ? (
              <Trans>not known</Trans>
            ) : (
              <Duration minutes={freeMinutes} />
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

function Duration({ minutes }: { minutes: number }) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return <Plural value={rest} one="# minute" other="# minutes" />;
  return (
    <Trans>
      {hours} h {String(rest).padStart(2, '0')}
    </Trans>
  );
}
