import { Trans } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDayOf } from '../api/own-day.ts';
import { FollowUpBook } from '../forms/follow-up-book.tsx';
import { usePerson } from '../session/use-session.ts';
import { nextVisit } from '../time/next-visit.ts';
import { now } from '../time/server-clock.ts';
import { Button } from '../ui/button.tsx';
import { useCardScan } from '../ui/card-scan.tsx';
import { NextPatient } from '../ui/next-patient.tsx';

/** What a practitioner goes on to from any page of a patient: the next visit of this one, and the next patient of the day. */
export function TreatmentActions({ patientId }: { patientId: string }) {
  const { practitionerId } = usePerson();
  const go = useNavigate();
  const { practitioner, day } = useDayOf(practitionerId, true);
  const [isBooking, setBooking] = useState(false);
  const next = day.data && nextVisit(day.data.items, now(), patientId)?.patientId;
  const visit = day.data?.items.findLast((each) => each.patientId === patientId);
  const openChart = (id: string) => void go({ to: '/patients/$patientId/chart', params: { patientId: id } });
  useCardScan(openChart);
  if (!practitionerId) return null;
  return (
    <div className="unprinted flex flex-wrap items-center gap-2 tablet:ml-auto">
      <Button size="desk" disabled={!practitioner} onClick={() => setBooking(true)}>
        <Trans>Follow-up</Trans>
      </Button>
      <NextPatient next={next} size="desk" onOpen={openChart} />
      {isBooking && practitioner && (
        <FollowUpBook
          patientId={patientId}
          practitioner={practitioner}
          typeId={visit?.appointmentTypeId}
          onClose={() => setBooking(false)}
        />
      )}
    </div>
  );
}
