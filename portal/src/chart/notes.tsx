import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { MedicalRecord, Note } from '../api/types.ts';
import { NoteAdd } from '../forms/note-add.tsx';
import { NoteAmend } from '../forms/note-amend.tsx';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { NoteVersions } from '../ui/note-versions.tsx';
import { Card } from '../ui/page.tsx';
import { Section } from './section.tsx';

export function Notes({ record }: { record: MedicalRecord }) {
  const { t } = useLingui();
  const nameOf = (id: string | undefined) => {
    const found = record.practitioners.items?.find((each) => each.id === id);
    return found ? `${found.givenNames[0] ?? ''} ${found.familyName}` : t`somebody whose name could not be read`;
  };
  return (
    <Section title={t`Notes`}>
      <NoteAdd patientId={record.patientId} />
      {record.notes.length === 0 && (
        <p className="text-quiet">
          <Trans>No note is recorded.</Trans>
        </p>
      )}
      {record.notes.map((each) => (
        <NoteCard key={each.id} note={each} patientId={record.patientId} nameOf={nameOf} />
      ))}
    </Section>
  );
}

interface NoteProps {
  patientId: string;
  note: Note;
  nameOf: (practitionerId: string | undefined) => string;
}

function NoteCard({ note, patientId, nameOf }: NoteProps) {
  const { i18n, t } = useLingui();
  const [isOpened, setOpened] = useState(false);
  const [isAmended, setAmended] = useState(false);
  const day = formatIn(i18n.locale, { dateStyle: 'medium' }).format(new Date(note.at));
  return (
    <Card className="grid gap-2">
      <p className="whitespace-pre-wrap">{note.text}</p>
      <div className="flex flex-wrap items-center gap-3 text-sm text-quiet">
        <span className="mr-auto">
          {day} · {nameOf(note.author.practitionerId)}
        </span>
        {note.version > 1 && (
          <Button size="desk" aria-expanded={isOpened} onClick={() => setOpened(!isOpened)}>
            <Trans>Amended: what it said before</Trans>
          </Button>
        )}
        <Button size="desk" onClick={() => setAmended(true)} aria-label={t`Amend the note of ${day}`}>
          <Trans>Amend</Trans>
        </Button>
      </div>
      {isOpened && <NoteVersions patientId={patientId} noteId={note.id} nameOf={nameOf} />}
      {isAmended && <NoteAmend patientId={patientId} note={note} onClose={() => setAmended(false)} />}
    </Card>
  );
}
