import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import type { Webhook } from '../api/types.ts';
import { removeWebhook, useWebhooksChanged } from '../api/webhooks.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';

/** Tells a program no more, ten seconds later unless that is undone: what it was told is forgotten with it. */
export function WebhookRemove({ webhook }: { webhook: Webhook }) {
  const { t } = useLingui();
  const changed = useWebhooksChanged();
  const go = useNavigate();
  const id = `webhook-remove/${webhook.id}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === id);
  const { name } = webhook;
  return (
    <Button
      size="desk"
      look="danger"
      disabled={isEnding}
      onClick={() => {
        doUnlessUndone(id, t`${name} will be told no more, and what it was told is forgotten.`, async () => {
          await removeWebhook(webhook.id);
          await changed();
        });
        void go({ to: '/messages/webhooks' });
      }}
    >
      <Trans>Tell it no more</Trans>
    </Button>
  );
}
