import { Trans, useLingui } from '@lingui/react/macro';
import type { Unavailable } from '../api/types.ts';
import { Notice } from './notice.tsx';

/** Says which parts of the practice’s system did not answer, where what is shown comes from several: it is not all there is. */
export function Unanswered({ of }: { of: readonly Unavailable[] }) {
  const { t } = useLingui();
  if (of.length === 0) return null;
  return (
    <Notice look="warn" role="status" title={t`This is not all there is`}>
      <p>
        <Trans>These did not answer: {of.map(({ service, code }) => `${service} (${code})`).join(', ')}</Trans>
      </p>
    </Notice>
  );
}
