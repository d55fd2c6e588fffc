import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { acknowledge, useAlertChanged } from '../api/alerts.ts';
import { useIntent } from '../api/intent.ts';
import type { Alert } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';

/** Whoever takes care of an alert says so: at once, for others are told of it until then. */
export function AlertAcknowledge({ alert, name }: { alert: Alert; name: string }) {
  const { t } = useLingui();
  const changed = useAlertChanged();
  const intent = useIntent();
  const acknowledging = useMutation({
    mutationFn: () => intent(alert.id, (header) => acknowledge(alert.id, header)),
    onSuccess: (answered) => changed(answered),
    // A colleague may have answered, or it may be over.
    onError: () => changed(undefined, alert.id),
  });
  return (
    <>
      <Button
        look="main"
        size="desk"
        isBusy={acknowledging.isPending}
        onClick={() => acknowledging.mutate()}
        aria-label={t`I take care of it: ${name}`}
      >
        <Trans>I take care of it</Trans>
      </Button>
      {acknowledging.error && (
        <div className="basis-full">
          <Failure error={acknowledging.error} />
        </div>
      )}
    </>
  );
}
