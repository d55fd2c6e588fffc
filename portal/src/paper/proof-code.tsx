import { Trans, useLingui } from '@lingui/react/macro';
import { QrCode } from '../ui/qr-code.tsx';
import { cardOf } from '../words/cards.ts';

/** By which the desk finds the patient when they come. */
export function ProofCode({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  return (
    <figure className="flex flex-wrap items-center gap-4">
      <div className="w-32">
        <QrCode text={cardOf(patientId)} label={t`QR code for the desk`} />
      </div>
      <figcaption className="max-w-xs text-sm">
        <Trans>Show this code, or the reference, when you arrive: the desk finds you by it.</Trans>
      </figcaption>
    </figure>
  );
}
