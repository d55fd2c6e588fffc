import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { reportFailure } from '../api/page-failures.ts';
import { draftsFit, hasDrafts, onDrafts } from '../session/drafts.ts';
import { lengthInWords, roughly } from '../time/lengths.ts';
import { useMinutesAhead } from '../time/server-clock.ts';
import { Button } from '../ui/button.tsx';
import { leadToProblems } from '../ui/incomplete.ts';
import { Notice } from '../ui/notice.tsx';

/** What is wrong with more than the page: beside every page, whoever is there. */
export function Warnings({ pageNow }: { pageNow: () => string }) {
  const { t } = useLingui();
  useEffect(
    () =>
      leadToProblems((names) => {
        const fields = names.join(', ');
        return t`Not sent yet. Look at: ${fields}`;
      }),
    [t],
  );
  return (
    <aside aria-label={t`Warnings`} className="unprinted mx-auto grid max-w-4xl gap-2 px-4 py-2 empty:hidden">
      <WrongClock />
      <NotKept />
      <SomethingFailed pageNow={pageNow} />
    </aside>
  );
}

/** By the clock here an appointment would be missed, or a time seem to be over. */
function WrongClock() {
  const { i18n } = useLingui();
  const minutes = useMinutesAhead();
  if (minutes === undefined) return null;
  const length = lengthInWords(roughly(Math.abs(minutes)), i18n.locale);
  return (
    <Notice look="warn" role="status">
      <p>
        {minutes > 0 ? (
          <Trans>The clock of this computer is {length} ahead.</Trans>
        ) : (
          <Trans>The clock of this computer is {length} behind.</Trans>
        )}{' '}
        <Trans>What day it is, and how long a time is kept, is shown by the clock of the practice.</Trans>
      </p>
    </Notice>
  );
}

function NotKept() {
  if (useSyncExternalStore(onDrafts, draftsFit)) return null;
  return (
    <Notice look="warn" role="status">
      <p>
        <Trans>This browser keeps no more of what you type. Send it before you leave the page.</Trans>
      </p>
    </Notice>
  );
}

/** Something that a click began has failed by itself; the page is still there. */
function SomethingFailed({ pageNow }: { pageNow: () => string }) {
  const { t } = useLingui();
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    const note = (error: unknown) => {
      if (error !== undefined && error !== null && reportFailure(error, pageNow())) setFailed(true);
    };
    // Of a script of others, or of a file that is missing, no error is told.
    const failed = ({ error }: ErrorEvent) => note(error);
    const rejected = ({ reason }: PromiseRejectionEvent) => note(reason);
    addEventListener('error', failed);
    addEventListener('unhandledrejection', rejected);
    return () => {
      removeEventListener('error', failed);
      removeEventListener('unhandledrejection', rejected);
    };
  }, [pageNow]);
  if (!isFailed) return null;
  return (
    <Notice look="warn" role="alert" title={t`Something on this page has failed`}>
      <p>
        <Trans>
          The practice has been told where, and nothing of what is on it. If it does not do what you ask, load it again.
        </Trans>{' '}
        <WhatIsKept />
      </p>
      <div className="flex flex-wrap gap-3">
        <Button size="desk" onClick={() => location.reload()}>
          <Trans>Load again</Trans>
        </Button>
        <Button size="desk" look="quiet" onClick={() => setFailed(false)}>
          <Trans>Go on</Trans>
        </Button>
      </div>
    </Notice>
  );
}

/** Said of a page that is about to be loaded anew, where it is true. */
export const WhatIsKept = () =>
  hasDrafts() && <Trans>What you typed is kept, but for passwords, private addresses and files.</Trans>;
