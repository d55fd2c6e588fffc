import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { recordKey } from '../api/records.ts';
import type { Author, MedicalRecord } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';
import type { LinesOf } from '../words/clinical-lines.ts';
import { EntryLines } from './entry-lines.tsx';
import { Remote } from './remote.tsx';
import { WrittenBy } from './written-by.tsx';

/** What every version of an entry has beside what it says. */
export interface Written {
  id: string;
  version: number;
  author: Author;
  at: string;
  amendmentReason?: string;
}

interface Props<T extends Written> {
  record: MedicalRecord;
  entry: Written;
  read: (patientId: string, entryId: string) => Promise<T[]>;
  linesOf: LinesOf<T>;
}

/** Everything that an entry ever said, the newest first, with who said so, when and why, and in what it differs from before. */
export function EntryHistory<T extends Written>({ record, entry, read, linesOf }: Props<T>) {
  const { i18n, t } = useLingui();
  const versions = useQuery({
    queryKey: [...recordKey(record.patientId), 'versions', entry.id],
    staleTime: 0,
    gcTime: 0,
    queryFn: () => read(record.patientId, entry.id),
  });
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Remote of={versions} label={t`what it said before`}>
      {(items) => (
        <ol className="grid gap-3 border-l-2 border-line pl-3">
          {items.map((each, nth) => {
            const older = items[nth + 1];
            return (
              <li key={each.version} className="grid gap-1">
                <p className="text-sm text-quiet">
                  {at.format(new Date(each.at))} · <WrittenBy author={each.author} names={record.practitioners} />
                </p>
                {each.amendmentReason && (
                  <p className="text-sm">
                    <Trans>Why: {each.amendmentReason}</Trans>
                  </p>
                )}
                <EntryLines lines={linesOf(each, i18n)} before={older && linesOf(older, i18n)} />
              </li>
            );
          })}
        </ol>
      )}
    </Remote>
  );
}
