import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, told } from '../api/client.ts';
import { erasuresKey } from '../api/data-rights.ts';
import { useIntent } from '../api/intent.ts';
import { nameOfPatient, patientKey } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';

/** Erases a patient for good. As it cannot be undone, their family name is typed first; that is no draft. */
export function PatientErase({ patient }: { patient: Patient }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const intent = useIntent();
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  const isRight = typed.trim().localeCompare(patient.familyName, undefined, { sensitivity: 'base' }) === 0;
  const erasing = useMutation({
    mutationFn: () => {
      const path = { id: patient.id };
      return intent(path, (key) =>
        told(api.POST('/api/patients/{id}/erase', { params: { path, header: { ...ifMatch(patient), ...key } } })),
      );
    },
    onSuccess: () => {
      // Nothing of it stays in this browser either.
      client.removeQueries({ queryKey: patientKey(patient.id) });
      void client.invalidateQueries({ queryKey: erasuresKey });
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isRight && !erasing.isPending) erasing.mutate();
      }}
    >
      <Notice look="bad" title={t`Erase all data of ${nameOfPatient(patient)}?`}>
        <p>
          <Trans>
            It cannot be undone, by nobody. Make sure who asks, and that they have their copy. What the law wants kept
            stays, and the receipt says so.
          </Trans>
        </p>
      </Notice>
      <TextField
        label={t`Type the family name, to be sure whom you erase`}
        isNeeded
        autoComplete="off"
        maxLength={200}
        problem={isTried && !isRight ? t`This is not the family name of this patient.` : undefined}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {erasing.error && <Failure error={erasing.error} />}
      <div>
        <Button type="submit" look="danger" isBusy={erasing.isPending}>
          <Trans>Erase for good</Trans>
        </Button>
      </div>
    </form>
  );
}
