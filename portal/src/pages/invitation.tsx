import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { openApi, told } from '../api/client.ts';
import { CodeRedeem } from '../forms/code-redeem.tsx';
import { Entrance } from '../frame/entrance.tsx';
import { buttonLook } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

const accept = (body: { code: string; password: string; email?: string }) =>
  told(openApi.POST('/api/auth/invitations/accept', { body }));

/** Somebody whom the practice has invited chooses their password, and can sign in from then on. */
export function AcceptInvitation() {
  const { t } = useLingui();
  const [isDone, setDone] = useState(false);
  return (
    <Entrance>
      <Page title={t`Accept an invitation`}>
        {isDone ? (
          <Notice look="good" role="status" title={t`You can sign in now`}>
            <div>
              <Link to="/" className={buttonLook({ look: 'main' })}>
                <Trans>Sign in</Trans>
              </Link>
            </div>
          </Notice>
        ) : (
          <CodeRedeem asksEmail redeem={accept} onDone={() => setDone(true)} />
        )}
      </Page>
    </Entrance>
  );
}
