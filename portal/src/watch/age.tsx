import { Trans, useLingui } from '@lingui/react/macro';
import { lengthInWords, roughly } from '../time/lengths.ts';
import { useNow } from '../time/now.ts';

/** Minutes that something is old, kept up to date. */
export const useMinutesSince = (at: string): number => Math.max(0, Math.floor((useNow() - Date.parse(at)) / 60_000));

/** How long ago something was. */
export function Ago({ at }: { at: string }) {
  const { i18n } = useLingui();
  const minutes = useMinutesSince(at);
  return (
    <time dateTime={at}>
      {minutes < 1 ? <Trans>just now</Trans> : <Trans>{lengthInWords(roughly(minutes), i18n.locale)} ago</Trans>}
    </time>
  );
}
