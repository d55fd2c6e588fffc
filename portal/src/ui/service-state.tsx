import { Plural, Trans } from '@lingui/react/macro';
import type { ServiceState } from '../api/system.ts';
import { Card } from './page.tsx';

/** Places that are left when a service is as good as busy. */
const fewPlaces = 5;

/** One service: whether it is asked at all, how much more it takes, and each of its processes. */
export function ServiceStateCard({ of: { name, breaker, instances, placesLeft, retriesLeft } }: { of: ServiceState }) {
  const isAway = instances.length === 0;
  const spared = instances.filter(({ isSkipped }) => isSkipped).length;
  const isWell = !isAway && breaker === 'closed' && spared === 0;
  return (
    <Card className={`grid content-start gap-2 ${isWell ? '' : 'border-2 border-bad'}`}>
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="font-semibold">{name}</h3>
        <p className={isWell ? 'text-good' : 'font-semibold text-bad'}>
          {isAway ? (
            <Trans>is not there</Trans>
          ) : breaker === 'open' ? (
            <Trans>is not asked at the moment: too many requests failed</Trans>
          ) : breaker === 'half-open' ? (
            <Trans>is tried again, one request at a time</Trans>
          ) : spared > 0 ? (
            <Plural value={spared} one="# process is spared" other="# processes are spared" />
          ) : (
            <Trans>is asked</Trans>
          )}
        </p>
      </div>
      {!isAway && (
        <p className={`text-sm ${placesLeft < fewPlaces ? 'font-semibold text-warn' : 'text-quiet'}`}>
          <Plural
            value={placesLeft}
            one="takes # further request before it counts as busy"
            other="takes # further requests before it counts as busy"
          />
          {' · '}
          <Plural
            value={Math.floor(retriesLeft)}
            one="# repeat may still be made"
            other="# repeats may still be made"
          />
        </p>
      )}
      <ul className="grid gap-1 text-sm">
        {instances.map(({ id, zone, version, inFlight, isSkipped, ejections }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-4 border-t border-line pt-1">
            <span className="break-all">
              {id}
              {zone && <span className="text-quiet"> · {zone}</span>}
              {version && <code className="text-quiet"> · {version}</code>}
            </span>
            <span className="text-quiet">
              <Plural value={inFlight} one="answers # request" other="answers # requests" />
              {isSkipped && (
                <strong className="ml-2 text-bad">
                  <Plural value={ejections} one="spared, # time lately" other="spared, # times lately" />
                </strong>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
