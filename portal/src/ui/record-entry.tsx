import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import type { Entries, EntryKind } from '../api/records.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from './button.tsx';
import { EntryVersions } from './entry-versions.tsx';
import { Card } from './page.tsx';

interface Props<K extends EntryKind> {
  kind: K;
  entry: Entries[K];
  /** Names it, for those who hear the page. */
  title: string;
  patientId: string;
  nameOf: (practitionerId: string | undefined) => string;
  /** What a version says. */
  says: (version: Entries[K]) => ReactNode;
  /** What can be done with it. */
  children?: ReactNode;
}

/** An entry of a record to be read: what it says, who wrote that and when, and what it said before. */
export function RecordEntry<K extends EntryKind>(props: Props<K>) {
  const { kind, entry, title, patientId, nameOf, says, children } = props;
  const [isOpened, setOpened] = useState(false);
  return (
    <Card className="grid gap-2">
      {says(entry)}
      <Written entry={entry} nameOf={nameOf} />
      {entry.version > 1 && (
        <div>
          <Button size="desk" aria-expanded={isOpened} onClick={() => setOpened(!isOpened)}>
            <span>
              <Trans>Amended: what it said before</Trans>
              <span className="sr-only">: {title}</span>
            </span>
          </Button>
        </div>
      )}
      {isOpened && (
        <EntryVersions kind={kind} patientId={patientId} entryId={entry.id} nameOf={nameOf}>
          {says}
        </EntryVersions>
      )}
      {children}
    </Card>
  );
}

function Written({ entry, nameOf }: { entry: Entries[EntryKind]; nameOf: Props<EntryKind>['nameOf'] }) {
  const { i18n } = useLingui();
  const { author, version } = entry;
  const day = formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(entry.at));
  const name = nameOf(author.practitionerId);
  return (
    <p className="text-sm text-quiet">
      {author.role === 'service' ? (
        <Trans>Noted on {day} by the practice’s system</Trans>
      ) : version > 1 ? (
        <Trans>
          Amended on {day} by {name}
        </Trans>
      ) : (
        <Trans>
          Written on {day} by {name}
        </Trans>
      )}
    </p>
  );
}
