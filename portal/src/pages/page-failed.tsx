import { Trans, useLingui } from '@lingui/react/macro';
import { useMatches } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isOfOldTab, reportFailure } from '../api/page-failures.ts';
import { WhatIsKept } from '../frame/warnings.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

/** In the place of a page that failed by itself, or that an old tab asks for after an upgrade. The practice is told where it failed. */
export function PageFailed({ error }: { error: unknown }) {
  const { t } = useLingui();
  const page = useMatches().at(-1)?.fullPath ?? '/';
  useEffect(() => void reportFailure(error, page), [error, page]);
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
