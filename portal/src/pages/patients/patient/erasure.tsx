import { Trans, useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import { useErasure } from '../../../api/data-rights.ts';
import { usePatient } from '../../../api/patients.ts';
import { PatientErase } from '../../../forms/patient-erase.tsx';
import { formatIn } from '../../../time/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { ErasureReceipts } from '../../../ui/erasure-receipts.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** What became of the data of a patient who was erased; of another, the way to erase it, or what stands in that way. */
export function ErasurePage() {
  const { i18n, t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/erasure' });
  const erasure = useErasure(patientId);
  const patient = usePatient(patientId, erasure.data?.state === 'none');
  const at = formatIn(i18n.locale, { dateStyle: 'long', timeStyle: 'short' });
  return (
    <Page title={t`Erasure`}>
      <Remote of={erasure} label={t`the erasure`}>
        {(found) => {
          const { state, hold, erasedAt, waitsFor = [] } = found;
          if (state === 'none')
            return (
              <Remote of={patient} label={t`the patient`}>
                {(whom) => <PatientErase patient={whom} />}
              </Remote>
            );
          if (state === 'held')
            return (
              <Notice look="warn" title={t`Nobody can erase this patient now`}>
                <p>{hold?.rule}</p>
                {hold && (
                  <p>
                    <Trans>Until {at.format(new Date(hold.until))}</Trans>
                  </p>
                )}
              </Notice>
            );
          return (
            <>
              <Notice
                look={state === 'done' ? 'good' : 'warn'}
                role="status"
                title={state === 'done' ? t`Erased, with every receipt` : t`Erased; a receipt is missing`}
              >
                <p>{erasedAt && at.format(new Date(erasedAt))}</p>
                {waitsFor.length > 0 && (
                  <p>
                    <Trans>
                      These have not said yet what they did, and do so once they are there: {waitsFor.join(', ')}
                    </Trans>
                  </p>
                )}
              </Notice>
              <ErasureReceipts erasure={found} />
              <div className="unprinted">
                <Button onClick={() => print()}>
                  <Trans>Print</Trans>
                </Button>
              </div>
            </>
          );
        }}
      </Remote>
    </Page>
  );
}
