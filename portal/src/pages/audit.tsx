import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { Unanswered } from '../ui/unanswered.tsx';

const nothing = { subject: '', actor: '', action: '' };

/** Who saw or changed whose data, in all services at once, the latest first. */
export function Audit() {
  const { i18n, t } = useLingui();
  const [typed, setTyped] = useState(nothing);
  const [asked, setAsked] = useState(nothing);
  const query = Object.fromEntries(Object.entries(asked).filter(([, word]) => word.trim() !== ''));
  const events = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/system/audit', { params: { query: { ...query, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const at = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'short', timeStyle: 'medium' });
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
            <div className="overflow-x-auto rounded-card border border-line bg-surface">
              <table className="w-full text-left text-sm [&_td]:border-t [&_td]:border-line [&_td]:p-2 [&_th]:p-2">
                <thead>
                  <tr>
                    <th scope="col">{t`When`}</th>
                    <th scope="col">{t`Where`}</th>
                    <th scope="col">{t`Who`}</th>
                    <th scope="col">{t`What`}</th>
                    <th scope="col">{t`Whose`}</th>
                    <th scope="col">{t`Answer`}</th>
                  </tr>
                </thead>
                <tbody>
                  {pages
                    .flatMap(({ items }) => items)
                    .map((each) => (
                      <tr key={`${each.service}-${each.sequence}`}>
                        <td className="whitespace-nowrap">{at.format(new Date(each.at))}</td>
                        <td>{each.service}</td>
                        <td>
                          <code>{each.actor}</code> ({each.roles.join(', ')})
                        </td>
                        <td>
                          {each.action}
                          {each.purpose && ` · ${each.purpose}`}
                        </td>
                        <td>
                          {each.subjects.map((subject) => (
                            <code key={subject} className="block">
                              {subject}
                            </code>
                          ))}
                        </td>
                        <td>{each.outcome}</td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </div>
            {events.hasNextPage && (
              <div>
                <Button onClick={() => events.fetchNextPage()} isBusy={events.isFetchingNextPage}>
                  <Trans>Show earlier ones</Trans>
                </Button>
              </div>
            )}
          </>
        )}
      </Remote>
    </Page>
  );
}
