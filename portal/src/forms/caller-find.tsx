import { Trans, useLingui } from '@lingui/react/macro';
import { type Ref, useState } from 'react';
import { nameOfPatient } from '../api/patients.ts';
import { dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { PatientFind } from './patient-find.tsx';
import { PatientRegister } from './patient-register.tsx';
import type { Caller } from './use-caller.ts';

interface Props {
  caller: Caller;
  /** Of the field in which they are searched; without one it takes the focus. */
  field?: Ref<HTMLInputElement>;
  shortcut?: string;
}

/** Who it is for: somebody who is known, or who is taken in on the way. What was typed is kept meanwhile. */
export function CallerFind({ caller, field, shortcut }: Props) {
  const { i18n, t } = useLingui();
  const [isRegistering, setRegistering] = useState(false);
  const { values, patient } = caller;
  if (values.patientId !== '')
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-field bg-accent-paper p-3">
        <p>
          <strong>{patient ? nameOfPatient(patient) : '…'}</strong>
          {patient?.birthName && patient.birthName !== patient.familyName && ` (${patient.birthName})`}
          {patient && `, ${dateInWords(patient.birthDate, i18n.locale)}`}
        </p>
        <Button size="desk" onClick={caller.forget}>
          <Trans>Somebody else</Trans>
        </Button>
      </div>
    );
  return (
    <>
      <PatientFind
        words={values.words}
        field={field}
        shortcut={shortcut}
        onWords={(words) => caller.set({ words })}
        onChoose={caller.choose}
        onNew={() => setRegistering(true)}
      />
      {isRegistering && (
        <Dialog title={t`Take in a new patient`} onClose={() => setRegistering(false)}>
          <PatientRegister
            words={values.words}
            onTaken={(taken) => {
              caller.choose(taken);
              setRegistering(false);
            }}
          />
        </Dialog>
      )}
    </>
  );
}
