import { Trans, useLingui } from '@lingui/react/macro';
import { useHeartbeat } from '../api/alert-watch.ts';
import type { Sight } from '../api/types.ts';
import { Notice } from '../ui/notice.tsx';
import { sightNames } from '../words/alerts.ts';
import { Ago, useMinutesSince } from './age.tsx';

/** Whether anybody is watched at all. Who gets no answer is as blind as the watch may be, and is told so. */
export function SightInForce() {
  const { t } = useLingui();
  const { data, error } = useHeartbeat();
  if (data && !error) return <SightSaid of={data} />;
  if (!error) return null;
  return (
    <Notice look="bad" role="alert" title={t`It is not known whether anybody is watched`}>
      <p>
        <Trans>The watch gives no answer. Until it does, look at the curves of those for whom you are concerned.</Trans>
      </p>
    </Notice>
  );
}

/** What is older says nothing. */
const oldMinutes = 1;

export function SightSaid({ of: { state, asOf, beats } }: { of: Sight }) {
  const { i18n, t } = useLingui();
  const isOld = useMinutesSince(asOf) > oldMinutes;
  const blindSince = beats.map((beat) => beat.blindSince).find((since) => since !== undefined);
  if (state === 'seeing' && !isOld)
    return (
      <p className="text-sm text-quiet">
        {i18n._(sightNames.seeing)} · <Ago at={asOf} />
      </p>
    );
  if (state === 'off')
    return (
      <Notice look="warn" title={i18n._(sightNames.off)}>
        <p>
          <Trans>An administrator turns it on. Missing readings go on being watched once it was on.</Trans>
        </p>
      </Notice>
    );
  return (
    <Notice
      look="bad"
      role="alert"
      title={state === 'blind' ? i18n._(sightNames.blind) : t`It is not known whether anybody is watched`}
    >
      <p>
        {blindSince ? (
          <Trans>
            It became so <Ago at={blindSince} />: no reading of anybody comes. Call those whose readings are awaited.
          </Trans>
        ) : (
          <Trans>What is known of the watch is old. Call those whose readings are awaited.</Trans>
        )}
      </p>
    </Notice>
  );
}
