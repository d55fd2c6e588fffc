import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { backTest, disableRule, enableRule, useRulesChanged } from '../api/alert-rules.ts';
import { useWatch } from '../api/alert-watch.ts';
import { useIntent } from '../api/intent.ts';
import { problemOf } from '../api/problem.ts';
import type { AlertRule } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { useDraft } from '../session/drafts.ts';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, LongTextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { BackTestShown } from '../watch/back-test-shown.tsx';
import { ruleStates } from '../words/alerts.ts';

const nothing = { reason: '' };
const reasonMin = 10;
const lengths = [30, 90];
/** Refusals over which somebody may sign. */
const signable = ['ALERT_RULE.NOT_TESTED', 'ALERT_RULE.OVER_BUDGET'];

/** Turns a rule on, after a test on stored readings within the budget, or with a signed reason; and off, unless it watches a gap. */
export function RuleEnable({ rule }: { rule: AlertRule }) {
  const { i18n, t } = useLingui();
  const changed = useRulesChanged();
  const intent = useIntent();
  const hat = useHat(usePerson());
  const { data: settings } = useWatch();
  const { values, set, clear } = useDraft(`rule-enable/${rule.id}/${rule.version}`, nothing);
  const [days, setDays] = useState(30);
  const { id, version, status, enabledVersion } = rule;
  const testing = useMutation({
    mutationFn: () => intent([id, version, days], (header) => backTest(id, days, header)),
  });
  const reason = values.reason.trim();
  const enabling = useMutation({
    mutationFn: (why: string | undefined) => intent([id, version, why ?? ''], (header) => enableRule(id, why, header)),
    onSuccess: (enabled) => {
      clear();
      changed(enabled);
    },
    onError: () => changed(undefined, id),
  });
  const refusal = problemOf(enabling.error)?.code ?? '';
  const maySign = signable.includes(refusal) || reason !== '';
  const watches = status === 'enabled';
  const isNewest = watches && enabledVersion === version;
  return (
    <Card className="grid gap-4">
      <h2>
        <Trans>Does it watch?</Trans>
      </h2>
      <p>
        <span className="font-semibold">{i18n._(ruleStates[status])}</span>
        {watches && !isNewest && (
          <>
            {': '}
            <Trans>
              version {enabledVersion}; version {version} waits to be turned on
            </Trans>
          </>
        )}
      </p>
      {!isNewest && (
        <>
          {hat === 'practitioner' && (
            <div className="flex flex-wrap items-end gap-3">
              <ChoiceField
                label={t`Test it on readings of so many days`}
                value={String(days)}
                onChange={(event) => setDays(Number(event.target.value))}
              >
                {lengths.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </ChoiceField>
              <Button isBusy={testing.isPending} onClick={() => testing.mutate()}>
                <Trans>Test it</Trans>
              </Button>
            </div>
          )}
          {testing.error && <Failure error={testing.error} />}
          {testing.data && <BackTestShown of={testing.data} budget={settings?.alertsADay} />}
          {enabling.error && <Failure error={enabling.error} />}
          <form
            className="grid gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              if (!enabling.isPending) enabling.mutate(reason === '' ? undefined : reason);
            }}
          >
            {maySign && (
              <LongTextField
                label={t`Why it is turned on all the same`}
                hint={t`${reasonMin} characters at least. It is kept with your name.`}
                value={values.reason}
                minLength={reasonMin}
                maxLength={500}
                onChange={(event) => set({ reason: event.target.value })}
              />
            )}
            <div>
              <Button type="submit" look="main" isBusy={enabling.isPending}>
                {reason === '' ? <Trans>Turn it on</Trans> : <Trans>Sign, and turn it on</Trans>}
              </Button>
            </div>
          </form>
        </>
      )}
      {watches && rule.document.condition.kind === 'gap' && (
        <Notice>
          <p>
            <Trans>It watches for missing readings, and cannot be turned off.</Trans>
          </p>
        </Notice>
      )}
      {watches && rule.document.condition.kind !== 'gap' && <Disable rule={rule} />}
    </Card>
  );
}

function Disable({ rule }: { rule: AlertRule }) {
  const { t } = useLingui();
  const changed = useRulesChanged();
  const act = `rule-disable/${rule.id}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === act);
  const { title } = rule.document;
  return (
    <div>
      <Button
        size="desk"
        look="danger"
        disabled={isEnding}
        onClick={() =>
          doUnlessUndone(act, t`“${title}” will watch no more.`, async () => {
            changed(await disableRule(rule.id));
          })
        }
      >
        <Trans>Turn it off</Trans>
      </Button>
    </div>
  );
}
