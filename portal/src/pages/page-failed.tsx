import { Trans, useLingui } from '@lingui/react/macro';
import { useMatches } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { isOfOldTab, isReachable, reportFailure } from '../api/page-failures.ts';
import { Unreachable } from '../api/problem.ts';
import { WhatIsKept } from '../frame/warnings.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

/** In the place of a page that failed by itself, or that an old tab asks for after an upgrade. The practice is told where it failed. */
export function PageFailed({ error }: { error: unknown }) {
  const { t } = useLingui();
  const page = useMatches().at(-1)?.fullPath ?? '/';
  useEffect(() => void reportFailure(error, page), [error, page]);
  if (error instanceof Unreachable) return <NotLoaded error={error} />;
  return (
    <Page title={isOfOldTab(error) ? t`There is a newer version of this page` : t`This page has failed`}>
      <Notice look="warn">
        <p>
          <Trans>Load it again to go on.</Trans> <WhatIsKept />
        </p>
        <div>
          <Button look="main" onClick={() => location.reload()}>
            <Trans>Load again</Trans>
          </Button>
        </div>
      </Notice>
    </Page>
  );
}

const triedAgainSeconds = 15;

/** In the place of a page that could not be fetched: it is there as soon as the practice answers again. */
function NotLoaded({ error }: { error: Unreachable }) {
  const { t } = useLingui();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const again = async () => {
      if (await isReachable()) location.reload();
    };
    const timer = setInterval(again, triedAgainSeconds * 1_000);
    addEventListener('online', again);
    if (tries > 0) void again();
    return () => {
      clearInterval(timer);
      removeEventListener('online', again);
    };
  }, [tries]);
  return (
    <Page title={t`This page could not be loaded`}>
      <Failure error={error} onRetry={() => setTries((before) => before + 1)} />
    </Page>
  );
}
