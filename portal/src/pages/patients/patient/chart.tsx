import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { problemOf } from '../../../api/problem.ts';
import { recordOf } from '../../../api/records.ts';
import type { MedicalRecord, Note } from '../../../api/types.ts';
import { EmergencyOpen } from '../../../forms/emergency-open.tsx';
import { NoteAdd } from '../../../forms/note-add.tsx';
import { NoteAmend } from '../../../forms/note-amend.tsx';
import { Button } from '../../../ui/button.tsx';
import { NoteVersions } from '../../../ui/note-versions.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** A first form of the chart: what there is in a record, and notes. Who may not read it may open it in an emergency. */
export function Chart() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/chart' });
  const record = useQuery(recordOf(patientId));
  const isClosed = problemOf(record.error)?.status === 403;
  return (
    <Page title={t`Chart`}>
      {isClosed ? (
        <EmergencyOpen patientId={patientId} />
      ) : (
        <Remote of={record} label={t`the record`}>
          {(found) => <Content record={found} />}
        </Remote>
      )}
    </Page>
  );
}

function Content({ record }: { record: MedicalRecord }) {
  const { i18n, t } = useLingui();
  const day = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium' });
  const nameOf = (id: string | undefined) => {
    const found = record.practitioners.items?.find((each) => each.id === id);
    return found ? `${found.givenNames[0] ?? ''} ${found.familyName}` : t`somebody whose name could not be read`;
  };
  return (
    <>
      {record.emergencyAccess && (
        <Notice look="bad" role="status" title={t`You read this by an emergency access`}>
          <p>
            <Trans>
              It ends at{' '}
              {new Intl.DateTimeFormat(i18n.locale, { timeStyle: 'short' }).format(
                new Date(record.emergencyAccess.until),
              )}
              . The patient is told, and it will be reviewed.
            </Trans>
          </p>
        </Notice>
      )}
      <Allergies allergies={record.allergies} />
      <Section title={t`Conditions`} none={t`No condition is recorded.`} items={record.conditions}>
        {({ code, clinicalStatus, onset }) => (
          <>
            <strong>{code.text}</strong> · {clinicalStatus}
            {onset && ` · ${onset}`}
          </>
        )}
      </Section>
      <Section title={t`Encounters`} none={t`No encounter is recorded.`} items={record.encounters}>
        {({ period, practitionerId, reason, status }) => (
          <>
            <strong>{day.format(new Date(period.start))}</strong> · {nameOf(practitionerId)} · {status}
            {reason && <p>{reason}</p>}
          </>
        )}
      </Section>
      <section className="grid gap-3">
        <h2>
          <Trans>Notes</Trans>
        </h2>
        <NoteAdd patientId={record.patientId} />
        {record.notes.length === 0 && (
          <p className="text-quiet">
            <Trans>No note is recorded.</Trans>
          </p>
        )}
        {record.notes.map((each) => (
          <NoteCard key={each.id} note={each} patientId={record.patientId} nameOf={nameOf} />
        ))}
      </section>
    </>
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
  const day = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium' }).format(new Date(note.at));
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

/** Not known, none known, and listed are three things; the first is never shown as the second. */
function Allergies({ allergies }: { allergies: MedicalRecord['allergies'] }) {
  const { t } = useLingui();
  if (allergies.state === 'unknown')
    return (
      <Notice look="warn" title={t`Allergies: not known`}>
        <p>
          <Trans>Nobody has asked yet, or nobody has written it down.</Trans>
        </p>
      </Notice>
    );
  if (allergies.state === 'none-known')
    return (
      <Notice look="good" title={t`Allergies: none known`}>
        <p>
          <Trans>Somebody asked.</Trans>
        </p>
      </Notice>
    );
  return (
    <Notice look="bad" title={t`Allergies`}>
      <ul className="list-disc pl-5">
        {allergies.items.map(({ id, code, clinicalStatus, criticality }) => (
          <li key={id}>
            <strong>{code.text}</strong> · {clinicalStatus}
            {criticality && ` · ${criticality}`}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface SectionProps<T> {
  title: string;
  none: string;
  items: readonly T[];
  children: (item: T) => ReactNode;
}

const Section = <T extends { id: string }>({ title, none, items, children }: SectionProps<T>) => (
  <section className="grid gap-2">
    <h2>{title}</h2>
    {items.length === 0 && <p className="text-quiet">{none}</p>}
    <ul className="grid gap-2">
      {items.map((item) => (
        <li key={item.id}>
          <Card>{children(item)}</Card>
        </li>
      ))}
    </ul>
  </section>
);
