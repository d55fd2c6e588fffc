import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMessageFigures } from '../../api/messages.ts';
import { usePracticeZone } from '../../api/practitioners.ts';
import type { MessageFigures } from '../../api/types.ts';
import { now } from '../../time/server-clock.ts';
import { dateAt, daysAfter, momentAt } from '../../time/zone.ts';
import { DeliveryByChannel } from '../../ui/delivery-by-channel.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { MessagePages } from '../../ui/message-pages.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { messageChannelNames } from '../../words/messages.ts';

/** Days that are shown at first. */
const daysUsual = 7;
/** Minutes for which something may be due without anybody having to look. */
const lateMinutes = 10;

/** How much of what was to leave has left, by what, and why the rest has not: of the last days, in numbers. */
export function Delivery() {
  const { t } = useLingui();
  const { days = daysUsual } = useSearch({ from: '/signed-in-people/messages/delivery' });
  const go = useNavigate({ from: '/messages/delivery' });
  const zone = usePracticeZone();
  const today = zone.data ? dateAt(now(), zone.data) : '';
  const from = today && daysAfter(today, 1 - days);
  const figures = useMessageFigures(from, today, today !== '');
  return (
    <Page title={t`What arrives`}>
      <MessagePages />
      <search className="unprinted tablet:max-w-60">
        <ChoiceField
          label={t`Period`}
          value={days}
          onChange={(event) => go({ search: { days: event.target.value === '31' ? 31 : undefined } })}
        >
          <option value={daysUsual}>{t`The last 7 days`}</option>
          <option value={31}>{t`The last 31 days`}</option>
        </ChoiceField>
      </search>
      <Remote of={zone} label={t`what arrives`}>
        {() => (
          <Remote of={figures} label={t`what arrives`}>
            {(found) => <Figures figures={found} from={from} days={days} />}
          </Remote>
        )}
      </Remote>
    </Page>
  );
}

function Figures({ figures, from, days }: { figures: MessageFigures; from: string; days: number }) {
  const { zone, items, overdue } = figures;
  const all = Array.from({ length: days }, (_, nth) => daysAfter(from, nth));
  const channels = messageChannelNames.filter((each) => items.some(({ channel }) => channel === each));
  return (
    <>
      <Overdue of={overdue} zone={zone} />
      {channels.length === 0 && (
        <div className="rounded-card border border-dashed border-edge p-6 text-quiet">
          <Trans>No message was due in these days.</Trans>
        </div>
      )}
      {channels.map((each) => (
        <DeliveryByChannel
          key={each}
          channel={each}
          days={all}
          counts={items.filter(({ channel }) => channel === each)}
        />
      ))}
    </>
  );
}

/** What should have left by now. */
function Overdue({ of: { count, since }, zone }: { of: MessageFigures['overdue']; zone: string }) {
  const { i18n, t } = useLingui();
  if (!since || now() - Date.parse(since) < lateMinutes * 60_000) return null;
  const when = momentAt(since, zone, i18n.locale);
  return (
    <Notice look="bad" title={t`Messages do not leave as they should`}>
      <p>
        <Plural value={count} one="# is due and has not left" other="# are due and have not left" />
        {'; '}
        <Trans>the oldest since {when}. Who keeps the platform sees why.</Trans>
      </p>
    </Notice>
  );
}
