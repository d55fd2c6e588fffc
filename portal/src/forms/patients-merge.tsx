import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ifMatch, told } from '../api/client.ts';
import { nameOfPatient, patientKey } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { PatientsCompared } from '../ui/patients-compared.tsx';

/** Makes two registrations of one person one, after both were looked at side by side: it cannot be undone. */
export function PatientsMerge({ one, other }: { one: Patient; other: Patient }) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const client = useQueryClient();
  const [staysId, setStays] = useState(one.id);
  const [isAsking, setAsking] = useState(false);
  const [stays, goes] = staysId === one.id ? [one, other] : [other, one];
  const merging = useMutation({
    mutationFn: () =>
      told(
        api.POST('/api/patients/{id}/merge', {
          params: { path: { id: goes.id }, header: ifMatch(goes) },
          body: { intoPatientId: stays.id },
        }),
      ),
    onSuccess: (survivor) => {
      client.setQueryData(patientKey(survivor.id), survivor);
      void client.invalidateQueries({ queryKey: patientKey(goes.id) });
    },
    onError: () => client.invalidateQueries({ queryKey: ['duplicates'] }),
  });
  const takenInOn = (patient: Patient) => dateInWords(patient.createdAt.slice(0, 10), i18n.locale, 'medium');
  const nameAndDay = (patient: Patient) => t`${nameOfPatient(patient)}, taken in on ${takenInOn(patient)}`;
  return (
    <div className="grid gap-4">
      <PatientsCompared one={one} other={other} />
      <Choices
        isOne
        legend={<Trans>Which registration stays?</Trans>}
        hint={t`It keeps what it says, and gets what it lacks from the other.`}
        options={[one, other].map((each) => ({ value: each.id, label: nameAndDay(each) }))}
        chosen={[staysId]}
        onChange={([chosen = one.id]) => setStays(chosen)}
      />
      <div>
        <Button look="danger" onClick={() => setAsking(true)}>
          <Trans>They are one person</Trans>
        </Button>
      </div>
      {isAsking && (
        <Dialog title={t`Make the two registrations one?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>
              “{nameAndDay(stays)}” stays. Visits and records count together from now on. This cannot be undone.
            </Trans>
          </p>
          {merging.error && <Failure error={merging.error} />}
          <div className="flex flex-wrap gap-3">
            <Button
              look="danger"
              isBusy={merging.isPending}
              onClick={() =>
                merging.mutate(undefined, {
                  onSuccess: ({ id }) => go({ to: '/patients/$patientId/details', params: { patientId: id } }),
                })
              }
            >
              <Trans>Make them one</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Leave them as they are</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
