import { useLingui } from '@lingui/react/macro';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { nameOfPractitioner, usePractitioner } from '../../../../api/practitioners.ts';
import type { Practitioner } from '../../../../api/types.ts';
import { SeriesBook } from '../../../../forms/series-book.tsx';
import { Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { VisitKinds } from '../../../../ui/visit-kinds.tsx';

const route = '/signed-in-people/patients/$patientId/book/$practitionerId/series';

/** Several appointments at once, at the same time of day. */
export function ChooseSeries() {
  const { t } = useLingui();
  const { practitionerId } = useParams({ from: route });
  const practitioner = usePractitioner(practitionerId);
  return (
    <Page title={t`Book a series`}>
      <Remote of={practitioner} label={t`the practitioner`}>
        {(found) => <KindAndSeries practitioner={found} />}
      </Remote>
    </Page>
  );
}

function KindAndSeries({ practitioner }: { practitioner: Practitioner }) {
  const { patientId } = useParams({ from: route });
  const { type } = useSearch({ from: route });
  const go = useNavigate({ from: '/patients/$patientId/book/$practitionerId/series' });
  const { appointmentTypes: kinds, specialities } = practitioner;
  const chosen = kinds.find(({ id }) => id === type) ?? (kinds.length === 1 ? kinds[0] : undefined);
  return (
    <>
      <p className="text-quiet">
        {nameOfPractitioner(practitioner)} · {specialities.map(({ display }) => display).join(', ')}
      </p>
      <VisitKinds kinds={kinds} chosenId={chosen?.id} onChoose={(id) => go({ search: { type: id }, replace: true })} />
      {chosen && <SeriesBook patientId={patientId} practitioner={practitioner} appointmentTypeId={chosen.id} />}
    </>
  );
}
