import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, told } from '../../api/client.ts';
import type { User } from '../../api/types.ts';
import { changeUser, useInvitations, useUsers, useUsersChanged } from '../../api/users.ts';
import { InvitationWithdraw } from '../../forms/invitation-withdraw.tsx';
import { usePerson } from '../../session/use-session.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { roleNames } from '../../words/roles.ts';

/** Who can sign in, as what, and who is invited to; ending their sign-ins takes effect within ten seconds. */
export function Users() {
  const { t } = useLingui();
  const users = useUsers();
  return (
    <Page
      title={t`Users`}
      beside={
        <Link to="/users/new" className={buttonLook({ size: 'desk' })}>
          <Trans>Invite somebody</Trans>
        </Link>
      }
    >
      <Remote
        of={users}
        label={t`users`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>There is no user.</Trans>}
      >
        {({ pages }) => (
          <>
            <ul className="grid gap-2">
              {pages
                .flatMap(({ items }) => items)
                .map((each) => (
                  <li key={each.id}>
                    <Line user={each} />
                  </li>
                ))}
            </ul>
            <ShowMore of={users} />
          </>
        )}
      </Remote>
      <Invitations />
    </Page>
  );
}

function Line({ user }: { user: User }) {
  const { i18n, t } = useLingui();
  const changed = useUsersChanged();
  const isSelf = usePerson().id === user.id;
  const [isAsking, setAsking] = useState(false);
  const ending = useMutation({
    mutationFn: () => told(api.DELETE('/api/auth/users/{id}/sessions', { params: { path: { id: user.id } } })),
  });
  const changing = useMutation({
    mutationFn: (active: boolean) => changeUser(user, { active }),
    onSuccess: () => setAsking(false),
    onSettled: changed,
  });
  return (
    <Card className="flex flex-wrap items-center gap-3 py-2">
      <div className="min-w-60 flex-1">
        <p className="font-semibold">
          <Link to="/users/$userId" params={{ userId: user.id }}>
            {user.email}
          </Link>
        </p>
        <p className="text-sm text-quiet">
          {user.roles.map((role) => i18n._(roleNames[role])).join(', ')}
          {!user.active && (
            <strong className="ml-2 text-warn">
              <Trans>may not sign in</Trans>
            </strong>
          )}
          {ending.isSuccess && (
            <span role="status" className="ml-2 text-good">
              <Trans>signed out everywhere</Trans>
            </span>
          )}
        </p>
      </div>
      <Button
        size="desk"
        onClick={() => ending.mutate()}
        isBusy={ending.isPending}
        aria-label={t`Sign out everywhere: ${user.email}`}
      >
        <Trans>Sign out everywhere</Trans>
      </Button>
      {user.active ? (
        <Button
          size="desk"
          look="danger"
          disabled={isSelf}
          onClick={() => setAsking(true)}
          aria-label={t`Let in no more: ${user.email}`}
        >
          <Trans>Let in no more</Trans>
        </Button>
      ) : (
        <Button
          size="desk"
          onClick={() => changing.mutate(true)}
          isBusy={changing.isPending}
          aria-label={t`Let in again: ${user.email}`}
        >
          <Trans>Let in again</Trans>
        </Button>
      )}
      {(ending.error || (changing.error && !isAsking)) && <Failure error={ending.error ?? changing.error} />}
      {isAsking && (
        <Dialog title={t`Let ${user.email} in no more?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>They are signed out everywhere within ten seconds. You can let them in again.</Trans>
          </p>
          {changing.error && <Failure error={changing.error} />}
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => changing.mutate(false)} isBusy={changing.isPending}>
              <Trans>Let in no more</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Leave it as it is</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

/** Who was invited and has not come yet. */
function Invitations() {
  const { i18n, t } = useLingui();
  const invitations = useInvitations();
  const at = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Invited, and not here yet</Trans>
      </h2>
      <Remote
        of={invitations}
        label={t`invitations`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>No invitation is open.</Trans>}
      >
        {({ pages }) => (
          <>
            <ul className="grid gap-2">
              {pages
                .flatMap(({ items }) => items)
                .map((each) => (
                  <li key={each.id}>
                    <Card className="flex flex-wrap items-center gap-3 py-2">
                      <div className="min-w-60 flex-1">
                        <p className="font-semibold">{each.email ?? t`on paper, for an address of their own`}</p>
                        <p className="text-sm text-quiet">
                          {each.roles.map((role) => i18n._(roleNames[role])).join(', ')}
                          {' · '}
                          {each.channel === 'mail' ? <Trans>by mail</Trans> : <Trans>on paper</Trans>}
                          {' · '}
                          <Trans>good until {at.format(new Date(each.expiresAt))}</Trans>
                        </p>
                      </div>
                      <InvitationWithdraw invitation={each} />
                    </Card>
                  </li>
                ))}
            </ul>
            <ShowMore of={invitations} />
          </>
        )}
      </Remote>
    </section>
  );
}
