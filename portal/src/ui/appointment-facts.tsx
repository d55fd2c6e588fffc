import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { nameOfPractitioner, usePractitioner } from '../api/practitioners.ts';
import type { Appointment } from '../api/types.ts';
import { usePerson } from '../session/use-session.ts';
import { When } from '../time/time.tsx';
import { reasonWords } from '../words/refusals.ts';
import { statusNames } from '../words/statuses.ts';

/** What there is to know of an appointment, for whom it is about. */
export function AppointmentFacts({ appointment }: { appointment: Appointment }) {
  const { i18n } = useLingui();
  const { data: practitioner, error } = usePractitioner(appointment.practitionerId);
  const type = practitioner?.appointmentTypes.find(({ id }) => id === appointment.appointmentTypeId);
  const place = practitioner?.places.find(({ id }) => id === appointment.placeId);
  const notRead = error ? <Trans>could not be read</Trans> : '…';
  return (
    <dl className="grid gap-x-6 gap-y-2 tablet:grid-cols-[9rem_1fr] [&_dt]:text-quiet [&_dd]:font-medium">
      <dt>
        <Trans>When</Trans>
      </dt>
      <dd>
        <When start={appointment.start} end={appointment.end} zone={appointment.zone} />
      </dd>
      <dt>
        <Trans>With</Trans>
      </dt>
      <dd>{practitioner ? nameOfPractitioner(practitioner) : notRead}</dd>
      <dt>
        <Trans>Kind of visit</Trans>
      </dt>
      <dd>{type?.name ?? (practitioner ? '–' : notRead)}</dd>
      <dt>
        <Trans>Where</Trans>
      </dt>
      <dd>
        {place
          ? [
              place.name,
              ...(place.address ? [...place.address.line, `${place.address.postalCode} ${place.address.city}`] : []),
            ].join(', ')
          : practitioner
            ? '–'
            : notRead}
      </dd>
      {appointment.videoLink && (
        <>
          <dt>
            <Trans>By video</Trans>
          </dt>
          <dd>
            <a href={appointment.videoLink} rel="noreferrer">
              <Trans>Open the video call</Trans>
            </a>
          </dd>
        </>
      )}
      {appointment.reason && (
        <>
          <dt>
            <Trans>Why</Trans>
          </dt>
          <dd className="whitespace-pre-wrap">{appointment.reason}</dd>
        </>
      )}
      {appointment.seriesId && (
        <>
          <dt>
            <Trans>Series</Trans>
          </dt>
          <dd>
            <Link
              to="/patients/$patientId/series/$seriesId"
              params={{ patientId: appointment.patientId, seriesId: appointment.seriesId }}
            >
              <Trans>See all appointments of the series</Trans>
            </Link>
          </dd>
        </>
      )}
      {appointment.overbooking && <Forced {...appointment.overbooking} />}
      <dt>
        <Trans>State</Trans>
      </dt>
      <dd>
        {i18n._(statusNames[appointment.status])}
        {appointment.calendarCheck && (
          <span className="block text-sm text-warn">
            {appointment.calendarCheck === 'awaited' ? (
              <Trans>Tentative: a calendar elsewhere could not be read, and may have taken the time.</Trans>
            ) : (
              <Trans>A calendar elsewhere has taken the time as well.</Trans>
            )}
          </span>
        )}
      </dd>
    </dl>
  );
}

/** That the desk took the time over what was in its way: what that was, why, and by whom. */
function Forced({ over, reason, by }: NonNullable<Appointment['overbooking']>) {
  const { i18n } = useLingui();
  const isOwn = usePerson().id === by;
  return (
    <>
      <dt>
        <Trans>Forced</Trans>
      </dt>
      <dd>
        {isOwn ? <Trans>by you</Trans> : <Trans>by somebody else of the practice</Trans>}
        {reason && <q className="block">{reason}</q>}
        <span className="block text-sm text-quiet">
          {over.map((code) => (reasonWords[code] ? i18n._(reasonWords[code]) : code)).join(' ')}
        </span>
      </dd>
    </>
  );
}
