import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import type { User } from '../../api/types.ts';
import { useInvitations, useUsers, useUsersFound } from '../../api/users.ts';
import { InvitationWithdraw } from '../../forms/invitation-withdraw.tsx';
import { UserAccess } from '../../forms/user-access.tsx';
import { formatIn } from '../../time/zone.ts';
import { buttonLook } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { roleNames } from '../../words/roles.ts';

/** Who can sign in, as what, and who is invited to; ending their sign-ins takes effect within ten seconds. */
export function Users() {
  const { t } = useLingui();
  const [letters, setLetters] = useState('');
  const asked = useDeferredValue(letters.trim());
  return (
    <Page
      title={t`Users`}
      beside={
        <Link to="/users/new" className={buttonLook({ size: 'desk' })}>
          <Trans>Invite somebody</Trans>
        </Link>
      }
    >
      <search>
        <TextField
          type="search"
          label={t`Find by part of the address`}
          value={letters}
          maxLength={254}
          autoComplete="off"
          onChange={(event) => setLetters(event.target.value)}
        />
      </search>
      {asked.length >= 2 ? <Found letters={asked} /> : <All />}
      <Invitations />
    </Page>
  );
}

function All() {
  const { t } = useLingui();
  const users = useUsers();
  return (
    <Remote
      of={users}
      label={t`users`}
      isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
      none={<Trans>There is no user.</Trans>}
    >
      {({ pages }) => (
        <>
          <Lines users={pages.flatMap(({ items }) => items)} />
          <ShowMore of={users} />
        </>
      )}
    </Remote>
  );
}

function Found({ letters }: { letters: string }) {
  const { t } = useLingui();
  const found = useUsersFound(letters);
  return (
    <Remote
      of={found}
      label={t`users`}
      isNone={(users) => users.length === 0}
      none={<Trans>Nobody signs in by an address with “{letters}” in it.</Trans>}
    >
      {(users) => <Lines users={users} />}
    </Remote>
  );
}

const Lines = ({ users }: { users: readonly User[] }) => (
  <ul className="grid gap-2">
    {users.map((each) => (
      <li key={each.id}>
        <Line user={each} />
      </li>
    ))}
  </ul>
);

function Line({ user }: { user: User }) {
  const { i18n } = useLingui();
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
        </p>
      </div>
      <UserAccess user={user} />
    </Card>
  );
}

/** Who was invited and has not come yet. */
function Invitations() {
  const { i18n, t } = useLingui();
  const invitations = useInvitations();
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
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
