import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

/** After an upgrade an old tab asks for files that are no more. */
const isOldTab = (error: unknown): boolean =>
  error instanceof Error && /dynamically imported module|module script/i.test(error.message);

/** In the place of a page that failed by itself. What was typed is kept as a draft. */
export function PageFailed({ error }: { error: unknown }) {
  const { t } = useLingui();
  return (
    <Page title={isOldTab(error) ? t`There is a newer version of this page` : t`This page has failed`}>
      <Notice look="warn">
        <p>
          <Trans>Load it again to go on. What you typed is kept.</Trans>
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
