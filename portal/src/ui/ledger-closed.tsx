import { Trans } from '@lingui/react/macro';
import { Notice } from './notice.tsx';

/** In the place of what was sent to patients, for whom of the practice the service would refuse it to. */
export const LedgerClosed = () => (
  <Notice>
    <p>
      <Trans>
        What was sent is read by the patient, and by secretaries who work for every practitioner: it says who comes
        when, and to whom. Who works for whom is set by an administrator.
      </Trans>
    </p>
  </Notice>
);
