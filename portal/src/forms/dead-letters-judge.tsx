import type { gatewayApi } from '@cabinet/contracts';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type DeadLetterFilter, deadLettersKey, dropLetters, replayLetters } from '../api/system.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Unanswered } from '../ui/unanswered.tsx';

interface Props {
  /** Which are meant. */
  of: DeadLetterFilter;
  /** Which service keeps them. */
  service: string;
  /** Names them, for those who hear the page. */
  name: string;
  /** One alone is meant. */
  isOne?: boolean;
}

/** Lets events go again, or drops them for ever, which is asked twice. */
export function DeadLettersJudge({ of, service, name, isOne = false }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const whenDone = {
    onSuccess: () => setAsking(false),
    onSettled: () => client.invalidateQueries({ queryKey: deadLettersKey }),
  };
  const replaying = useMutation({ mutationFn: () => replayLetters(of), ...whenDone });
  const dropping = useMutation({ mutationFn: () => dropLetters(of), ...whenDone });
  return (
    <>
      {replaying.data && <Outcome of={replaying.data} />}
      {dropping.data && <Unanswered of={dropping.data.unavailable} />}
      {(replaying.error || (dropping.error && !isAsking)) && <Failure error={replaying.error ?? dropping.error} />}
      <div className="flex flex-wrap gap-2">
        <Button
          size="desk"
          onClick={() => replaying.mutate()}
          isBusy={replaying.isPending}
          aria-label={isOne ? t`Let it go again: ${name}` : t`Let them go again: ${name}`}
        >
          {isOne ? <Trans>Let it go again</Trans> : <Trans>Let them go again</Trans>}
        </Button>
        <Button
          size="desk"
          look="danger"
          onClick={() => setAsking(true)}
          aria-label={isOne ? t`Drop it: ${name}` : t`Drop them: ${name}`}
        >
          {isOne ? <Trans>Drop it</Trans> : <Trans>Drop them</Trans>}
        </Button>
      </div>
      {isAsking && (
        <Dialog
          title={isOne ? t`Drop this event for ever?` : t`Drop these events for ever?`}
          onClose={() => setAsking(false)}
        >
          <p>
            {isOne ? (
              <Trans>What it tells will never be known to {service}. This cannot be undone.</Trans>
            ) : (
              <Trans>What they tell will never be known to {service}. This cannot be undone.</Trans>
            )}
          </p>
          {dropping.error && <Failure error={dropping.error} />}
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => dropping.mutate()} isBusy={dropping.isPending}>
              {isOne ? <Trans>Drop it</Trans> : <Trans>Drop them</Trans>}
            </Button>
            <Button onClick={() => setAsking(false)}>
              {isOne ? <Trans>Keep it</Trans> : <Trans>Keep them</Trans>}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** What a replay could not let go, as far as there is any. */
function Outcome({
  of: { notGenuine, more, unavailable },
}: {
  of: gatewayApi.components['schemas']['DeadLettersReplayed'];
}) {
  const { t } = useLingui();
  const forged = Object.values(notGenuine).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <Unanswered of={unavailable} />
      {forged > 0 && (
        <Notice look="warn" role="status" title={t`Not all of them go again`}>
          <p>
            <Plural
              value={forged}
              one="# is not signed by whom it names, and stays."
              other="# are not signed by whom they name, and stay."
            />
          </p>
        </Notice>
      )}
      {more.length > 0 && (
        <Notice role="status" title={t`There are more than go at once`}>
          <p>
            <Trans>Let them go again once more.</Trans>
          </p>
        </Notice>
      )}
    </>
  );
}
