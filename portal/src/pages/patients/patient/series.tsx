import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useAppointmentsChanged } from '../../../api/appointments.ts';
import { nameOfPractitioner, usePractitioner } from '../../../api/practitioners.ts';
import { impossibleIn, isInPlace, moveFollowing, useSeries } from '../../../api/series.ts';
import type { Appointment, Series } from '../../../api/types.ts';
import { Times, When } from '../../../time/time.tsx';
import { timeAt } from '../../../time/zone.ts';
import { Button, buttonLook } from '../../../ui/button.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Impossible } from '../../../ui/impossible.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { OfThisPatient } from '../../../ui/of-this-patient.tsx';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { SeriesRule } from '../../../ui/series-rule.tsx';
import { statusNames } from '../../../words/statuses.ts';

const route = '/signed-in-people/patients/$patientId/series/$seriesId';

/** All appointments of a series, whatever has become of them; each leads to where it is moved or cancelled. */
export function SeriesPage() {
  const { t } = useLingui();
  const { patientId, seriesId } = useParams({ from: route });
  const series = useSeries(seriesId);
  return (
    <Page
      title={t`A series of appointments`}
      beside={
        <Link to="/patients/$patientId/appointments" params={{ patientId }} className={buttonLook()}>
          <Trans>To all appointments</Trans>
        </Link>
      }
    >
      <Remote of={series} label={t`the series`}>
        {(found) => (
          <OfThisPatient thing={{ patientId: found.appointments[0]?.patientId ?? '' }}>
            <Whole series={found} />
          </OfThisPatient>
        )}
      </Remote>
    </Page>
  );
}

function Whole({ series: { rule, appointments } }: { series: Series }) {
  const { data: practitioner } = usePractitioner(appointments[0]?.practitionerId ?? '');
  const booked = appointments.filter(({ status }) => status === 'booked' || status === 'pending').length;
  return (
    <>
      <p className="text-quiet">
        {practitioner ? nameOfPractitioner(practitioner) : '…'} · <SeriesRule rule={rule} /> ·{' '}
        <Plural value={booked} one="# is booked" other="# are booked" />
      </p>
      <MovedBack appointments={appointments} />
      <Times of={appointments}>
        <ol className="grid gap-2">
          {appointments.map((each) => (
            <li key={each.id}>
              <Line appointment={each} />
            </li>
          ))}
        </ol>
      </Times>
      <p className="text-sm text-quiet">
        <Trans>Open one to move or cancel it alone, or with those that follow.</Trans>
      </p>
    </>
  );
}

function Line({ appointment }: { appointment: Appointment }) {
  const { i18n } = useLingui();
  const { id, patientId, start, zone, status } = appointment;
  return (
    <Card className="relative flex flex-wrap items-baseline justify-between gap-x-4 py-3 hover:border-accent">
      <Link
        to="/patients/$patientId/appointments/$appointmentId"
        params={{ patientId, appointmentId: id }}
        className={`font-semibold text-ink no-underline after:absolute after:inset-0 ${status === 'cancelled' ? 'line-through' : ''}`}
      >
        <When start={start} zone={zone} />
      </Link>
      <span className="text-sm text-quiet">
        {i18n._(statusNames[status])}
        {!isInPlace(appointment) && (
          <>
            {' · '}
            <Trans>moved alone</Trans>
          </>
        )}
      </span>
    </Card>
  );
}

/** Those that move when this one and the following are moved. */
const followingInPlace = (appointments: Appointment[], { occurrence = '' }: Appointment): Appointment[] =>
  appointments.filter(
    (each) => each.status === 'booked' && isInPlace(each) && Date.parse(each.start) >= Date.parse(occurrence),
  );

/** After several were moved: that they were, and the way back as long as their times are free. */
function MovedBack({ appointments }: { appointments: Appointment[] }) {
  const { i18n, t } = useLingui();
  const { moved, from, count } = useSearch({ from: route });
  const go = useNavigate({ from: '/patients/$patientId/series/$seriesId' });
  const changed = useAppointmentsChanged();
  const first = appointments.find(({ id }) => id === moved);
  const back = useMutation({
    mutationFn: ({ appointment, start }: { appointment: Appointment; start: string }) =>
      moveFollowing(appointment, start),
    onSuccess: () => changed(),
    onError: () => changed(),
  });
  if (!first || !from || Number.isNaN(Date.parse(from)) || Date.parse(from) === Date.parse(first.start)) return null;
  const before = timeAt(from, first.zone, i18n.locale);
  const moveBack = () =>
    back.mutate({ appointment: first, start: from }, { onSuccess: () => void go({ search: {}, replace: true }) });
  // Where they overtook one that was before them it would come along: then there is no way back at once.
  const isSame = followingInPlace(appointments, first).length === Number(count);
  return (
    <>
      <Notice look="good" role="status" title={t`This one and those that follow were moved`}>
        {isSame && (
          <div>
            <Button isBusy={back.isPending} onClick={moveBack}>
              <Trans>Move them back to {before}</Trans>
            </Button>
          </div>
        )}
      </Notice>
      {back.error && <Failure error={back.error} />}
      <Impossible impossible={impossibleIn(back.error)} />
    </>
  );
}
