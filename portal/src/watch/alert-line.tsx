import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useRule } from '../api/alert-rules.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import type { Alert } from '../api/types.ts';
import { momentAt, ownZone } from '../time/zone.ts';
import { Card } from '../ui/page.tsx';
import { alertStates, priorityNames } from '../words/alerts.ts';
import { Ago } from './age.tsx';
import { AlertActions } from './alert-actions.tsx';
import { useWatcherName } from './names.ts';

const edges = { high: 'border-l-4 border-l-alarm', medium: 'border-l-4 border-l-warn', low: '' } as const;

/** An alert in the list: whose it is, what rang, since when, and what can be done about it. */
export function AlertLine({ alert }: { alert: Alert }) {
  const { i18n, t } = useLingui();
  const { data: patient } = usePatient(alert.patientId);
  const { data: rule } = useRule(alert.ruleId);
  const whose = patient ? nameOfPatient(patient) : '…';
  const title = rule?.document.title ?? '…';
  return (
    <Card className={`grid gap-2 ${alert.isActive ? edges[alert.priority] : ''}`}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="text-lg font-semibold">
          <Link
            to="/patients/$patientId/alerts/$alertId"
            params={{ patientId: alert.patientId, alertId: alert.id }}
            className="text-ink"
          >
            {whose}
          </Link>
        </p>
        <p className="text-sm">
          <span className="font-semibold">{i18n._(priorityNames[alert.priority])}</span>
          {' · '}
          <Ago at={alert.startedAt} />
        </p>
      </div>
      <p>{title}</p>
      <AlertState of={alert} />
      <AlertActions alert={alert} name={t`${whose}, ${title}`} snoozeMinutesMax={rule?.document.snoozeMinutesMax} />
    </Card>
  );
}

/** How far it is, who has it, and how often a reading was beyond the limit. */
export function AlertState({ of: alert }: { of: Alert }) {
  const { i18n } = useLingui();
  const nameOf = useWatcherName();
  const { count, status, snoozedUntil, ownerId, isActive, clearedAt, startedAt } = alert;
  const time = (at: string) => momentAt(at, ownZone(), i18n.locale);
  return (
    <p className="text-sm text-quiet">
      {/* Of readings that did not come there is none. */}
      {count > 0 && (
        <>
          <Plural value={count} one="# reading beyond the limit" other="# readings beyond the limit" />
          {' · '}
        </>
      )}
      {status === 'late' ? (
        <Trans>came too late: it would have rung at {time(startedAt)}</Trans>
      ) : isActive && clearedAt ? (
        <Trans>normal again since {time(clearedAt)}, and nobody has answered</Trans>
      ) : (
        i18n._(alertStates[status])
      )}
      {status === 'snoozed' && snoozedUntil && (
        <>
          {', '}
          <Trans>it calls again at {time(snoozedUntil)}</Trans>
        </>
      )}
      {ownerId && (
        <>
          {' · '}
          <Trans>handed over to {nameOf(ownerId)}</Trans>
        </>
      )}
    </p>
  );
}
