import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Registry, useDeadLetters, useSystem } from '../api/system.ts';
import { CalendarsLookedAt } from '../ui/calendars-looked-at.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { ServiceStateCard } from '../ui/service-state.tsx';
import { Unanswered } from '../ui/unanswered.tsx';

/** Seconds without a word from the registry after which what it said may be wrong. */
const oldSeconds = 60;

/** How the system is, each fact with its age: read again every five seconds. */
export function System() {
  const { t } = useLingui();
  return (
    <Page title={t`System`}>
      <Remote of={useSystem()} label={t`the system`}>
        {({ registry, services }) => (
          <>
            <Fact title={<Trans>Registry</Trans>}>
              <RegistryState of={registry} />
            </Fact>
            <Fact title={<Trans>Services</Trans>}>
              <p className="text-sm text-quiet">
                <Trans>As the process of the gateway that answered sees them; of several each knows for itself.</Trans>
              </p>
              {services.length === 0 && (
                <Notice look="bad" title={t`No service is known`}>
                  <p>
                    <Trans>Nothing can be asked of the practice until the registry names one.</Trans>
                  </p>
                </Notice>
              )}
              <ul className="grid gap-3 tablet:grid-cols-2">
                {services.map((each) => (
                  <li key={each.name} className="grid">
                    <ServiceStateCard of={each} />
                  </li>
                ))}
              </ul>
            </Fact>
          </>
        )}
      </Remote>
      <Fact title={<Trans>Events that could not be handled</Trans>}>
        <Letters />
      </Fact>
      <CalendarsLookedAt />
    </Page>
  );
}

const Fact = ({ title, children }: { title: ReactNode; children: ReactNode }) => (
  <section className="grid gap-3">
    <h2>{title}</h2>
    {children}
  </section>
);

function RegistryState({ of: { source, url, ageSeconds, problem } }: { of: Registry }) {
  const { t } = useLingui();
  const age =
    ageSeconds === undefined ? (
      <Trans>It was never heard since this gateway began.</Trans>
    ) : (
      <Plural value={Math.round(ageSeconds)} one="It was heard # second ago." other="It was heard # seconds ago." />
    );
  if (problem || source === 'none')
    return (
      <Notice look="bad" title={t`The registry is not heard`}>
        {problem && <p>{problem}</p>}
        <p>
          {age} <Trans>Until then, services are asked where they were last: what has moved since is not found.</Trans>
        </p>
      </Notice>
    );
  const isOld = (ageSeconds ?? oldSeconds) >= oldSeconds;
  return (
    <Card className={isOld ? 'border-2 border-warn' : ''}>
      <p className={isOld ? 'font-semibold text-warn' : ''}>
        {source === 'feed' ? (
          <Trans>It tells of changes by itself.</Trans>
        ) : (
          <Trans>It is asked every few seconds, for it does not tell of changes by itself now.</Trans>
        )}{' '}
        {age}
      </p>
      {url && <p className="text-sm break-all text-quiet">{url}</p>}
    </Card>
  );
}

function Letters() {
  const { t } = useLingui();
  return (
    <Remote of={useDeadLetters()} label={t`dead letters`}>
      {({ reasons, unavailable }) => {
        const count = reasons.reduce((sum, each) => sum + each.count, 0);
        return (
          <>
            <Unanswered of={unavailable} />
            <Card className={`flex flex-wrap items-baseline gap-x-4 ${count > 0 ? 'border-2 border-warn' : ''}`}>
              <p>
                <Plural value={count} _0="There are none." one="There is #." other="There are #." />
              </p>
              <Link to="/dead-letters">
                <Trans>Dead letters</Trans>
              </Link>
            </Card>
          </>
        );
      }}
    </Remote>
  );
}
