import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Choices } from '../ui/choices.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Tick } from '../ui/tick.tsx';
import { priorities, priorityNames } from '../words/alerts.ts';
import { measures, unitShown } from '../words/measures.ts';
import type { RuleDraft, RuleFieldsProps } from './rule-draft.ts';
import { boundsOf, type NumberField } from './rule-numbers.ts';
import { RuleSteps } from './rule-steps.tsx';
import { RuleTimes } from './rule-times.tsx';

const kindNames: Record<RuleDraft['kind'], MessageDescriptor> = {
  level: msg`a value is too high or too low`,
  rate: msg`a value rises or falls too fast`,
  gap: msg`nothing comes any more`,
  score: msg`several values together (NEWS2, adults)`,
};

/** All that is typed of a rule. */
export function RuleFields({ draft, onChange, wrong, refusedAt }: RuleFieldsProps) {
  const { i18n, t } = useLingui();
  const unit = unitShown(measures[draft.code]?.unit ?? '');
  /** A number with its bounds. */
  const number = (field: NumberField, label: string, path: string, hint?: string) => {
    const [least, most] = boundsOf(field);
    return (
      <TextField
        inputMode="decimal"
        autoComplete="off"
        maxLength={12}
        label={label}
        hint={hint}
        value={draft[field]}
        problem={wrong.includes(field) ? t`Give a number from ${least} to ${most}.` : refusedAt(path)}
        onChange={(event) => onChange({ [field]: event.target.value })}
      />
    );
  };
  const inUnit = (words: string) => (unit === '' ? words : `${words} (${unit})`);
  const condition = 'document.condition';
  return (
    <>
      <TextField
        label={t`What the rule is called`}
        hint={t`It is read by who is told, and by the patient.`}
        isNeeded
        autoComplete="off"
        maxLength={120}
        value={draft.title}
        problem={wrong.includes('title') ? t`This is needed.` : refusedAt('document.title')}
        onChange={(event) => onChange({ title: event.target.value })}
      />
      <div className="grid items-end gap-4 tablet:grid-cols-2">
        <ChoiceField
          label={t`It rings when`}
          value={draft.kind}
          problem={refusedAt(`${condition}.kind`)}
          onChange={(event) => onChange({ kind: event.target.value as RuleDraft['kind'] })}
        >
          {Object.entries(kindNames).map(([value, name]) => (
            <option key={value} value={value}>
              {i18n._(name)}
            </option>
          ))}
        </ChoiceField>
        {draft.kind !== 'score' && (
          <ChoiceField
            label={t`Which measure?`}
            value={draft.code}
            problem={refusedAt(`${condition}.code`)}
            onChange={(event) => onChange({ code: event.target.value })}
          >
            {Object.entries(measures).map(([code, { name }]) => (
              <option key={code} value={code}>
                {i18n._(name)}
              </option>
            ))}
          </ChoiceField>
        )}
      </div>
      {draft.kind === 'level' && (
        <>
          <div className="grid items-end gap-4 tablet:grid-cols-2">
            {number('above', inUnit(t`Above`), `${condition}.above`, t`One of the two is enough.`)}
            {number('below', inUnit(t`Below`), `${condition}.below`, t`One of the two is enough.`)}
          </div>
          <Choices
            isOne
            legend={<Trans>How often or how long?</Trans>}
            options={[
              { value: 'at-once', label: <Trans>a single reading is enough</Trans> },
              { value: 'some', label: <Trans>some of the last readings</Trans> },
              { value: 'minutes', label: <Trans>all readings of a while</Trans> },
            ]}
            chosen={[draft.sustained]}
            onChange={([sustained = draft.sustained]) => onChange({ sustained })}
          />
          {draft.sustained === 'some' && (
            <div className="grid items-end gap-4 tablet:grid-cols-2">
              {number('atLeast', t`At least so many`, `${condition}.sustained`)}
              {number('of', t`of the last so many`, `${condition}.sustained`)}
            </div>
          )}
          {draft.sustained === 'minutes' && number('minutes', t`For so many minutes`, `${condition}.sustained`)}
        </>
      )}
      {draft.kind === 'rate' && (
        <div className="grid items-end gap-4 tablet:grid-cols-3">
          {number('rises', inUnit(t`Rises by`), `${condition}.rises`, t`One of the two is enough.`)}
          {number('falls', inUnit(t`Falls by`), `${condition}.falls`, t`One of the two is enough.`)}
          {number('within', t`within so many minutes`, `${condition}.withinMinutes`)}
        </div>
      )}
      {draft.kind === 'gap' && number('gap', t`Nothing for so many minutes`, `${condition}.minutes`)}
      {draft.kind === 'score' && (
        <>
          <div className="grid items-end gap-4 tablet:grid-cols-2">
            {number('total', t`At least so many points`, `${condition}.total`)}
            {number('fresh', t`Values older than so many minutes count as missing`, `${condition}.freshMinutes`)}
          </div>
          <Tick is={draft.single} onChange={(single) => onChange({ single })}>
            <Trans>Three points in a single part are enough</Trans>
          </Tick>
          <Tick is={draft.oxygenScale === '2'} onChange={(is) => onChange({ oxygenScale: is ? '2' : '1' })}>
            <Trans>Scale 2 of oxygen saturation (hypercapnic respiratory failure, decided by a clinician)</Trans>
          </Tick>
        </>
      )}
      {draft.kind !== 'gap' && (
        <div className="grid items-end gap-4 tablet:grid-cols-3">
          {number('clearReadings', t`Over after so many normal readings in a row`, 'document.clear.readings')}
          {draft.kind === 'level' &&
            number('clearBelow', inUnit(t`normal is below`), 'document.clear', t`Left empty: the limit above`)}
          {draft.kind === 'level' &&
            number('clearAbove', inUnit(t`normal is above`), 'document.clear', t`Left empty: the limit above`)}
        </div>
      )}
      <Choices
        isOne
        isRow
        legend={<Trans>How urgent is it?</Trans>}
        options={priorities.map((value) => ({ value, label: i18n._(priorityNames[value]) }))}
        chosen={[draft.priority]}
        onChange={([priority = draft.priority]) => onChange({ priority })}
      />
      <div className="grid items-end gap-4 tablet:grid-cols-2">
        {number(
          'maxAge',
          t`Readings older than so many minutes ring nobody`,
          'document.maxAgeMinutes',
          t`They are shown in the curve, with when they would have rung.`,
        )}
        {number('snoozeMax', t`It may be quiet for at most so many minutes`, 'document.snoozeMinutesMax')}
      </div>
      <RuleTimes draft={draft} onChange={onChange} wrong={wrong} refusedAt={refusedAt} />
      <RuleSteps draft={draft} onChange={onChange} wrong={wrong} refusedAt={refusedAt} />
    </>
  );
}
