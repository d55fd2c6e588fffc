import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { endPush, usePushChanged } from '../api/push.ts';
import type { PushBrowser } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';

/** Has a browser be told no more; at once, for it is turned on again as fast. */
export function PushEnd({ browser, isHere = false }: { browser: PushBrowser; isHere?: boolean }) {
  const { t } = useLingui();
  const changed = usePushChanged();
  const ending = useMutation({ mutationFn: () => endPush(browser.id, isHere), onSettled: changed });
  return (
    <>
      <Button
        size="desk"
        isBusy={ending.isPending}
        onClick={() => ending.mutate()}
        aria-label={isHere ? t`Tell this browser no more` : t`Tell it no more: ${browser.service}`}
      >
        <Trans>Tell it no more</Trans>
      </Button>
      {ending.error && <Failure error={ending.error} />}
    </>
  );
}
