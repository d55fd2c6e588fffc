import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { formatIn } from '../time/zone.ts';
import { AuthorName } from './author-name.tsx';

interface Props {
  changedAt?: string;
  changedBy?: string;
  /** What else there is to say of it. */
  children?: ReactNode;
}

/** When something was set, and by whom; of what was set before that was kept, that nobody knows. */
export function SetBy({ changedAt, changedBy, children }: Props) {
  const { i18n } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'long', timeStyle: 'short' });
  return (
    <p className="text-sm text-quiet">
      {changedAt ? (
        <>
          <time dateTime={changedAt}>{at.format(new Date(changedAt))}</time> ·{' '}
          <Trans>
            set by <AuthorName id={changedBy} />
          </Trans>
        </>
      ) : (
        <Trans>From the beginning, or before it was kept who changed it.</Trans>
      )}
      {children}
    </p>
  );
}
