import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useIntent } from '../api/intent.ts';
import type { Webhook } from '../api/types.ts';
import { enableWebhook, useWebhooksChanged } from '../api/webhooks.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';

/** Tells a program again that said that it wants nothing more. */
export function WebhookEnable({ webhook }: { webhook: Webhook }) {
  const changed = useWebhooksChanged();
  const intent = useIntent();
  const enabling = useMutation({
    mutationFn: () => intent(webhook.id, (header) => enableWebhook(webhook.id, header)),
    onSettled: changed,
  });
  return (
    <>
      <div>
        <Button size="desk" isBusy={enabling.isPending} onClick={() => enabling.mutate()}>
          <Trans>Tell it again from now on</Trans>
        </Button>
      </div>
      {enabling.error && <Failure error={enabling.error} />}
    </>
  );
}
