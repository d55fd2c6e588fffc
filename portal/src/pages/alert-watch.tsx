import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useHeartbeat, useWatch } from '../api/alert-watch.ts';
import type { Sight } from '../api/types.ts';
import { WatchSet } from '../forms/watch-set.tsx';
import { momentAt, ownZone } from '../time/zone.ts';
import { AuthorName } from '../ui/author-name.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { Ago } from '../watch/age.tsx';
import { NotEmergency } from '../watch/not-emergency.tsx';
import { SightInForce } from '../watch/sight.tsx';
import { beatNames } from '../words/alerts.ts';

/** Whether the practice watches, how, and whether it sees anything. */
export function AlertWatch() {
  const { i18n, t } = useLingui();
  return (
    <Page
      title={t`Watch over readings`}
      beside={
        <Link to="/alert-rules">
          <Trans>What is watched</Trans>
        </Link>
      }
    >
      <NotEmergency />
      <SightInForce />
      <section className="grid gap-3">
        <h2>
          <Trans>Heartbeat</Trans>
        </h2>
        <Beats />
      </section>
      <section className="grid gap-3">
        <h2>
          <Trans>How the practice watches</Trans>
        </h2>
        <Remote of={useWatch()} label={t`how the practice watches`}>
          {(settings) => (
            <Card className="grid gap-4">
              <WatchSet settings={settings} />
              {settings.changedAt && (
                <p className="text-sm text-quiet">
                  <Trans>
                    Last changed at {momentAt(settings.changedAt, ownZone(), i18n.locale)} by{' '}
                    <AuthorName id={settings.changedBy} />
                  </Trans>
                </p>
              )}
            </Card>
          )}
        </Remote>
      </section>
    </Page>
  );
}

/** When each part of the watch was last heard; asked for anew every quarter of a minute. */
function Beats() {
  const { t } = useLingui();
  return (
    <Remote
      of={useHeartbeat()}
      label={t`the heartbeat`}
      isNone={({ beats }) => beats.length === 0}
      none={<Trans>Nothing was heard of it since it began.</Trans>}
    >
      {({ beats }) => (
        <ul className="grid gap-2">
          {beats.map((each) => (
            <li key={each.name}>
              <Beat of={each} />
            </li>
          ))}
        </ul>
      )}
    </Remote>
  );
}

function Beat({ of: { name, at, blindSince } }: { of: Sight['beats'][number] }) {
  const { i18n } = useLingui();
  const words = beatNames[name];
  return (
    <Card
      className={`flex flex-wrap items-baseline justify-between gap-x-4 ${blindSince ? 'border-2 border-bad' : ''}`}
    >
      <span className="first-letter:uppercase">{words ? i18n._(words) : name}</span>
      <span className={blindSince ? 'font-semibold text-bad' : 'text-quiet'}>
        <Ago at={at} />
      </span>
    </Card>
  );
}
