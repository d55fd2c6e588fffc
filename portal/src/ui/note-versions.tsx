import { EntryVersions } from './entry-versions.tsx';
import { NoteFacts } from './record-facts.tsx';

interface Props {
  patientId: string;
  noteId: string;
  /** Who wrote a version, in words. */
  nameOf: (practitionerId: string | undefined) => string;
}

/** Everything that a note ever said. */
export const NoteVersions = ({ noteId, ...rest }: Props) => (
  <EntryVersions kind="notes" entryId={noteId} {...rest}>
    {(note) => <NoteFacts note={note} />}
  </EntryVersions>
);
