import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { keptNowhere } from '../api/calendars.ts';
import type { Webhook } from '../api/types.ts';
import { replaceWebhookKey, useWebhooksChanged } from '../api/webhooks.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { WebhookKeyShown } from '../ui/webhook-key-shown.tsx';

/** Makes another key for a webhook. For a day what it is told is signed by both, so that its receiver misses nothing. */
export function WebhookKeyReplace({ webhook }: { webhook: Webhook }) {
  const { t } = useLingui();
  const changed = useWebhooksChanged();
  const [isAsked, setAsked] = useState(false);
  const replacing = useMutation({
    ...keptNowhere,
    mutationFn: () => replaceWebhookKey(webhook.id),
    onSuccess: () => setAsked(false),
    onSettled: changed,
  });
  if (replacing.data) return <WebhookKeyShown webhook={replacing.data} onDone={replacing.reset} />;
  return (
    <>
      <Button size="desk" onClick={() => setAsked(true)}>
        <Trans>Make a new key</Trans>
      </Button>
      {isAsked && (
        <Dialog title={t`Make a new key for ${webhook.name}?`} onClose={() => setAsked(false)}>
          <p>
            <Trans>
              For a day what it is told is signed by the new key and by the present one. After that, by the new one
              alone: enter it there until then.
            </Trans>
          </p>
          {webhook.keys > 1 && (
            <p className="font-semibold text-warn">
              <Trans>It was replaced less than a day ago: the key from before then ends now.</Trans>
            </p>
          )}
          {replacing.error && <Failure error={replacing.error} />}
          <div className="flex flex-wrap gap-3">
            <Button data-first look="main" isBusy={replacing.isPending} onClick={() => replacing.mutate()}>
              <Trans>Make it</Trans>
            </Button>
            <Button onClick={() => setAsked(false)}>
              <Trans>Leave it as it is</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
