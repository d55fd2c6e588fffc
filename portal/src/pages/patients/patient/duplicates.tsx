import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, told } from '../../../api/client.ts';
import { usePatient } from '../../../api/patients.ts';
import { PatientsMerge } from '../../../forms/patients-merge.tsx';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** Who was perhaps taken in twice: born on the same day, with a similar name. */
export function Duplicates() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/duplicates' });
  const patient = usePatient(patientId);
  const duplicates = useQuery({
    queryKey: ['duplicates', patientId],
    queryFn: () => told(api.GET('/api/patients/{id}/duplicates', { params: { path: { id: patientId } } })),
  });
  return (
    <Page title={t`Taken in twice?`} isWide>
      <Remote of={patient} label={t`the details`}>
        {(one) => (
          <Remote
            of={duplicates}
            label={t`those who may be the same person`}
            isNone={({ items }) => items.length === 0}
            none={<Trans>Nobody was born on the same day with a similar name.</Trans>}
          >
            {({ items }) => (
              <ul className="grid gap-6">
                {items.map((other) => (
                  <li key={other.id}>
                    <Card>
                      <PatientsMerge one={one} other={other} />
                    </Card>
                  </li>
                ))}
              </ul>
            )}
          </Remote>
        )}
      </Remote>
    </Page>
  );
}
