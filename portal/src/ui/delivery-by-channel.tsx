import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MessageCount } from '../api/types.ts';
import { useReadsLedger } from '../session/reads-ledger.ts';
import { shortDateInWords } from '../time/zone.ts';
import { messageChannels, whyWords } from '../words/messages.ts';
import { type Sums, shareThatLeft, sumsOf, whysOf } from './delivery-sums.ts';
import { Card } from './page.tsx';

interface Props {
  channel: MessageCount['channel'];
  /** Each as YYYY-MM-DD, in their order; also those on which nothing was due. */
  days: readonly string[];
  counts: readonly MessageCount[];
}

/** What became of all that was to leave by one channel: in all, why not, and day by day. */
export function DeliveryByChannel({ channel, days, counts }: Props) {
  const { i18n } = useLingui();
  const sums = sumsOf(counts);
  const share = shareThatLeft(sums);
  const percent = new Intl.NumberFormat(i18n.locale, { style: 'percent', maximumFractionDigits: 1 });
  const whys = whysOf(counts);
  return (
    <Card className="grid gap-4">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 className="first-letter:uppercase">{i18n._(messageChannels[channel])}</h2>
        <p>
          {share === undefined ? (
            <Trans>nothing was tried</Trans>
          ) : (
            <Trans>
              <strong className={share < 0.95 ? 'text-bad' : 'text-good'}>{percent.format(share)}</strong> of what was
              tried has left
            </Trans>
          )}
          {sums.delivered > 0 && (
            <>
              {' · '}
              <Plural value={sums.delivered} one="# is known to have arrived" other="# are known to have arrived" />
            </>
          )}
        </p>
      </div>
      {whys.length > 0 && (
        <section className="grid gap-1">
          <h3 className="font-semibold">
            <Trans>Why others did not leave</Trans>
          </h3>
          <ul className="grid gap-1">
            {whys.map(({ state, why, count }) => {
              const words = whyWords(why);
              return (
                <li key={`${state} ${why}`} className="grid grid-cols-[3.5rem_1fr] gap-x-2">
                  <span className="text-right font-semibold tabular-nums">{count}</span>
                  <span>
                    {words ? i18n._(words) : why} {state === 'planned' && <Trans>It is tried again.</Trans>}
                  </span>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <details open={days.length <= 7} className="min-w-0">
        <summary className="cursor-pointer text-accent">
          <Trans>Day by day</Trans>
        </summary>
        <DayByDay channel={channel} days={days} counts={counts} />
      </details>
    </Card>
  );
}

const parts = ['left', 'failed', 'held', 'suppressed', 'planned'] as const;
const colours: Record<(typeof parts)[number], string> = {
  left: 'bg-good',
  failed: 'bg-bad',
  held: 'bg-warn',
  suppressed: 'bg-edge',
  planned: 'bg-accent-paper',
};

function DayByDay({ channel, days, counts }: Props) {
  const { i18n, t } = useLingui();
  const label = `${i18n._(messageChannels[channel])}: ${t`Day by day`}`;
  const mayRead = useReadsLedger();
  const rows = days.map((day) => ({ day, sums: sumsOf(counts.filter((each) => each.day === day)) }));
  const most = Math.max(1, ...rows.map(({ sums }) => totalOf(sums)));
  const heads: Record<(typeof parts)[number], ReactNode> = {
    left: <Trans>Left</Trans>,
    failed: <Trans>Failed</Trans>,
    held: <Trans>Waits</Trans>,
    suppressed: <Trans>Not sent</Trans>,
    planned: <Trans>To leave</Trans>,
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached with the keyboard (WCAG 2.1.1)
    <section className="overflow-x-auto" tabIndex={0} aria-label={label}>
      <table className="mt-2 w-full text-left text-sm [&_td]:border-t [&_td]:border-line [&_td]:py-1 [&_th]:py-1 [&_th]:font-normal [&_thead_th]:text-quiet">
        <thead>
          <tr>
            <th scope="col">
              <Trans>Day</Trans>
            </th>
            <td aria-hidden="true" className="hidden w-2/5 tablet:table-cell" />
            {parts.map((part) => (
              <th key={part} scope="col" className="pl-2 text-right align-bottom">
                {heads[part]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ day, sums }) => (
            <tr key={day}>
              <th scope="row" className="border-t border-line whitespace-nowrap">
                {mayRead ? (
                  <Link to="/messages" search={{ day, channel }}>
                    {shortDateInWords(day, i18n.locale)}
                  </Link>
                ) : (
                  shortDateInWords(day, i18n.locale)
                )}
              </th>
              <td aria-hidden="true" className="hidden px-3 tablet:table-cell">
                <div className="flex h-3 overflow-hidden rounded-field">
                  {parts.map((part) => (
                    <div key={part} className={colours[part]} style={{ width: `${(100 * sums[part]) / most}%` }} />
                  ))}
                </div>
              </td>
              {parts.map((part) => (
                <td key={part} className="pl-2 text-right tabular-nums">
                  {sums[part]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const totalOf = (sums: Sums): number => parts.reduce((total, part) => total + sums[part], 0);
