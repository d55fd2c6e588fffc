import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';

/** How the gateway sees the processes behind it, read again every five seconds. */
export function System() {
  const { t } = useLingui();
  const system = useQuery({
    queryKey: ['system'],
    refetchInterval: 5_000,
    queryFn: () => told(api.GET('/api/system')),
  });
  return (
    <Page title={t`System`}>
      <Remote of={system} label={t`the system`}>
        {({ registry, services }) => (
          <>
            {registry.problem ? (
              <Notice look="bad" title={t`The registry cannot be asked`}>
                <p>{registry.problem}</p>
              </Notice>
            ) : (
              <p className="text-quiet">
                <Trans>
                  What the registry said is{' '}
                  <Plural value={Math.round(registry.ageSeconds ?? 0)} one="# second" other="# seconds" /> old (
                  {registry.source}).
                </Trans>
              </p>
            )}
            <ul className="grid gap-3 tablet:grid-cols-2">
              {services.map(({ name, breaker, instances }) => (
                <li key={name}>
                  <Card className={instances.length === 0 || breaker !== 'closed' ? 'border-bad' : ''}>
                    <h2>{name}</h2>
                    <p>
                      {instances.length === 0 ? (
                        <strong className="text-bad">
                          <Trans>is not there</Trans>
                        </strong>
                      ) : (
                        instances.map(({ id }) => id).join(', ')
                      )}
                    </p>
                    {breaker !== 'closed' && (
                      <p className="text-bad">
                        <Trans>is not asked at the moment, because it failed ({breaker})</Trans>
                      </p>
                    )}
                  </Card>
                </li>
              ))}
            </ul>
          </>
        )}
      </Remote>
    </Page>
  );
}
