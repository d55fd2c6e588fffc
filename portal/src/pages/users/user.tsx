import { Trans, useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import { useUser } from '../../api/users.ts';
import { PasswordCodeMake } from '../../forms/password-code-make.tsx';
import { SecondFactorsEnd } from '../../forms/second-factors-end.tsx';
import { UserAccess } from '../../forms/user-access.tsx';
import { UserChange } from '../../forms/user-change.tsx';
import { LastActs } from '../../ui/last-acts.tsx';
import { Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { SignInsOf } from '../../ui/sign-ins.tsx';

/** As what one user signs in, and what helps them when they cannot. */
export function UserPage() {
  const { t } = useLingui();
  const { userId } = useParams({ from: '/signed-in-people/users/$userId' });
  return (
    <Page title={t`User`}>
      <Remote of={useUser(userId)} label={t`the user`}>
        {(user) => (
          <div key={user.id} className="grid gap-8">
            <div className="unprinted grid gap-8">
              <p className="font-semibold">
                {user.email}
                {!user.active && (
                  <strong className="ml-2 text-warn">
                    <Trans>may not sign in</Trans>
                  </strong>
                )}
              </p>
              <div className="flex flex-wrap items-center gap-3">
                <UserAccess user={user} />
              </div>
              <SignInsOf user={user} />
              <UserChange user={user} />
              <SecondFactorsEnd user={user} />
              <LastActs user={user} />
            </div>
            <PasswordCodeMake user={user} />
          </div>
        )}
      </Remote>
    </Page>
  );
}
