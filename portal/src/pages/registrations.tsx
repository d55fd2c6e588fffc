import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { RegistrationDecide, registrationsKey } from '../forms/registration-decide.tsx';
import { dateInWords, formatIn } from '../time/zone.ts';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ShowMore } from '../ui/show-more.tsx';

/** People who registered themselves, and for whom nobody has said yet which patient they are. */
export function Registrations() {
  const { i18n, t } = useLingui();
  const registrations = useInfiniteQuery({
    queryKey: registrationsKey,
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/auth/registrations', { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Page title={t`Registrations`}>
      <Notice look="warn">
        <p>
          <Trans>
            Whoever is confirmed sees the patient’s data. Do not go by name and birth date alone: ask them something
            that only the patient knows.
          </Trans>
        </p>
      </Notice>
      <Remote
        of={registrations}
        label={t`registrations`}
        isNone={({ pages }) => pages.every(({ items }) => items.length === 0)}
        none={<Trans>Nobody waits.</Trans>}
      >
        {({ pages }) => (
          <ul className="grid gap-3">
            {pages
              .flatMap(({ items }) => items)
              .map((each) => (
                <li key={each.id}>
                  <Card className="grid gap-3">
                    <div>
                      <h2>{[...each.givenNames, each.familyName].join(' ')}</h2>
                      <p>
                        {[dateInWords(each.birthDate, i18n.locale), each.email, each.phone].filter(Boolean).join(' · ')}
                      </p>
                      <p className="text-sm text-quiet">
                        <Trans>
                          registered on {at.format(new Date(each.createdAt))}, waits until{' '}
                          {at.format(new Date(each.expiresAt))}
                        </Trans>
                      </p>
                    </div>
                    <RegistrationDecide registration={each} />
                  </Card>
                </li>
              ))}
          </ul>
        )}
      </Remote>
      <ShowMore of={registrations} />
    </Page>
  );
}
