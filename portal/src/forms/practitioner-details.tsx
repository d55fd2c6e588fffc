import { Trans, useLingui } from '@lingui/react/macro';
import { problemOf } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Card } from '../ui/page.tsx';
import { isLengthFit, type PractitionerDraft, type TypeDraft, usualZone } from './practitioner-draft.ts';
import { PlaceRow } from './practitioner-place.tsx';

interface Props {
  draft: PractitionerDraft;
  onChange: (change: Partial<PractitionerDraft>) => void;
  /** They have tried to send it: what is missing is said. */
  isTried: boolean;
  error: unknown;
}

type Text = Exclude<keyof PractitionerDraft, 'places' | 'types'>;

/** Who a practitioner is, where they receive, and what can be booked with them. */
export function PractitionerDetails({ draft, onChange, isTried, error }: Props) {
  const { t } = useLingui();
  const refusedAt = useFieldProblems(error);
  const { places, types } = draft;
  const missing = (text: string) => (isTried && text.trim() === '' ? t`This is needed.` : undefined);
  /** Of telephone and address it is said by number which is wrong, which the reader does not see. */
  const telecomCode = { phone: 'NO_PHONE_NUMBER', email: 'NO_EMAIL' };
  const telecomRefused = (name: 'phone' | 'email') =>
    problemOf(error)?.fields.some(({ code }) => code === telecomCode[name]) ? refusedAt('telecom') : undefined;
  const field = (name: Text, label: string, problem?: string, more: { type?: string; hint?: string } = {}) => (
    <TextField
      {...more}
      label={label}
      isNeeded={name === 'familyName' || name === 'givenNames'}
      autoComplete="off"
      maxLength={name === 'specialities' ? 1_000 : 254}
      value={draft[name]}
      problem={problem}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
  return (
    <>
      <div className="grid gap-4 tablet:grid-cols-2">
        {field('familyName', t`Family name`, missing(draft.familyName) ?? refusedAt('familyName'))}
        {field('givenNames', t`Given names`, missing(draft.givenNames) ?? refusedAt('givenNames'))}
        {field('rpps', t`RPPS number`, refusedAt('rpps'), { hint: t`11 digits; left empty where there is none` })}
        {field('specialities', t`Specialities`, refusedAt('specialities'), {
          hint: t`Names or codes, with a semicolon between`,
        })}
        {field('phone', t`Telephone`, telecomRefused('phone'), { type: 'tel' })}
        {field('email', t`E-mail address`, telecomRefused('email'), { type: 'email' })}
      </div>
      <section className="grid gap-3">
        <h2>
          <Trans>Where they receive</Trans>
        </h2>
        {places.map((place, nth) => (
          <PlaceRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
            key={nth}
            nth={nth + 1}
            place={place}
            nameProblem={missing(place.name) ?? refusedAt(`places[${nth}].name`)}
            refusedAt={(part) => refusedAt(`places[${nth}].${part}`)}
            onChange={(next) => onChange({ places: places.map((other, at) => (at === nth ? next : other)) })}
            onRemove={() => onChange({ places: places.filter((_other, at) => at !== nth) })}
          />
        ))}
        <div>
          <Button
            size="desk"
            onClick={() =>
              onChange({ places: [...places, { name: '', zone: usualZone, line: '', postalCode: '', city: '' }] })
            }
          >
            <Trans>Add a place</Trans>
          </Button>
        </div>
      </section>
      <section className="grid gap-3">
        <h2>
          <Trans>What can be booked with them</Trans>
        </h2>
        {types.map((type, nth) => (
          <TypeRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
            key={nth}
            nth={nth + 1}
            type={type}
            nameProblem={missing(type.name) ?? refusedAt(`appointmentTypes[${nth}].name`)}
            isTried={isTried}
            onChange={(next) => onChange({ types: types.map((other, at) => (at === nth ? next : other)) })}
            onRemove={() => onChange({ types: types.filter((_other, at) => at !== nth) })}
          />
        ))}
        <div>
          <Button size="desk" onClick={() => onChange({ types: [...types, { name: '', minutes: '20' }] })}>
            <Trans>Add a kind of visit</Trans>
          </Button>
        </div>
      </section>
    </>
  );
}

interface TypeProps {
  nth: number;
  type: TypeDraft;
  nameProblem?: string;
  isTried: boolean;
  onChange: (type: TypeDraft) => void;
  onRemove: () => void;
}

function TypeRow({ nth, type, nameProblem, isTried, onChange, onRemove }: TypeProps) {
  const { t } = useLingui();
  return (
    <Card>
      <fieldset className="grid items-end gap-3 tablet:grid-cols-[1fr_8rem_auto]">
        <legend className="sr-only">
          <Trans>Kind of visit {nth}</Trans>
        </legend>
        <TextField
          label={t`Name`}
          isNeeded
          autoComplete="off"
          maxLength={100}
          value={type.name}
          problem={nameProblem}
          onChange={(event) => onChange({ ...type, name: event.target.value })}
        />
        <TextField
          label={t`Minutes`}
          isNeeded
          inputMode="numeric"
          autoComplete="off"
          maxLength={3}
          value={type.minutes}
          problem={isTried && !isLengthFit(type) ? t`From 5 to 480.` : undefined}
          onChange={(event) => onChange({ ...type, minutes: event.target.value.trim() })}
        />
        <Button size="desk" onClick={onRemove} aria-label={t`Remove the kind of visit ${nth}: ${type.name}`}>
          <Trans>Remove</Trans>
        </Button>
      </fieldset>
    </Card>
  );
}
