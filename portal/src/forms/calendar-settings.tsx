import { Trans, useLingui } from '@lingui/react/macro';
import type { Calendar } from '../api/types.ts';
import { Choices } from '../ui/choices.tsx';
import { TextField } from '../ui/field.tsx';
import { policies, policyNames } from '../words/calendars.ts';

export type Settings = Pick<Calendar, 'name' | 'policy' | 'writes' | 'showsPatients'>;

interface Props {
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
  nameProblem?: string;
  /** A published file takes nothing. */
  canWrite: boolean;
  writesProblem?: string;
}

/** What a practitioner decides about a calendar: of a new one as of one that is there. */
export function CalendarSettingsFields({ settings, onChange, nameProblem, canWrite, writesProblem }: Props) {
  const { i18n, t } = useLingui();
  return (
    <>
      <TextField
        label={t`Name of the calendar here`}
        isNeeded
        maxLength={100}
        autoComplete="off"
        value={settings.name}
        problem={nameProblem}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Choices
        isOne
        legend={<Trans>When it could not be read lately</Trans>}
        options={policies.map((value) => ({ value, label: i18n._(policyNames[value]) }))}
        chosen={[settings.policy]}
        onChange={([policy]) => policy && onChange({ policy })}
      />
      {canWrite && (
        <Choices
          legend={<Trans>What is written there</Trans>}
          problem={writesProblem}
          options={[
            { value: 'writes', label: <Trans>Our appointments, as taken time</Trans> },
            ...(settings.writes
              ? ([{ value: 'showsPatients', label: <Trans>With the names of patients</Trans> }] as const)
              : []),
          ]}
          chosen={(['writes', 'showsPatients'] as const).filter((each) => settings[each])}
          onChange={(chosen) =>
            onChange({
              writes: chosen.includes('writes'),
              showsPatients: chosen.includes('writes') && chosen.includes('showsPatients'),
            })
          }
        />
      )}
    </>
  );
}
