import { Trans, useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Notice } from './notice.tsx';

/**
 * Shows what is of the patient whose page this is. An address can be put together, or be of a time before: what it names besides
 * the patient may be of another, and nothing of that is shown or can be changed below the wrong name.
 */
export function OfThisPatient({ thing, children }: { thing: { patientId: string }; children: ReactNode }) {
  const { t } = useLingui();
  const { patientId } = useParams({ strict: false });
  if (thing.patientId === patientId) return children;
  return (
    <Notice look="warn" role="alert" title={t`This is of another patient`}>
      <p>
        <Trans>The address of this page names a patient whose it is not, so nothing of it is shown here.</Trans>
      </p>
    </Notice>
  );
}
