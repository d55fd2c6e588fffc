import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '../ui/button.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Card } from '../ui/page.tsx';
import type { PlaceDraft } from './practitioner-draft.ts';

/** Of France, overseas included; hours at a place are hours of its clock. */
const zones = [
  ...['Europe/Paris', 'America/Guadeloupe', 'America/Martinique', 'America/Cayenne', 'America/St_Barthelemy'],
  ...['America/Marigot', 'America/Miquelon', 'Indian/Reunion', 'Indian/Mayotte', 'Pacific/Noumea', 'Pacific/Tahiti'],
  'Pacific/Wallis',
];

interface Props {
  nth: number;
  place: PlaceDraft;
  nameProblem?: string;
  refusedAt: (part: string) => string | undefined;
  onChange: (place: PlaceDraft) => void;
  onRemove: () => void;
}

/** Where a practitioner receives. */
export function PlaceRow({ nth, place, nameProblem, refusedAt, onChange, onRemove }: Props) {
  const { t } = useLingui();
  const field = (name: 'name' | 'line' | 'postalCode' | 'city', label: string, problem?: string) => (
    <TextField
      label={label}
      isNeeded={name === 'name'}
      autoComplete="off"
      maxLength={name === 'line' ? 600 : 100}
      value={place[name]}
      problem={problem}
      onChange={(event) => onChange({ ...place, [name]: event.target.value })}
    />
  );
  return (
    <Card>
      <fieldset className="grid gap-3">
        <legend className="sr-only">
          <Trans>Place {nth}</Trans>
        </legend>
        <div className="grid gap-3 tablet:grid-cols-2">
          {field('name', t`Name of the place`, nameProblem)}
          {field('line', t`Street and number`, refusedAt('address.line'))}
          {field('postalCode', t`Postal code`, refusedAt('address.postalCode'))}
          {field('city', t`Town`, refusedAt('address.city'))}
          <ChoiceField
            label={t`Its clock`}
            value={place.zone}
            problem={refusedAt('zone')}
            onChange={(event) => onChange({ ...place, zone: event.target.value })}
          >
            {[...new Set([...zones, place.zone])].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </ChoiceField>
        </div>
        <div>
          <Button size="desk" onClick={onRemove} aria-label={t`Remove the place ${nth}: ${place.name}`}>
            <Trans>Remove</Trans>
          </Button>
        </div>
      </fieldset>
    </Card>
  );
}
