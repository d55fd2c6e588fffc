import { Trans, useLingui } from '@lingui/react/macro';
import { Link, type LinkProps, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actsIn, type Person, type Role } from '../session/person.ts';

const Item = ({ children, ...link }: LinkProps & { children: ReactNode }) => (
  <li>
    <Link
      {...link}
      className="flex min-h-9 items-center rounded-field px-2 font-medium text-ink no-underline hover:bg-accent-paper"
      activeProps={{ className: 'bg-accent-paper font-semibold' }}
    >
      {children}
    </Link>
  </li>
);

/** The pages of a role, the first of which is where it begins. */
export function Navigation({ hat, person }: { hat: Role; person: Person }) {
  const { t } = useLingui();
  const { patientId = person.patientId } = useParams({ strict: false });
  return (
    // Below the rest where there is no room beside it.
    <nav aria-label={t`Pages`} className="order-last basis-full desk:order-none desk:flex-1 desk:basis-0">
      <ul className="flex flex-wrap gap-1">
        {hat === 'patient' && patientId && <PatientPages patientId={patientId} person={person} />}
        {hat === 'secretary' && (
          <>
            <Item to="/agendas">
              <Trans>Agendas</Trans>
            </Item>
            <Item to="/waiting-room">
              <Trans>Waiting room</Trans>
            </Item>
            <Item to="/patients">
              <Trans>Patients</Trans>
            </Item>
            <Item to="/waiting-list">
              <Trans>Waiting list</Trans>
            </Item>
            <Item to="/messages">
              <Trans>Messages</Trans>
            </Item>
            <Item to="/schedules">
              <Trans>Hours and absences</Trans>
            </Item>
            <Item to="/practitioners">
              <Trans>Practitioners</Trans>
            </Item>
            <Item to="/resources">
              <Trans>Rooms and devices</Trans>
            </Item>
            <Item to="/registrations">
              <Trans>Registrations</Trans>
            </Item>
          </>
        )}
        {hat === 'practitioner' && (
          <>
            <Item to="/today">
              <Trans>Today</Trans>
            </Item>
            {person.practitionerId && (
              <Item to="/alerts">
                <Trans>Alerts</Trans>
              </Item>
            )}
            <Item to="/agendas">
              <Trans>Agendas</Trans>
            </Item>
            <Item to="/waiting-list">
              <Trans>Waiting list</Trans>
            </Item>
            {person.practitionerId && (
              <>
                <Item to="/schedules/$practitionerId" params={{ practitionerId: person.practitionerId }}>
                  <Trans>Hours and absences</Trans>
                </Item>
                <Item to="/calendars/$practitionerId" params={{ practitionerId: person.practitionerId }}>
                  <Trans>Calendars</Trans>
                </Item>
                <Item to="/delegations">
                  <Trans>Delegations</Trans>
                </Item>
              </>
            )}
            <Item to="/messages">
              <Trans>Messages</Trans>
            </Item>
          </>
        )}
        {hat === 'admin' && (
          <>
            <Item to="/users">
              <Trans>Users</Trans>
            </Item>
            <Item to="/practitioners">
              <Trans>Practitioners</Trans>
            </Item>
            <Item to="/resources">
              <Trans>Rooms and devices</Trans>
            </Item>
            <Item to="/delegations">
              <Trans>Delegations</Trans>
            </Item>
            <Item to="/audit">
              <Trans>Audit</Trans>
            </Item>
            <Item to="/dead-letters">
              <Trans>Dead letters</Trans>
            </Item>
            <Item to="/emergencies">
              <Trans>Emergency accesses</Trans>
            </Item>
            <Item to="/unusual-accesses">
              <Trans>Unusual accesses</Trans>
            </Item>
            <Item to="/erasures">
              <Trans>Erasures</Trans>
            </Item>
            <Item to="/imports">
              <Trans>Imports</Trans>
            </Item>
            <Item to="/messages">
              <Trans>Messages</Trans>
            </Item>
            <Item to="/alert-watch">
              <Trans>Watch over readings</Trans>
            </Item>
            <Item to="/settings">
              <Trans>Settings</Trans>
            </Item>
            <Item to="/system">
              <Trans>System</Trans>
            </Item>
          </>
        )}
      </ul>
    </nav>
  );
}

/**
 * Whoever acts for the patient sees who looked where that is theirs to see, which for a guardian ends with an age of the minor. To
 * whom the record is closed, its page says why and whom to ask.
 */
const PatientPages = ({ patientId, person }: { patientId: string; person: Person }) => (
  <>
    <Item to="/patients/$patientId/appointments" params={{ patientId }}>
      <Trans>Appointments</Trans>
    </Item>
    <Item to="/patients/$patientId/book" params={{ patientId }}>
      <Trans>Book</Trans>
    </Item>
    <Item to="/patients/$patientId/waiting" params={{ patientId }}>
      <Trans>Waiting list</Trans>
    </Item>
    {actsIn(person, patientId, 'appointments') && (
      <Item to="/patients/$patientId/messages" params={{ patientId }}>
        <Trans>Messages</Trans>
      </Item>
    )}
    <Item to="/patients/$patientId/record" params={{ patientId }}>
      <Trans>Medical record</Trans>
    </Item>
    {actsIn(person, patientId, 'record') && (
      <>
        <Item to="/patients/$patientId/readings" params={{ patientId }}>
          <Trans>Readings</Trans>
        </Item>
        <Item to="/patients/$patientId/devices" params={{ patientId }}>
          <Trans>Devices</Trans>
        </Item>
      </>
    )}
    {actsIn(person, patientId, 'accesses') && (
      <Item to="/patients/$patientId/accesses" params={{ patientId }}>
        <Trans>Who looked</Trans>
      </Item>
    )}
    <Item to="/patients/$patientId/details" params={{ patientId }}>
      <Trans>My details</Trans>
    </Item>
    {person.actsFor.find((each) => each.patientId === patientId)?.as !== 'carer' && (
      <Item to="/patients/$patientId/family" params={{ patientId }}>
        <Trans>Family and carers</Trans>
      </Item>
    )}
    <Item to="/patients/$patientId/data" params={{ patientId }}>
      <Trans>My data</Trans>
    </Item>
  </>
);
