import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { endFeed, giveFeed, keptNowhere } from '../api/calendars.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';

/**
 * The address at which other programs read the agenda. It is shown once, for whoever has it can read; whether there is one already
 * nobody can say, so a new one is asked about, and any can be ended.
 */
export function FeedAddress({ practitionerId }: { practitionerId: string }) {
  const { t } = useLingui();
  const [isAsked, setAsked] = useState(false);
  const id = `feed-end/${practitionerId}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === id);
  const giving = useMutation({
    ...keptNowhere,
    mutationFn: () => giveFeed(practitionerId),
    onSettled: () => setAsked(false),
  });
  return (
    <>
      <p>
        <Trans>
          Other programs, such as the one on your telephone, can show this agenda by a private address: when somebody
          comes and for what kind of visit, never who.
        </Trans>
      </p>
      {giving.error && <Failure error={giving.error} />}
      {giving.data && !isEnding && <Shown url={giving.data.url} />}
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => setAsked(true)} disabled={isEnding}>
          <Trans>Make a new address</Trans>
        </Button>
        <Button
          look="danger"
          disabled={isEnding}
          onClick={() =>
            doUnlessUndone(id, t`The private address will be ended: nothing can be read by it any more.`, async () => {
              await endFeed(practitionerId);
              giving.reset();
            })
          }
        >
          {isEnding ? <Trans>About to be ended</Trans> : <Trans>End the address</Trans>}
        </Button>
      </div>
      {isAsked && (
        <Dialog title={t`Make a new private address?`} onClose={() => setAsked(false)}>
          <p>
            <Trans>If there is one already it ends: programs that read it will no longer be able to.</Trans>
          </p>
          <div className="flex flex-wrap gap-3">
            <Button data-first look="main" isBusy={giving.isPending} onClick={() => giving.mutate()}>
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

function Shown({ url }: { url: string }) {
  const { t } = useLingui();
  const copying = useMutation({ ...keptNowhere, mutationFn: () => navigator.clipboard.writeText(url) });
  return (
    <Notice look="good" role="status" title={t`Copy it now: it is shown this once`}>
      <p>
        <Trans>
          Whoever has it can read the agenda. Give it to nobody, and enter it as a calendar to subscribe to.
        </Trans>
      </p>
      <TextField label={t`Private address`} readOnly value={url} onFocus={(event) => event.target.select()} />
      <div className="flex flex-wrap items-center gap-3">
        <Button size="desk" look="main" onClick={() => copying.mutate()}>
          <Trans>Copy the address</Trans>
        </Button>
        {copying.isSuccess && (
          <span className="text-good">
            <Trans>Copied</Trans>
          </span>
        )}
        {copying.isError && (
          <span className="text-warn">
            <Trans>The browser does not let it be copied; select it and copy it yourself.</Trans>
          </span>
        )}
      </div>
    </Notice>
  );
}
