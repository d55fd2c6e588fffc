import { Trans, useLingui } from '@lingui/react/macro';
import { nameOfPatient } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';
import { QrCode } from '../ui/qr-code.tsx';
import { cardOf } from '../words/cards.ts';

/** Labels of a sheet: three by eight. */
export const labelsMax = 24;

function Who({ patient }: { patient: Patient }) {
  const { i18n } = useLingui();
  return (
    <div>
      <strong className="long-name">{nameOfPatient(patient)}</strong>
      {patient.birthName && patient.birthName !== patient.familyName && (
        <span className="long-name">
          <Trans>born {patient.birthName}</Trans>
        </span>
      )}
      <span>{dateInWords(patient.birthDate, i18n.locale, 'medium')}</span>
    </div>
  );
}

function Code({ patient }: { patient: Patient }) {
  const { t } = useLingui();
  return <QrCode text={cardOf(patient.id)} label={t`QR code of the patient`} />;
}

/**
 * A sheet of labels: who, born when, and a code for a scanner.
 * @param first the first label that is used, from 1: those before are gone from the sheet
 */
export const LabelSheet = ({ patient, first }: { patient: Patient; first: number }) => (
  <ul className="paper label-sheet">
    {Array.from({ length: labelsMax }, (_, nth) => nth + 1).map((nth) => (
      <li key={nth} className="label">
        {nth >= first && (
          <>
            <Who patient={patient} />
            <Code patient={patient} />
          </>
        )}
      </li>
    ))}
  </ul>
);

/** A card to be cut out, which its patient shows at the desk. */
export const PatientCard = ({ patient }: { patient: Patient }) => (
  <div className="paper">
    <div className="patient-card">
      <div className="grid gap-3">
        <Who patient={patient} />
        <span>
          <Trans>Please show this card at the desk.</Trans>
        </span>
      </div>
      <Code patient={patient} />
    </div>
  </div>
);
