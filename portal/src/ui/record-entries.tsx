import { Trans } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import type { Entries, EntryKind } from '../api/records.ts';
import { EntryKeep } from '../forms/entry-keep.tsx';
import { Button } from './button.tsx';
import { RecordEntry } from './record-entry.tsx';

/** Who reads a record, as patient or for one. */
export interface Reading {
  patientId: string;
  nameOf: (practitionerId: string | undefined) => string;
  /** They may keep entries from their guardians. */
  mayKeep: boolean;
}

interface Props<K extends EntryKind> {
  kind: K;
  items: readonly Entries[K][];
  reading: Reading;
  /** Names an entry, for those who hear the page. */
  titleOf: (entry: Entries[K]) => string;
  says: (version: Entries[K]) => ReactNode;
}

/** How many are shown before somebody asks for all. */
const shownAtFirst = 10;

/** The entries of one kind, to be read. */
export function RecordEntries<K extends EntryKind>({ kind, items, reading, titleOf, says }: Props<K>) {
  const { patientId, nameOf, mayKeep } = reading;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, shownAtFirst);
  const count = items.length;
  return (
    <>
      <ul className="grid gap-2">
        {shown.map((entry) => {
          const { id, keptFromGuardians: isKept = false } = entry;
          const title = titleOf(entry);
          return (
            <li key={id}>
              <RecordEntry kind={kind} entry={entry} title={title} patientId={patientId} nameOf={nameOf} says={says}>
                {/* What was kept as a minor can be shown by an adult, too. */}
                {(mayKeep || isKept) && <EntryKeep patientId={patientId} entryId={id} isKept={isKept} title={title} />}
              </RecordEntry>
            </li>
          );
        })}
      </ul>
      {shown.length < count && (
        <div>
          <Button onClick={() => setWhole(true)}>
            <Trans>Show all {count}</Trans>
          </Button>
        </div>
      )}
    </>
  );
}
