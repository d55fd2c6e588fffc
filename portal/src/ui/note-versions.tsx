import { EntryVersions } from './entry-versions.tsx';
import { NoteFacts } from './record-facts.tsx';
import { TextCompared } from './text-compared.tsx';

interface Props {
  patientId: string;
  noteId: string;
  /** Who wrote a version, in words. */
  nameOf: (practitionerId: string | undefined) => string;
}

/** Everything that a note ever said, and in what each version differs from the one before it. */
export const NoteVersions = ({ noteId, ...rest }: Props) => (
  <EntryVersions kind="notes" entryId={noteId} {...rest}>
    {(note, before) => (before ? <TextCompared before={before.text} after={note.text} /> : <NoteFacts note={note} />)}
  </EntryVersions>
);
