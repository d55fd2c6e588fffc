import { Trans, useLingui } from '@lingui/react/macro';
import { Notice } from '../ui/notice.tsx';

/** Stands wherever readings or alerts are shown: nobody is to rely on what this is not. */
export function NotEmergency() {
  const { t } = useLingui();
  return (
    <Notice look="warn" title={t`In an emergency call 15 (or 112)`}>
      <p>
        <Trans>
          This is not a certified medical device and not emergency care. Nobody looks at the readings all the time.
        </Trans>
      </p>
    </Notice>
  );
}
