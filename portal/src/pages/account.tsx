import { useLingui } from '@lingui/react/macro';
import { CodesApp } from '../forms/codes-app.tsx';
import { PasskeysKeep } from '../forms/passkeys-keep.tsx';
import { PasswordChange } from '../forms/password-change.tsx';
import { SessionsEnd } from '../forms/sessions-end.tsx';
import { usePerson } from '../session/use-session.ts';
import { Page } from '../ui/page.tsx';

/** How somebody signs in, and where they are signed in. */
export function Account() {
  const { t } = useLingui();
  const { email } = usePerson();
  return (
    <Page title={t`My account`}>
      <p className="text-quiet">{email}</p>
      <SessionsEnd />
      <PasskeysKeep />
      <CodesApp />
      <PasswordChange />
    </Page>
  );
}
