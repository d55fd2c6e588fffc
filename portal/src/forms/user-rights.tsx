import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import type { Role } from '../session/person.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { Remote } from '../ui/remote.tsx';
import { roleNames } from '../words/roles.ts';
import { PatientFind } from './patient-find.tsx';

export interface Rights {
  roles: Role[];
  /** Empty for nobody. */
  patientId: string;
  practitionerId: string;
}

export const noRights: Rights = { roles: [], patientId: '', practitionerId: '' };

/** Whom somebody is in the practice; a link without its role is none. */
export const linksOf = ({ roles, patientId, practitionerId }: Rights) => ({
  patientId: roles.includes('patient') && patientId !== '' ? patientId : undefined,
  practitionerId: roles.includes('practitioner') && practitionerId !== '' ? practitionerId : undefined,
});

interface Props {
  rights: Rights;
  onChange: (change: Partial<Rights>) => void;
  /** What to do about a field. */
  problemAt: (field: keyof Rights) => string | undefined;
}

/** As what somebody signs in, and which patient or practitioner they are. */
export function UserRights({ rights, onChange, problemAt }: Props) {
  const { i18n } = useLingui();
  const { roles, patientId, practitionerId } = rights;
  return (
    <>
      <Choices
        legend={<Trans>As what?</Trans>}
        problem={problemAt('roles')}
        options={(Object.keys(roleNames) as Role[]).map((value) => ({ value, label: i18n._(roleNames[value]) }))}
        chosen={roles}
        onChange={(chosen) => onChange({ roles: chosen })}
      />
      {roles.includes('practitioner') && (
        <PractitionerLink
          practitionerId={practitionerId}
          problem={problemAt('practitionerId')}
          onChange={(id) => onChange({ practitionerId: id })}
        />
      )}
      {roles.includes('patient') && (
        <PatientLink
          patientId={patientId}
          problem={problemAt('patientId')}
          onChange={(id) => onChange({ patientId: id })}
        />
      )}
    </>
  );
}

interface LinkProps {
  problem?: string;
  onChange: (id: string) => void;
}

function PractitionerLink({ practitionerId, problem, onChange }: LinkProps & { practitionerId: string }) {
  const { t } = useLingui();
  const all = usePractitioners('');
  return (
    <Remote of={all} label={t`practitioners`}>
      {(practitioners) => (
        <ChoiceField
          label={t`Which practitioner are they?`}
          value={practitionerId}
          problem={problem}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="">{t`None of these`}</option>
          {practitionerId !== '' && practitioners.every(({ id }) => id !== practitionerId) && (
            <option value={practitionerId}>{t`One who no longer receives`}</option>
          )}
          {practitioners.map((each) => (
            <option key={each.id} value={each.id}>
              {nameOfPractitioner(each)}
            </option>
          ))}
        </ChoiceField>
      )}
    </Remote>
  );
}

function PatientLink({ patientId, problem, onChange }: LinkProps & { patientId: string }) {
  const { t } = useLingui();
  const [words, setWords] = useState('');
  const patient = usePatient(patientId, patientId !== '');
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-semibold">
        <Trans>Which patient are they?</Trans>
      </legend>
      {problem && <p className="text-sm font-semibold text-bad">{problem}</p>}
      {patientId === '' ? (
        <PatientFind words={words} onWords={setWords} onChoose={({ id }) => onChange(id)} />
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <Remote of={patient} label={t`the patient`}>
            {(found) => <span className="font-semibold">{nameOfPatient(found)}</span>}
          </Remote>
          <Button size="desk" onClick={() => onChange('')}>
            <Trans>Somebody else, or nobody</Trans>
          </Button>
        </div>
      )}
    </fieldset>
  );
}
