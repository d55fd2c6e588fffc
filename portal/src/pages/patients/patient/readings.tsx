import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useMeasures } from '../../../api/readings.ts';
import type { CurvePoint } from '../../../api/types.ts';
import { Readings } from '../../../curve/readings.tsx';
import { ReadingAccept } from '../../../forms/reading-accept.tsx';
import { useHat } from '../../../session/hat.ts';
import { usePerson } from '../../../session/use-session.ts';
import { Page } from '../../../ui/page.tsx';
import { NotEmergency } from '../../../watch/not-emergency.tsx';
import { Watched } from '../../../watch/watched.tsx';

/**
 * What is measured at home, and what is watched of it and by whom. Who treats the patient takes a reading over into the record. Rules are
 * told to the patient and to practitioners, and to nobody else who acts for the patient.
 */
export function ReadingsPage() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/readings' });
  const person = usePerson();
  const hat = useHat(person);
  const { data: measures } = useMeasures(patientId);
  const isTreating = hat === 'practitioner';
  const accept = (point: CurvePoint, code: string) => {
    const unit = measures?.items.find((each) => each.code === code)?.unit;
    const { id } = point;
    return unit && id && <ReadingAccept patientId={patientId} code={code} unit={unit} point={{ ...point, id }} />;
  };
  const devices = (
    <Link to="/patients/$patientId/devices" params={{ patientId }}>
      <Trans>Devices</Trans>
    </Link>
  );
  return (
    <Page title={hat === 'patient' ? t`My readings` : t`Readings`} beside={devices}>
      <NotEmergency />
      <Readings patientId={patientId} beside={isTreating ? accept : undefined} />
      {(isTreating || patientId === person.patientId) && <Watched patientId={patientId} mayWrite={isTreating} />}
    </Page>
  );
}
