import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { nameOfPatient, useActsFor, usePatient } from '../api/patients.ts';
import { useHat } from '../session/hat.ts';
import { relationTo } from '../session/person.ts';
import { usePerson } from '../session/use-session.ts';
import { today } from '../time/server-clock.ts';
import { ageOn, dateInWords } from '../time/zone.ts';
import { InsState } from '../ui/ins-state.tsx';
import { AllergiesInSight } from './allergies-in-sight.tsx';
import { EmergencyBand } from './emergency-band.tsx';
import { TreatmentActions } from './treatment-actions.tsx';

/** Around every page about a patient: says whose it is, and does not scroll away. The patient is the one in the address. */
export function PatientFrame() {
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId' });
  const hat = useHat(usePerson());
  return (
    // Another patient is another page: nothing that was begun for one is shown, or sent, for the other.
    <div key={patientId} className="grid content-start">
      {hat === 'patient' ? (
        <FamilyHeader patientId={patientId} />
      ) : (
        <StaffHeader patientId={patientId} mayTreat={hat === 'practitioner'} writes={hat === 'secretary'} />
      )}
      <Outlet />
    </div>
  );
}

// On a low screen, as where all is shown four times as large, it would leave no room for the page.
const bar = 'z-10 [@media(min-height:28rem)]:sticky [@media(min-height:28rem)]:top-0 border-b border-line px-4 py-2';

function FamilyHeader({ patientId }: { patientId: string }) {
  const person = usePerson();
  const { t } = useLingui();
  const acting = useActsFor(person.patientId, person.actsFor.length > 0);
  if (patientId === person.patientId && person.actsFor.length === 0) return null;
  const isOwn = patientId === person.patientId;
  const shown = acting.data?.items.find((each) => each.patientId === patientId);
  const as = relationTo(person, patientId);
  const others = person.actsFor.filter((each) => each.patientId !== patientId);
  const nameOf = (id: string) => {
    const found = acting.data?.items.find((each) => each.patientId === id);
    return found ? nameOfPatient(found) : '…';
  };
  return (
    <section aria-label={t`Whose page this is`} className={`${bar} ${isOwn ? 'bg-surface' : 'bg-warn-paper'}`}>
      <div className="mx-auto flex max-w-4xl flex-wrap items-center gap-x-4 gap-y-1">
        <p className="font-semibold">
          {isOwn ? (
            <Trans>Your own page</Trans>
          ) : as ? (
            <Trans>The page of {shown ? nameOfPatient(shown) : '…'}</Trans>
          ) : (
            <Trans>The page of somebody for whom you do not act</Trans>
          )}
        </p>
        {as === 'carer' && (
          <p className="text-sm">
            <Trans>You act as carer.</Trans>
          </p>
        )}
        {as === 'guardian' && (
          <p className="text-sm">
            <Trans>You act as guardian.</Trans>
          </p>
        )}
        {shown?.relationship === 'guardian' && !shown.sections.includes('record') && (
          <p className="basis-full text-sm">
            <Trans>
              At this age what is medical is their own, and no longer shown to you. If they want you to see it, the
              practice notes that.
            </Trans>
          </p>
        )}
        <ul className="flex flex-wrap gap-3 text-sm">
          {!isOwn && person.patientId && (
            <li>
              <Link to="/patients/$patientId/appointments" params={{ patientId: person.patientId }}>
                <Trans>To your own page</Trans>
              </Link>
            </li>
          )}
          {others.map((each) => (
            <li key={each.patientId}>
              <Link to="/patients/$patientId/appointments" params={{ patientId: each.patientId }}>
                <Trans>To the page of {nameOf(each.patientId)}</Trans>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

interface StaffHeaderProps {
  patientId: string;
  mayTreat: boolean;
  /** Is told what was written to patients, and by what they want to be. */
  writes: boolean;
}

function StaffHeader({ patientId, mayTreat, writes }: StaffHeaderProps) {
  const { i18n, t } = useLingui();
  const { data, error } = usePatient(patientId);
  return (
    <>
      <section aria-label={t`Patient`} className={`${bar} bg-accent-paper`}>
        {mayTreat && <EmergencyBand patientId={patientId} />}
        <div className="mx-auto flex max-w-4xl flex-wrap items-baseline gap-x-4">
          {data ? (
            <>
              <p className="text-lg font-semibold">{nameOfPatient(data)}</p>
              {data.birthName && data.birthName !== data.familyName && (
                <p>
                  <Trans>born {data.birthName}</Trans>
                </p>
              )}
              <p>
                <Trans>
                  {dateInWords(data.birthDate, i18n.locale)}, {ageOn(data.birthDate, today())} years
                </Trans>
              </p>
              <InsState of={data} />
              {!data.active && (
                <p className="font-semibold text-warn">
                  <Trans>no longer active</Trans>
                </p>
              )}
            </>
          ) : (
            <p>{error ? <Trans>It is not known whose page this is: the patient could not be read.</Trans> : '…'}</p>
          )}
          {mayTreat && <TreatmentActions patientId={patientId} />}
          {mayTreat && <AllergiesInSight patientId={patientId} />}
        </div>
      </section>
      <div className="unprinted border-b border-line bg-accent-paper px-4 py-1">
        <nav aria-label={t`Pages of the patient`} className="mx-auto max-w-4xl">
          <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
            {mayTreat && (
              <li>
                <Link to="/patients/$patientId/chart" params={{ patientId }}>
                  <Trans>Chart</Trans>
                </Link>
              </li>
            )}
            {mayTreat && (
              <li>
                <Link to="/patients/$patientId/readings" params={{ patientId }}>
                  <Trans>Readings</Trans>
                </Link>
              </li>
            )}
            {(mayTreat || writes) && (
              <li>
                <Link to="/patients/$patientId/devices" params={{ patientId }}>
                  <Trans>Devices</Trans>
                </Link>
              </li>
            )}
            <li>
              <Link to="/patients/$patientId/appointments" params={{ patientId }}>
                <Trans>Appointments</Trans>
              </Link>
            </li>
            <li>
              <Link to="/patients/$patientId/book" params={{ patientId }}>
                <Trans>Book</Trans>
              </Link>
            </li>
            <li>
              <Link to="/patients/$patientId/waiting" params={{ patientId }}>
                <Trans>Waiting list</Trans>
              </Link>
            </li>
            {writes && (
              <li>
                <Link to="/patients/$patientId/messages" params={{ patientId }}>
                  <Trans>Messages</Trans>
                </Link>
              </li>
            )}
            <li>
              <Link to="/patients/$patientId/details" params={{ patientId }}>
                <Trans>Details</Trans>
              </Link>
            </li>
            <li>
              <Link to="/patients/$patientId/family" params={{ patientId }}>
                <Trans>Family and carers</Trans>
              </Link>
            </li>
            <li>
              <Link to="/patients/$patientId/labels" params={{ patientId }}>
                <Trans>Labels</Trans>
              </Link>
            </li>
            {!mayTreat && (
              <li>
                <Link to="/patients/$patientId/duplicates" params={{ patientId }}>
                  <Trans>Taken in twice?</Trans>
                </Link>
              </li>
            )}
          </ul>
        </nav>
      </div>
    </>
  );
}
