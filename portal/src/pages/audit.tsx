import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import type { AuditEvent } from '../api/types.ts';
import { AuditLines } from '../ui/audit-lines.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';
import { Tick } from '../ui/tick.tsx';
import { Unanswered } from '../ui/unanswered.tsx';

const isOfServices = ({ roles }: AuditEvent): boolean => roles.includes('service');

const nothing = { subject: '', actor: '', action: '' };

/** Who saw or changed whose data, in all services at once, the latest first. */
export function Audit() {
  const { t } = useLingui();
  const [typed, setTyped] = useState(nothing);
  const [asked, setAsked] = useState(nothing);
  const [withServices, setWithServices] = useState(false);
  const query = Object.fromEntries(Object.entries(asked).filter(([, word]) => word.trim() !== ''));
  const events = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/system/audit', { params: { query: { ...query, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const users = useQuery({
    queryKey: ['users', 'emails'],
    queryFn: () => told(api.GET('/api/auth/users', { params: { query: { limit: 200 } } })),
    staleTime: 60_000,
  });
  const emails = new Map(users.data?.items.map(({ id, email }) => [id, email]));
  const field = (name: keyof typeof nothing, label: string) => (
    <TextField
      label={label}
      value={typed[name]}
      maxLength={200}
      autoComplete="off"
      onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
    />
  );
  return (
    <Page title={t`Audit`} isWide>
      <search>
        <form
          className="grid items-end gap-3 tablet:grid-cols-[1fr_1fr_1fr_auto]"
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(typed);
          }}
        >
          {field('subject', t`Whose data (id)`)}
          {field('actor', t`Who (id)`)}
          {field('action', t`What was done`)}
          <Button type="submit" look="main" isBusy={events.isFetching}>
            <Trans>Search</Trans>
          </Button>
        </form>
        <Tick is={withServices} onChange={setWithServices} className="mt-3">
          <Trans>Also what services do among themselves</Trans>
        </Tick>
      </search>
      <Remote
        of={events}
        label={t`the audit trail`}
        isNone={({ pages }) => pages.every(({ items, unavailable }) => items.length === 0 && unavailable.length === 0)}
        none={<Trans>Nothing fits that.</Trans>}
      >
        {({ pages }) => (
          <>
            <Unanswered of={pages.at(-1)?.unavailable ?? []} />
            <AuditLines
              events={pages.flatMap(({ items }) => items).filter((each) => withServices || !isOfServices(each))}
              emails={emails}
            />
            <ShowMore of={events}>
              <Trans>Show earlier ones</Trans>
            </ShowMore>
          </>
        )}
      </Remote>
    </Page>
  );
}
