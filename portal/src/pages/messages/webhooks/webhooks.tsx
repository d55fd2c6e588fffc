import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { Webhook } from '../../../api/types.ts';
import { useWebhooks } from '../../../api/webhooks.ts';
import { WebhookAdd } from '../../../forms/webhook-add.tsx';
import { MessagePages } from '../../../ui/message-pages.tsx';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** Programs of others that are told what happens to appointments. */
export function Webhooks() {
  const { t } = useLingui();
  return (
    <Page title={t`Other programs`}>
      <MessagePages />
      <p className="text-quiet">
        <Trans>
          They are told by ids what happens to appointments, never whose they are: a laboratory, an accountant, an
          agenda elsewhere. What does not arrive is tried again for three days (Standard Webhooks 1.0).
        </Trans>
      </p>
      <Remote
        of={useWebhooks()}
        label={t`programs that are told`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>No other program is told anything.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-2">
            {items.map((each) => (
              <li key={each.id}>
                <Line webhook={each} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
      <WebhookAdd />
    </Page>
  );
}

function Line({ webhook: { id, name, url, types, disabledAt } }: { webhook: Webhook }) {
  return (
    <Card className="grid gap-1 py-3">
      <p className="font-semibold">
        <Link to="/messages/webhooks/$webhookId" params={{ webhookId: id }}>
          {name}
        </Link>
        {disabledAt && (
          <strong className="ml-2 text-warn">
            <Trans>is told nothing: it wants nothing more</Trans>
          </strong>
        )}
      </p>
      <p className="break-all text-sm text-quiet">{url}</p>
      <p className="text-sm text-quiet">
        <Plural value={types.length} one="told of # kind of event" other="told of # kinds of events" />
      </p>
    </Card>
  );
}
