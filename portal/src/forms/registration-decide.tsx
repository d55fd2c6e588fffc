import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import type { Patient, Registration } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { PatientMatches } from '../ui/patient-matches.tsx';
import { Remote } from '../ui/remote.tsx';
import { PatientFind } from './patient-find.tsx';

export const registrationsKey = ['registrations'] as const;

/** Says which patient it is that registered, or that it is nobody. */
export function RegistrationDecide({ registration }: { registration: Registration }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const intent = useIntent();
  const [words, setWords] = useState('');
  const { id, familyName, givenNames, birthDate, email, phone } = registration;
  const matches = useQuery({
    queryKey: ['registration-matches', id],
    queryFn: ({ signal }) =>
      told(api.POST('/api/patients/matches', { body: { familyName, givenNames, birthDate, email, phone }, signal })),
  });
  const decided = () => client.invalidateQueries({ queryKey: registrationsKey });
  const confirming = useMutation({
    mutationFn: (patientId: string) =>
      intent({ id, patientId }, (header) =>
        told(
          api.POST('/api/auth/registrations/{id}/confirmation', {
            body: { patientId },
            params: { path: { id }, header },
          }),
        ),
      ),
    onSuccess: decided,
  });
  const refusalId = `registration-refuse/${id}`;
  const isRefused = useDelayed().waiting.some((each) => each.id === refusalId);
  const confirm = (patientId: string) => confirming.isPending || confirming.mutate(patientId);
  return (
    <div className="grid gap-3">
      <Remote
        of={matches}
        label={t`who that may be`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>The practice knows nobody like them.</Trans>}
      >
        {({ items }) => (
          <PatientMatches
            matches={items}
            beside={({ patientId }) => (
              <Button size="desk" isBusy={confirming.isPending} onClick={() => confirm(patientId)}>
                <Trans>It is this one</Trans>
              </Button>
            )}
          />
        )}
      </Remote>
      <details>
        <summary className="cursor-pointer text-accent">
          <Trans>Somebody else</Trans>
        </summary>
        <div className="grid gap-3 pt-3">
          <PatientFind words={words} onWords={setWords} onChoose={(patient: Patient) => confirm(patient.id)} />
          <Link to="/patients/new">
            <Trans>Take in a new patient</Trans>
          </Link>
        </div>
      </details>
      {confirming.error && <Failure error={confirming.error} />}
      <div>
        <Button
          size="desk"
          look="danger"
          disabled={isRefused}
          aria-label={t`Refuse: ${email}`}
          onClick={() =>
            doUnlessUndone(refusalId, t`The registration of ${email} will be refused.`, async () => {
              await told(api.DELETE('/api/auth/registrations/{id}', { params: { path: { id } }, keepalive: true }));
              await decided();
            })
          }
        >
          <Trans>Refuse</Trans>
        </Button>
      </div>
    </div>
  );
}
