import { Trans, useLingui } from '@lingui/react/macro';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import type { Resource, ResourceRequest } from '../api/types.ts';
import { Choices } from '../ui/choices.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Remote } from '../ui/remote.tsx';
import { resourceKinds } from '../words/resources.ts';

/** A room or device as it is typed. */
interface ResourceDraft {
  name: string;
  kind: Resource['kind'];
  /** Empty: where it is needed. */
  placeId: string;
}

export const nothing: ResourceDraft = { name: '', kind: 'room', placeId: '' };

export const requestOf = ({ name, kind, placeId }: ResourceDraft): ResourceRequest => ({
  ...{ name: name.trim(), kind },
  ...(placeId !== '' && { placeId }),
});

interface Props {
  draft: ResourceDraft;
  onChange: (change: Partial<ResourceDraft>) => void;
  isTried: boolean;
  error: unknown;
}

export function ResourceFields({ draft, onChange, isTried, error }: Props) {
  const { i18n, t } = useLingui();
  const refusedAt = useFieldProblems(error);
  const practitioners = usePractitioners('');
  return (
    <>
      <TextField
        label={t`Name`}
        isNeeded
        autoComplete="off"
        maxLength={100}
        value={draft.name}
        problem={isTried && draft.name.trim() === '' ? t`This is needed.` : refusedAt('name')}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Choices
        isOne
        isRow
        legend={<Trans>What is it?</Trans>}
        options={(Object.keys(resourceKinds) as Resource['kind'][]).map((value) => ({
          value,
          label: i18n._(resourceKinds[value]),
        }))}
        chosen={[draft.kind]}
        onChange={([kind = draft.kind]) => onChange({ kind })}
      />
      <Remote of={practitioners} label={t`places`}>
        {(all) => (
          <ChoiceField
            label={t`Where does it stand?`}
            value={draft.placeId}
            problem={refusedAt('placeId')}
            onChange={(event) => onChange({ placeId: event.target.value })}
          >
            <option value="">{t`It goes where it is needed`}</option>
            {draft.placeId !== '' && all.every(({ places }) => places.every(({ id }) => id !== draft.placeId)) && (
              <option value={draft.placeId}>{t`A place that is no longer there`}</option>
            )}
            {all.flatMap((practitioner) =>
              practitioner.places.map(({ id, name }) => (
                <option key={id} value={id}>
                  {`${name} (${nameOfPractitioner(practitioner)})`}
                </option>
              )),
            )}
          </ChoiceField>
        )}
      </Remote>
    </>
  );
}
