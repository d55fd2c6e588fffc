import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Webhook } from '../../../api/types.ts';
import { useWebhook } from '../../../api/webhooks.ts';
import { WebhookEnable } from '../../../forms/webhook-enable.tsx';
import { WebhookKeyReplace } from '../../../forms/webhook-key-replace.tsx';
import { WebhookRemove } from '../../../forms/webhook-remove.tsx';
import { formatIn } from '../../../time/zone.ts';
import { AuthorName } from '../../../ui/author-name.tsx';
import { MessagePages } from '../../../ui/message-pages.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { WebhookDeliveries } from '../../../ui/webhook-deliveries.tsx';
import { webhookEvents, webhookSignatures } from '../../../words/webhooks.ts';

/** One program of others: what it is told, how it knows that it is us, and each attempt to tell it something. */
export function WebhookPage() {
  const { t } = useLingui();
  const { webhookId } = useParams({ from: '/signed-in-people/messages/webhooks/$webhookId' });
  const webhook = useWebhook(webhookId);
  return (
    <Page title={webhook.data?.name ?? t`Another program`}>
      <MessagePages />
      <p>
        <Link to="/messages/webhooks">
          <Trans>All other programs</Trans>
        </Link>
      </p>
      <Remote of={webhook} label={t`the program`}>
        {(found) => <Facts webhook={found} />}
      </Remote>
      <section className="grid gap-3">
        <h2>
          <Trans>What it was told</Trans>
        </h2>
        <WebhookDeliveries webhookId={webhookId} isTold={webhook.data?.disabledAt === undefined} />
      </section>
    </Page>
  );
}

function Facts({ webhook }: { webhook: Webhook }) {
  const { i18n, t } = useLingui();
  const { url, types, signedBy, keys, publicKey, createdBy, createdAt, disabledAt } = webhook;
  const at = formatIn(i18n.locale, { dateStyle: 'long', timeStyle: 'short' });
  const ended = disabledAt && at.format(new Date(disabledAt));
  const events = types.map((each) => i18n._(webhookEvents[each]));
  return (
    <div className="grid gap-4">
      {ended && (
        <Notice look="warn" title={t`It is told nothing`}>
          <p>
            <Trans>On {ended} it answered that it wants nothing more (410).</Trans>
          </p>
          <WebhookEnable webhook={webhook} />
        </Notice>
      )}
      <dl className="grid gap-x-6 gap-y-1 tablet:grid-cols-[12rem_1fr] [&_dt]:text-quiet">
        <Fact name={<Trans>Address that is told</Trans>}>
          <span className="break-all">{url}</span>
        </Fact>
        <Fact name={<Trans>What it is told of</Trans>}>
          <ul>
            {events.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Fact>
        <Fact name={<Trans>How it knows that it is us</Trans>}>
          {i18n._(webhookSignatures[signedBy])}
          {keys > 1 && (
            <>
              {' · '}
              <Plural value={keys} one="signed by # key" other="signed by # keys, of which one ends within a day" />
            </>
          )}
        </Fact>
        {publicKey && (
          <Fact name={<Trans>Public key</Trans>}>
            <code className="select-all break-all">{publicKey}</code>
          </Fact>
        )}
        <Fact name={<Trans>Made</Trans>}>
          <time dateTime={createdAt}>{at.format(new Date(createdAt))}</time> ·{' '}
          <Trans>
            by <AuthorName id={createdBy} />
          </Trans>
        </Fact>
      </dl>
      <div className="flex flex-wrap gap-3">
        <WebhookKeyReplace webhook={webhook} />
        <WebhookRemove webhook={webhook} />
      </div>
    </div>
  );
}

const Fact = ({ name, children }: { name: ReactNode; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
