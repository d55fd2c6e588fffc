import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { type Entries, type EntryKind, useVersions } from '../api/records.ts';
import { formatIn } from '../time/zone.ts';
import { Remote } from './remote.tsx';

interface Props<K extends EntryKind> {
  kind: K;
  patientId: string;
  entryId: string;
  /** Who wrote a version, in words. */
  nameOf: (practitionerId: string | undefined) => string;
  /** What a version says; with what the one before it said, where there was one. */
  children: (version: Entries[K], before?: Entries[K]) => ReactNode;
}

/** Everything that an entry of a record ever said, the newest first, with who said so, when and why. */
export function EntryVersions<K extends EntryKind>({ kind, patientId, entryId, nameOf, children }: Props<K>) {
  const { i18n, t } = useLingui();
  const versions = useVersions(kind, patientId, entryId);
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Remote of={versions} label={t`what it said before`}>
      {({ items }) => (
        <ol className="grid gap-3 border-l-2 border-line pl-3">
          {items.map((each, nth) => (
            <li key={each.version} className="grid gap-1">
              <p className="text-sm text-quiet">
                {at.format(new Date(each.at))} ·{' '}
                {each.author.role === 'service' ? t`the practice’s system` : nameOf(each.author.practitionerId)}
              </p>
              {each.amendmentReason && (
                <p className="text-sm">
                  <Trans>Why: {each.amendmentReason}</Trans>
                </p>
              )}
              {children(each, items[nth + 1])}
            </li>
          ))}
        </ol>
      )}
    </Remote>
  );
}
