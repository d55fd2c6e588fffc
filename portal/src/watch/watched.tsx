import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRules } from '../api/alert-rules.ts';
import type { AlertRule } from '../api/types.ts';
import { GapRetime } from '../forms/gap-retime.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { priorityNames, ruleStates } from '../words/alerts.ts';
import { useWatcherName } from './names.ts';
import { useRuleWords } from './rule-words.ts';

interface Props {
  patientId: string;
  /** They may write rules, and give a patient another time in which readings are missed. */
  mayWrite?: boolean;
}

/** What is watched of a patient, and who is told: those rules alone that watch now. */
export function Watched({ patientId, mayWrite = false }: Props) {
  const { t } = useLingui();
  const rules = useRules(patientId);
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>What is watched, and who is told</Trans>
      </h2>
      <Remote
        of={rules}
        label={t`what is watched`}
        isNone={({ items }) => inForce(items).length === 0}
        none={<Trans>Nothing is watched: nobody is told of what is measured unless they look.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-2">
            {inForce(items).map((each) => (
              <li key={each.id}>
                <Line rule={each}>
                  {mayWrite && each.document.condition.kind === 'gap' && (
                    <GapRetime rule={each} patientId={patientId} />
                  )}
                </Line>
              </li>
            ))}
          </ul>
        )}
      </Remote>
      {mayWrite && <NotWatching rules={(rules.data?.items ?? []).filter((each) => each.patientId === patientId)} />}
      {mayWrite && (
        <p className="flex flex-wrap gap-4">
          <Link to="/patients/$patientId/rules/new" params={{ patientId }}>
            <Trans>Write a rule for this patient</Trans>
          </Link>
          <Link to="/alert-rules">
            <Trans>All rules</Trans>
          </Link>
        </p>
      )}
    </section>
  );
}

/** A rule of the patient stands in the place of the one that it replaces. */
export function inForce(rules: readonly AlertRule[]): AlertRule[] {
  const watching = rules.filter(({ status }) => status === 'enabled');
  const replaced = new Set(watching.map(({ replaces }) => replaces));
  return watching.filter(({ id }) => !replaced.has(id));
}

/** Rules of the patient that are written and do not watch: else nobody would find them again. */
function NotWatching({ rules }: { rules: readonly AlertRule[] }) {
  const { i18n } = useLingui();
  const waiting = rules.filter(({ status }) => status !== 'enabled');
  if (waiting.length === 0) return null;
  return (
    <ul className="list-disc pl-5 text-sm">
      {waiting.map(({ id, status, document }) => (
        <li key={id}>
          <Link to="/alert-rules/$ruleId" params={{ ruleId: id }}>
            {document.title}
          </Link>
          {`: ${i18n._(ruleStates[status])}`}
        </li>
      ))}
    </ul>
  );
}

interface LineProps {
  rule: AlertRule;
  /** What can be done about it. */
  children: ReactNode;
}

function Line({ rule: { document, patientId, version, enabledVersion }, children }: LineProps) {
  const { i18n } = useLingui();
  const words = useRuleWords();
  const nameOf = useWatcherName();
  const { title, condition, priority, steps, lastResort } = document;
  return (
    <Card className="grid gap-1">
      <p className="font-semibold">{title}</p>
      <p>{words.condition(condition)}</p>
      <p className="text-sm text-quiet">
        {patientId ? <Trans>A rule for this patient</Trans> : <Trans>A rule for all patients</Trans>}
        {' · '}
        {i18n._(priorityNames[priority])}
      </p>
      <ul className="list-disc pl-5 text-sm">
        {steps.map(({ afterMinutes, to }) => (
          <li key={afterMinutes}>
            {afterMinutes === 0 ? (
              <Trans>at once: {to.map(nameOf).join(', ')}</Trans>
            ) : (
              <Trans>
                after {words.long(afterMinutes)}: {to.map(nameOf).join(', ')}
              </Trans>
            )}
          </li>
        ))}
        <li>
          <Trans>
            if nobody has answered after {words.long(lastResort.afterMinutes)}: {nameOf(lastResort.to)}
          </Trans>
        </li>
      </ul>
      {enabledVersion !== undefined && enabledVersion !== version && (
        <p className="text-sm text-warn">
          <Trans>
            A newer version of it is written and does not watch yet: shown is the newer one, version {version}; version{' '}
            {enabledVersion} watches.
          </Trans>
        </p>
      )}
      {children && <div>{children}</div>}
    </Card>
  );
}
