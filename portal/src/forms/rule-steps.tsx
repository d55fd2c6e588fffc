import { Trans, useLingui } from '@lingui/react/macro';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import type { RuleFieldsProps, StepDraft } from './rule-draft.ts';
import { boundsOf } from './rule-numbers.ts';

/** As many as a rule may have, and of each as many whom it tells. */
const [stepsMax, toldMax] = [6, 5];

/** Who is told after which time, and who at the last: nobody is left to silence. */
export function RuleSteps({ draft, onChange, wrong, refusedAt }: RuleFieldsProps) {
  const { t } = useLingui();
  const practitioners = usePractitioners('');
  const { steps } = draft;
  const [least, most] = boundsOf('lastAfter');
  const change = (nth: number, next: Partial<StepDraft>) =>
    onChange({ steps: steps.map((step, each) => (each === nth ? { ...step, ...next } : step)) });
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Who is told?</Trans>
      </h2>
      {wrong.includes('steps') && (
        <Notice look="bad" title={t`Each step needs somebody, and a time in whole minutes up to 1440`} />
      )}
      <Remote
        of={practitioners}
        label={t`practitioners`}
        isNone={(all) => all.length === 0}
        none={<Trans>There is no practitioner yet.</Trans>}
      >
        {(all) => (
          <>
            <ol className="grid gap-3">
              {steps.map((step, nth) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a step has nothing but its place
                <li key={nth}>
                  <Card className="grid gap-3">
                    <TextField
                      inputMode="numeric"
                      label={t`Step ${nth + 1}: after so many minutes`}
                      value={step.after}
                      maxLength={4}
                      problem={refusedAt(`document.steps.${nth}.afterMinutes`)}
                      onChange={(event) => change(nth, { after: event.target.value })}
                    />
                    <Choices
                      isRow
                      legend={<Trans>Told are</Trans>}
                      problem={refusedAt(`document.steps.${nth}.to`)}
                      options={all.map((each) => ({ value: each.id, label: nameOfPractitioner(each) }))}
                      chosen={step.to}
                      onChange={(to) => change(nth, { to: to.slice(-toldMax) })}
                    />
                    {steps.length > 1 && (
                      <div>
                        <Button
                          size="desk"
                          look="danger"
                          onClick={() => onChange({ steps: steps.filter((_, each) => each !== nth) })}
                        >
                          <Trans>Leave out step {nth + 1}</Trans>
                        </Button>
                      </div>
                    )}
                  </Card>
                </li>
              ))}
            </ol>
            {steps.length < stepsMax && (
              <div>
                <Button size="desk" onClick={() => onChange({ steps: [...steps, { after: '15', to: [] }] })}>
                  <Trans>Add a step</Trans>
                </Button>
              </div>
            )}
            <div className="grid items-end gap-4 tablet:grid-cols-2">
              <ChoiceField
                label={t`If nobody answers, told at the last`}
                isNeeded
                value={draft.lastTo}
                problem={wrong.includes('lastTo') ? t`This is needed.` : refusedAt('document.lastResort.to')}
                onChange={(event) => onChange({ lastTo: event.target.value })}
              >
                <option value="">{t`Choose`}</option>
                {all.map((each) => (
                  <option key={each.id} value={each.id}>
                    {nameOfPractitioner(each)}
                  </option>
                ))}
              </ChoiceField>
              <TextField
                inputMode="numeric"
                label={t`after so many minutes without an answer`}
                maxLength={4}
                value={draft.lastAfter}
                problem={
                  wrong.includes('lastAfter')
                    ? t`Give a number from ${least} to ${most}.`
                    : refusedAt('document.lastResort.afterMinutes')
                }
                onChange={(event) => onChange({ lastAfter: event.target.value })}
              />
            </div>
          </>
        )}
      </Remote>
    </section>
  );
}
