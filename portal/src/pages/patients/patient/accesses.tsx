import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, told } from '../../../api/client.ts';
import { formatIn } from '../../../time/zone.ts';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { ShowMore } from '../../../ui/show-more.tsx';
import { Unanswered } from '../../../ui/unanswered.tsx';

/** Who has seen or changed what of a patient in the last three years, in plain words, the latest first. */
export function Accesses() {
  const { i18n, t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/accesses' });
  const accesses = useInfiniteQuery({
    queryKey: ['accesses', patientId, i18n.locale],
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(
        api.GET('/api/patients/{id}/accesses', {
          params: {
            path: { id: patientId },
            query: { limit: 50, cursor: pageParam },
            header: { 'Accept-Language': i18n.locale },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const at = formatIn(i18n.locale, { dateStyle: 'full', timeStyle: 'short' });
  return (
    <Page title={t`Who looked`}>
      <p className="text-quiet">
        <Trans>
          Whoever saw or changed something here in the last three years. If you do not understand why, ask the practice.
        </Trans>
      </p>
      <Remote
        of={accesses}
        label={t`who looked`}
        isNone={({ pages }) => pages.every(({ items, unavailable }) => items.length === 0 && unavailable.length === 0)}
        none={<Trans>Nobody but you has looked.</Trans>}
      >
        {({ pages }) => (
          <>
            <Unanswered of={pages.at(-1)?.unavailable ?? []} />
            <ol className="grid gap-2">
              {pages
                .flatMap(({ items }) => items)
                .map((each, nth) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end, and lines have no id.
                  <li key={nth}>
                    <Card className={`grid gap-1 ${each.isEmergency ? 'border-bad' : ''}`}>
                      <p>
                        {each.isEmergency && (
                          <strong className="text-bad">
                            <Trans>Emergency:</Trans>{' '}
                          </strong>
                        )}
                        {each.text}
                      </p>
                      <p className="text-sm text-quiet">
                        <time dateTime={each.at}>{at.format(new Date(each.at))}</time>
                        {each.isRefused && (
                          <>
                            {' · '}
                            <Trans>was refused</Trans>
                          </>
                        )}
                      </p>
                    </Card>
                  </li>
                ))}
            </ol>
            <ShowMore of={accesses}>
              <Trans>Show earlier ones</Trans>
            </ShowMore>
          </>
        )}
      </Remote>
    </Page>
  );
}
