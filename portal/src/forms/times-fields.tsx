import { useLingui } from '@lingui/react/macro';
import type { Practitioner } from '../api/types.ts';
import type { Period } from '../time/openings.ts';
import { ChoiceField, TextField } from '../ui/field.tsx';

interface Props {
  times: Period;
  isTried: boolean;
  onChange: (times: Period) => void;
}

/** From when until when; the end of the day is midnight. */
export function TimesFields({ times: { startTime, endTime }, isTried, onChange }: Props) {
  const { t } = useLingui();
  const isNoTime = startTime === endTime || startTime === '' || endTime === '';
  return (
    <>
      <TextField
        type="time"
        label={t`From`}
        value={startTime}
        onChange={(event) => onChange({ startTime: event.target.value, endTime })}
      />
      <TextField
        type="time"
        label={t`Until`}
        value={endTime === '24:00' ? '00:00' : endTime}
        problem={isTried && isNoTime ? t`Give two different times.` : undefined}
        onChange={({ target: { value } }) => onChange({ startTime, endTime: value === '00:00' ? '24:00' : value })}
      />
    </>
  );
}

interface PlaceProps {
  places: Practitioner['places'];
  placeId: string;
  onChange: (placeId: string) => void;
}

/** Where, of whoever receives at several places. */
export function PlaceField({ places, placeId, onChange }: PlaceProps) {
  const { t } = useLingui();
  if (places.length < 2) return null;
  return (
    <ChoiceField label={t`Place`} value={placeId} onChange={(event) => onChange(event.target.value)}>
      {places.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </ChoiceField>
  );
}
