import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isMinor } from '../../../api/patients.ts';
import { nameOfPractitioner, usePractitioners } from '../../../api/practitioners.ts';
import { problemOf } from '../../../api/problem.ts';
import { recordOf } from '../../../api/records.ts';
import type { MedicalRecord } from '../../../api/types.ts';
import { actsIn, relationTo } from '../../../session/person.ts';
import { usePerson } from '../../../session/use-session.ts';
import { formatIn } from '../../../time/zone.ts';
import { AllergyState } from '../../../ui/allergy-state.tsx';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Observations } from '../../../ui/observations.tsx';
import { Page } from '../../../ui/page.tsx';
import { RecordClosed } from '../../../ui/record-closed.tsx';
import { type Reading, RecordEntries } from '../../../ui/record-entries.tsx';
import { AllergyFacts, ConditionFacts, EncounterFacts, NoteFacts } from '../../../ui/record-facts.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** Somebody's medical record in plain words: for themself, and for guardians and carers to whom it is open. */
export function RecordPage() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/record' });
  const person = usePerson();
  const as = relationTo(person, patientId);
  // Asking for what is known to be closed would stand among who looked, as refused.
  const isOpen = as !== undefined && actsIn(person, patientId, 'record');
  return (
    <Page title={t`Medical record`}>
      {isOpen ? <OpenRecord patientId={patientId} as={as} /> : <RecordClosed as={as} />}
    </Page>
  );
}

type As = NonNullable<ReturnType<typeof relationTo>>;

function OpenRecord({ patientId, as }: { patientId: string; as: As }) {
  const { t } = useLingui();
  const person = usePerson();
  const record = useQuery(recordOf(patientId));
  if (problemOf(record.error)?.status === 403) return <RecordClosed as={as} />;
  return (
    <>
      <nav aria-label={t`About this record`}>
        <ul className="flex flex-wrap gap-x-6 gap-y-2">
          {as !== 'carer' && (
            <li>
              <Link to="/patients/$patientId/readers" params={{ patientId }}>
                <Trans>Who may read it</Trans>
              </Link>
            </li>
          )}
          {actsIn(person, patientId, 'accesses') && (
            <li>
              <Link to="/patients/$patientId/accesses" params={{ patientId }}>
                <Trans>Who looked at it</Trans>
              </Link>
            </li>
          )}
          {as === 'self' && (
            <li>
              <Link to="/patients/$patientId/data" params={{ patientId }}>
                <Trans>A copy of everything</Trans>
              </Link>
            </li>
          )}
        </ul>
      </nav>
      {as === 'guardian' && (
        <p className="text-quiet">
          <Trans>
            What a minor keeps from their guardians is not shown here, nor whether there is anything of the kind.
          </Trans>
        </p>
      )}
      <Remote
        of={record}
        label={t`the record`}
        isNone={isEmpty}
        none={
          as === 'self' ? (
            <Trans>
              Nothing has been written in your record yet. That is no finding: it begins when a practitioner writes
              something down after a visit. Tell them of allergies and illnesses that you know of.
            </Trans>
          ) : (
            <Trans>
              There is nothing to read here yet. That is no finding: it begins when a practitioner writes something down
              after a visit.
            </Trans>
          )
        }
      >
        {(found) => <Content record={found} as={as} onRetry={record.refetch} />}
      </Remote>
    </>
  );
}

const isEmpty = ({ allergies, conditions, encounters, notes, observations }: MedicalRecord): boolean =>
  allergies.state === 'unknown' &&
  [allergies.items, conditions, encounters, notes, observations].every(({ length }) => length === 0);

function Content({ record, as, onRetry }: { record: MedicalRecord; as: As; onRetry: () => unknown }) {
  const { i18n, t } = useLingui();
  const { patientId, patient, practitioners, conditions, encounters, notes } = record;
  // Who wrote an earlier version alone is not named in the record.
  const directory = usePractitioners('');
  const nameOf = (id: string | undefined) => {
    const found = [...(practitioners.items ?? []), ...(directory.data ?? [])].find((each) => each.id === id);
    if (found) return nameOfPractitioner(found);
    return id && directory.isPending ? '…' : t`somebody whose name could not be read`;
  };
  const isNameless = practitioners.state === 'unavailable' && directory.isError;
  const isAgeless = as === 'self' && patient.state === 'unavailable';
  const mayKeep = as === 'self' && patient.facts !== undefined && isMinor(patient.facts);
  const reading: Reading = { patientId, nameOf, mayKeep };
  const day = (at: string) => formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(at));
  return (
    <>
      {(isNameless || isAgeless) && (
        <Notice look="warn" role="status" title={t`Not everything could be read`}>
          {isNameless && (
            <p>
              <Trans>The names of practitioners are missing. What they wrote is all here.</Trans>
            </p>
          )}
          {isAgeless && (
            <p>
              <Trans>
                Your birth date is missing. A minor can keep entries from their guardians; that has to wait until it is
                there.
              </Trans>
            </p>
          )}
          <div>
            <Button
              size="desk"
              onClick={() => {
                void onRetry();
                void directory.refetch();
              }}
            >
              <Trans>Try again</Trans>
            </Button>
          </div>
        </Notice>
      )}
      {mayKeep && (
        <Notice title={t`You can keep entries from your guardians`}>
          <p>
            <Trans>
              What you keep is not there for them: neither the entry, nor that anybody read it. Practitioners go on
              reading it. You can show it to them again at any time.
            </Trans>
          </p>
        </Notice>
      )}
      <Section title={t`Allergies`}>
        <AllergyState allergies={record.allergies} isGuardian={as === 'guardian'} nameOf={nameOf} />
        <RecordEntries
          kind="allergies"
          items={record.allergies.items}
          reading={reading}
          titleOf={({ code }) => code.text}
          says={(allergy) => <AllergyFacts allergy={allergy} />}
        />
      </Section>
      <Section title={t`Illnesses and complaints`} none={conditions.length === 0 && t`None is written down.`}>
        <RecordEntries
          kind="conditions"
          items={conditions}
          reading={reading}
          titleOf={({ code }) => code.text}
          says={(condition) => <ConditionFacts condition={condition} />}
        />
      </Section>
      <Section title={t`Visits`} none={encounters.length === 0 && t`None is written down.`}>
        <RecordEntries
          kind="encounters"
          items={encounters}
          reading={reading}
          titleOf={({ period }) => t`the visit of ${day(period.start)}`}
          says={(encounter) => <EncounterFacts encounter={encounter} nameOf={nameOf} />}
        />
      </Section>
      <Observations items={record.observations} />
      <Section title={t`Notes of practitioners`} none={notes.length === 0 && t`None is written down.`}>
        <RecordEntries
          kind="notes"
          items={notes}
          reading={reading}
          titleOf={({ at }) => t`the note of ${day(at)}`}
          says={(note) => <NoteFacts note={note} />}
        />
      </Section>
    </>
  );
}

interface SectionProps {
  title: string;
  /** Said when there is none. */
  none?: string | false;
  children: ReactNode;
}

const Section = ({ title, none, children }: SectionProps) => (
  <section className="grid gap-2">
    <h2>{title}</h2>
    {none ? <p className="text-quiet">{none}</p> : children}
  </section>
);
