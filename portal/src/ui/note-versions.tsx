import { Trans, useLingui } from '@lingui/react/macro';
import { useNoteVersions } from '../api/records.ts';
import { Remote } from './remote.tsx';

interface Props {
  patientId: string;
  noteId: string;
  /** Who wrote a version, in words. */
  nameOf: (practitionerId: string | undefined) => string;
}

/** Everything that a note ever said, the newest first, with who said so, when and why. */
export function NoteVersions({ patientId, noteId, nameOf }: Props) {
  const { i18n, t } = useLingui();
  const versions = useNoteVersions(patientId, noteId);
  const at = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Remote of={versions} label={t`what it said before`}>
      {({ items }) => (
        <ol className="grid gap-3 border-l-2 border-line pl-3">
          {items.map((each) => (
            <li key={each.version} className="grid gap-1">
              <p className="text-sm text-quiet">
                {at.format(new Date(each.at))} · {nameOf(each.author.practitionerId)}
              </p>
              {each.amendmentReason && (
                <p className="text-sm">
                  <Trans>Why: {each.amendmentReason}</Trans>
                </p>
              )}
              <p className="whitespace-pre-wrap">{each.text}</p>
            </li>
          ))}
        </ol>
      )}
    </Remote>
  );
}
