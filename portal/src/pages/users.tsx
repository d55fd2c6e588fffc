import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, told } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';
import { roleNames } from '../words/roles.ts';

const usersKey = ['users'] as const;

/** Who can sign in, as what; ending their sign-ins takes effect within ten seconds. */
export function Users() {
  const { t } = useLingui();
  const users = useInfiniteQuery({
    queryKey: usersKey,
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/auth/users', { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  return (
    <Page title={t`Users`}>
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
    </Page>
  );
}

function Line({ user }: { user: User }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const isSelf = usePerson().id === user.id;
  const [isAsking, setAsking] = useState(false);
  const ending = useMutation({
    mutationFn: () => told(api.DELETE('/api/auth/users/{id}/sessions', { params: { path: { id: user.id } } })),
  });
  const changing = useMutation({
    mutationFn: (active: boolean) =>
      told(
        api.PATCH('/api/auth/users/{id}', {
          params: { path: { id: user.id }, header: ifMatch(user) },
          body: { active },
        }),
      ),
    onSuccess: () => setAsking(false),
    onSettled: () => client.invalidateQueries({ queryKey: usersKey }),
  });
  return (
    <Card className="flex flex-wrap items-center gap-3 py-2">
      <div className="min-w-60 flex-1">
        <p className="font-semibold">{user.email}</p>
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
