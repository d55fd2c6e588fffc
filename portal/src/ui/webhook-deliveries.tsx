import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { WebhookDelivery } from '../api/types.ts';
import { useWebhookDeliveries } from '../api/webhooks.ts';
import { WebhookReplay } from '../forms/webhook-replay.tsx';
import { formatIn } from '../time/zone.ts';
import { deliveryStates, eventWords } from '../words/webhooks.ts';
import { Card } from './page.tsx';
import { Remote } from './remote.tsx';
import { ShowMore } from './show-more.tsx';

interface Props {
  webhookId: string;
  /** False of one that wants nothing more: it is told nothing again either. */
  isTold: boolean;
}

/** What a program was told, the newest first, with each attempt and what came of it. What was in it is shown nowhere. */
export function WebhookDeliveries({ webhookId, isTold }: Props) {
  const { t } = useLingui();
  const deliveries = useWebhookDeliveries(webhookId);
  return (
    <>
      <p className="text-quiet">
        <Trans>It is kept for 30 days.</Trans>
      </p>
      <Remote
        of={deliveries}
        label={t`what it was told`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>It was told nothing yet.</Trans>}
      >
        {({ pages }) => (
          <ol className="grid gap-2">
            {pages
              .flatMap(({ items }) => items)
              .map((each) => (
                <li key={each.id}>
                  <Line webhookId={webhookId} delivery={each} isTold={isTold} />
                </li>
              ))}
          </ol>
        )}
      </Remote>
      <ShowMore of={deliveries}>
        <Trans>Show earlier ones</Trans>
      </ShowMore>
    </>
  );
}

const looks: Partial<Record<WebhookDelivery['state'], string>> = { sent: 'text-good', failed: 'text-bad' };

function Line({ webhookId, delivery, isTold }: Props & { delivery: WebhookDelivery }) {
  const { i18n } = useLingui();
  const { id, type, state, createdAt, nextAt, attempts } = delivery;
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const words = eventWords(type);
  const what = words ? i18n._(words) : type;
  const when = at.format(new Date(createdAt));
  const next = state === 'planned' && nextAt && at.format(new Date(nextAt));
  return (
    <Card className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <div className="grid min-w-60 flex-1 gap-1">
        <p>
          <span className="font-semibold">{what}</span> · <time dateTime={createdAt}>{when}</time>
        </p>
        <p>
          <strong className={looks[state] ?? ''}>{i18n._(deliveryStates[state])}</strong>
          {next && (
            <>
              {' · '}
              <Trans>next {next}</Trans>
            </>
          )}
        </p>
        <details>
          <summary className="cursor-pointer text-sm text-accent">
            <Plural value={attempts.length} one="# attempt" other="# attempts" />
          </summary>
          <div className="grid gap-1 border-l-2 border-line pt-1 pl-3 text-sm">
            <p className="text-quiet">
              <Trans>
                Its id: <code className="select-all break-all">{id}</code>
              </Trans>
            </p>
            <ol className="grid gap-1">
              {attempts.map((each) => (
                <li key={each.at}>
                  <time dateTime={each.at}>{at.format(new Date(each.at))}</time> ·{' '}
                  {each.failure ? each.failure.text : <Trans>taken</Trans>}
                </li>
              ))}
            </ol>
          </div>
        </details>
      </div>
      {isTold && state !== 'planned' && (
        <WebhookReplay webhookId={webhookId} delivery={delivery} name={`${what}, ${when}`} />
      )}
    </Card>
  );
}
