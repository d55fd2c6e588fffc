import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAlert, useWhy } from '../../../../api/alerts.ts';
import { useLiveAlerts } from '../../../../api/live-alerts.ts';
import type { Alert } from '../../../../api/types.ts';
import { momentAt, ownZone } from '../../../../time/zone.ts';
import { OfThisPatient } from '../../../../ui/of-this-patient.tsx';
import { Card, Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { Ago } from '../../../../watch/age.tsx';
import { AlertActions } from '../../../../watch/alert-actions.tsx';
import { AlertCurve } from '../../../../watch/alert-curve.tsx';
import { AlertState } from '../../../../watch/alert-line.tsx';
import { NotEmergency } from '../../../../watch/not-emergency.tsx';
import { Why } from '../../../../watch/why.tsx';
import { priorityNames } from '../../../../words/alerts.ts';

/** One alert: how far it is, what can be done, the curve with the rule in it, and why it rang. */
export function AlertPage() {
  const { t } = useLingui();
  const { alertId } = useParams({ from: '/signed-in-people/patients/$patientId/alerts/$alertId' });
  const [isLive, setLive] = useState(false);
  useLiveAlerts(setLive);
  const alert = useAlert(alertId, isLive);
  const why = useWhy(alertId);
  return (
    <Page
      title={t`Alert`}
      beside={
        <Link to="/alerts">
          <Trans>All alerts</Trans>
        </Link>
      }
    >
      <Remote of={alert} label={t`the alert`}>
        {(found) => (
          <OfThisPatient thing={found}>
            <One alert={found} why={why} />
          </OfThisPatient>
        )}
      </Remote>
      <NotEmergency />
    </Page>
  );
}

function One({ alert, why }: { alert: Alert; why: ReturnType<typeof useWhy> }) {
  const { i18n, t } = useLingui();
  const title = why.data?.document.title ?? t`the alert`;
  return (
    <>
      <Card className="grid gap-2">
        <h2>{title}</h2>
        <p>
          <span className="font-semibold">{i18n._(priorityNames[alert.priority])}</span>
          {' · '}
          {momentAt(alert.startedAt, ownZone(), i18n.locale)}, <Ago at={alert.startedAt} />
        </p>
        <AlertState of={alert} />
        <AlertActions alert={alert} name={title} snoozeMinutesMax={why.data?.document.snoozeMinutesMax} />
        <p>
          <Link to="/patients/$patientId/readings" params={{ patientId: alert.patientId }}>
            <Trans>All that is measured of the patient</Trans>
          </Link>
        </p>
      </Card>
      <Remote of={why} label={t`why it rang`}>
        {(found) => (
          <>
            <AlertCurve alert={alert} document={found.document} readingIds={found.readingIds} />
            <Why of={found} />
          </>
        )}
      </Remote>
    </>
  );
}
