import type { MessageDescriptor } from '@lingui/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import type { MedicalRecord } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { EntryHistory, type Written } from '../ui/entry-history.tsx';
import { EntryLines } from '../ui/entry-lines.tsx';
import { Card } from '../ui/page.tsx';
import { WrittenBy } from '../ui/written-by.tsx';
import type { LinesOf } from '../words/clinical-lines.ts';

interface Props<T extends Written> {
  record: MedicalRecord;
  entry: T & { keptFromGuardians?: boolean };
  /** What it is called. */
  name: string;
  /** What has to be seen at a glance, beside the name. */
  facts: ReactNode;
  /** Why it does not count, of one that does not: refuted, or entered in error. */
  isVoid?: MessageDescriptor;
  linesOf: LinesOf<T>;
  read: (patientId: string, entryId: string) => Promise<T[]>;
  /** What can be done with it. */
  children?: ReactNode;
}

/** An entry of a record; one that does not count says so first, and its name is struck out. */
export function EntryCard<T extends Written>({
  record,
  entry,
  name,
  facts,
  isVoid,
  linesOf,
  read,
  children,
}: Props<T>) {
  const { i18n, t } = useLingui();
  const [isOpened, setOpened] = useState(false);
  const day = formatIn(i18n.locale, { dateStyle: 'medium' }).format(new Date(entry.at));
  const [, ...lines] = linesOf(entry, i18n);
  return (
    <Card className={`grid gap-2 ${isVoid ? 'border-dashed text-quiet' : ''}`}>
      {isVoid ? (
        <p>
          <strong className="uppercase">{i18n._(isVoid)}</strong> · <s>{name}</s>
        </p>
      ) : (
        <p>
          <strong className="text-lg">{name}</strong> {facts}
        </p>
      )}
      <details>
        <summary className="cursor-pointer text-sm">
          <Trans>All that is said of it</Trans>
        </summary>
        <EntryLines lines={lines} />
      </details>
      <div className="flex flex-wrap items-center gap-3 text-sm text-quiet">
        <span className="mr-auto">
          {day} · <WrittenBy author={entry.author} names={record.practitioners} />
          {entry.keptFromGuardians && (
            <>
              {' · '}
              <Trans>kept from guardians</Trans>
            </>
          )}
        </span>
        {entry.version > 1 && (
          <Button
            size="desk"
            aria-expanded={isOpened}
            aria-label={t`What was said before of ${name}`}
            onClick={() => setOpened(!isOpened)}
          >
            <Trans>Earlier versions</Trans>
          </Button>
        )}
        {children}
      </div>
      {isOpened && <EntryHistory record={record} entry={entry} read={read} linesOf={linesOf} />}
    </Card>
  );
}
