import type { MessageDescriptor } from '@lingui/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { ChoiceField } from '../ui/field.tsx';

interface Props<K extends string> {
  label: string;
  names: Partial<Record<NoInfer<K>, MessageDescriptor>>;
  /** Those of the names that are not for choosing here. */
  without?: readonly NoInfer<K>[];
  value: K | '';
  /** Left out: nothing has to be said of it. */
  isNeeded?: boolean;
  problem?: string;
  onChange: (value: K | '') => void;
}

/** One of the codes that the API has for something, in words. */
export function EntryChoice<K extends string>(props: Props<K>) {
  const { i18n } = useLingui();
  const { label, names, without = [], value, isNeeded = false, problem, onChange } = props;
  const offered = (Object.entries(names) as [K, MessageDescriptor][]).filter(([code]) => !without.includes(code));
  return (
    <ChoiceField
      label={label}
      value={value}
      problem={problem}
      onChange={(event) => onChange(event.target.value as K | '')}
    >
      {!isNeeded && (
        <option value="">
          <Trans>not said</Trans>
        </option>
      )}
      {offered.map(([code, words]) => (
        <option key={code} value={code}>
          {i18n._(words)}
        </option>
      ))}
    </ChoiceField>
  );
}
