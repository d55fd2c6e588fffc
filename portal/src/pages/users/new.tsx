import { useLingui } from '@lingui/react/macro';
import { UserInvite } from '../../forms/user-invite.tsx';
import { Page } from '../../ui/page.tsx';

/** Invites somebody to sign in. */
export function NewUser() {
  const { t } = useLingui();
  return (
    <Page title={t`Invite somebody`}>
      <UserInvite />
    </Page>
  );
}
