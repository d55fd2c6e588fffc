import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useIntent } from '../api/intent.ts';
import type { WebhookDelivery } from '../api/types.ts';
import { replayDelivery, useWebhooksChanged } from '../api/webhooks.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';

interface Props {
  webhookId: string;
  delivery: WebhookDelivery;
  /** What it told, and when. */
  name: string;
}

/** Tells a program again what it was told, under the id that it had: whoever has taken it knows it again. */
export function WebhookReplay({ webhookId, delivery, name }: Props) {
  const { t } = useLingui();
  const changed = useWebhooksChanged();
  const intent = useIntent();
  const replaying = useMutation({
    mutationFn: () => intent(delivery.id, (header) => replayDelivery(webhookId, delivery.id, header)),
    onSettled: changed,
  });
  return (
    <>
      <Button
        size="desk"
        isBusy={replaying.isPending}
        onClick={() => replaying.mutate()}
        aria-label={t`Tell it once more: ${name}`}
      >
        <Trans>Tell it once more</Trans>
      </Button>
      {replaying.error && <Failure error={replaying.error} />}
    </>
  );
}
