import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { Entrance } from '../frame/entrance.tsx';
import { buttonLook } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';

export function NotFound() {
  const { t } = useLingui();
  return (
    <Entrance>
      <Page title={t`There is no such page`}>
        <p>
          <Trans>The address is not whole, or the page has gone.</Trans>
        </p>
        <div>
          <Link to="/" className={buttonLook({ look: 'main' })}>
            <Trans>To the beginning</Trans>
          </Link>
        </div>
      </Page>
    </Entrance>
  );
}
