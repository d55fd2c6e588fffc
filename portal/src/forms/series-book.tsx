import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useAppointmentsChanged } from '../api/appointments.ts';
import { useIntent } from '../api/intent.ts';
import { nameOfPractitioner } from '../api/practitioners.ts';
import { bookSeries, impossibleIn, useFreeAmong } from '../api/series.ts';
import type { Practitioner, SeriesRequest } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { occurrencesOf, ruleOf } from '../time/series.ts';
import { When } from '../time/time.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { LongTextField } from '../ui/field.tsx';
import { Impossible } from '../ui/impossible.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { SlotSearch } from '../ui/slot-search.tsx';
import { SeriesPreview } from './series-preview.tsx';
import { repetitionTyped, SeriesRepetition, type TypedRepetition } from './series-repetition.tsx';

interface Draft extends TypedRepetition {
  /** Of the first appointment; empty while it is not chosen. */
  start: string;
  left: string[];
  reason: string;
}

const nothing: Draft = { start: '', everyWeeks: '1', ends: 'count', count: '6', until: '', left: [], reason: '' };

interface Props {
  patientId: string;
  practitioner: Practitioner;
  appointmentTypeId: string;
}

/** Books a series: its first appointment, how it goes on, and exactly what was looked at, or nothing. */
export function SeriesBook({ patientId, practitioner, appointmentTypeId }: Props) {
  const draft = useDraft<Draft>(`series-book/${patientId}/${practitioner.id}`, nothing);
  const { start } = draft.values;
  useLeaveQuestion(draft.isDirty);
  const zone = practitioner.places[0]?.zone ?? 'UTC';
  if (start === '')
    return (
      <>
        <p>
          <Trans>Choose the first appointment; the others are at the same time of day.</Trans>
        </p>
        <SlotSearch
          practitionerId={practitioner.id}
          practitioner={nameOfPractitioner(practitioner)}
          appointmentTypeId={appointmentTypeId}
          onChoose={(slot) => draft.set({ start: slot.start })}
        />
      </>
    );
  return (
    <>
      <First start={start} zone={zone} onChange={() => draft.set({ start: '', left: [] })} />
      <SeriesRepetition typed={draft.values} start={start} zone={zone} onChange={draft.set} />
      <Booking
        zone={zone}
        values={draft.values}
        onChange={draft.set}
        onBooked={draft.clear}
        of={{ patientId, practitionerId: practitioner.id, appointmentTypeId }}
      />
    </>
  );
}

/** Takes the focus: the button by which it was chosen is gone. */
function First({ start, zone, onChange }: { start: string; zone: string; onChange: () => void }) {
  const chosen = useRef<HTMLHeadingElement>(null);
  useEffect(() => chosen.current?.focus(), []);
  return (
    <Card className="flex flex-wrap items-center justify-between gap-3">
      <h2 ref={chosen} tabIndex={-1}>
        <Trans>The first:</Trans> <When start={start} zone={zone} />
      </h2>
      <Button size="desk" onClick={onChange}>
        <Trans>Choose another time</Trans>
      </Button>
    </Card>
  );
}

interface BookingProps {
  zone: string;
  values: Draft;
  onChange: (change: Partial<Draft>) => void;
  onBooked: () => void;
  of: Pick<SeriesRequest, 'patientId' | 'practitionerId' | 'appointmentTypeId'>;
}

function Booking({ zone, values, onChange, onBooked, of }: BookingProps) {
  const { t } = useLingui();
  const go = useNavigate();
  const changed = useAppointmentsChanged();
  const intent = useIntent();
  const { start, left, reason } = values;
  const repetition = repetitionTyped(values, start, zone);
  const occurrences = repetition ? occurrencesOf(start, zone, repetition) : [];
  const free = useFreeAmong(
    of.practitionerId,
    of.appointmentTypeId,
    occurrences.map((each) => each.start),
    zone,
  );
  const booked = occurrences.filter((each) => free.data?.has(Date.parse(each.start)) && !left.includes(each.date));
  const booking = useMutation({
    mutationFn: (body: SeriesRequest) => intent(body, (header) => bookSeries(body, header)),
    onSuccess: () => {
      onBooked();
      changed();
    },
    // What was taken meanwhile is shown as such; what was chosen stays.
    onError: () => changed(),
  });
  const impossible = impossibleIn(booking.error);
  if (!repetition) return null;

  function book(repeated: typeof repetition & object) {
    const words = reason.trim();
    const exceptDates = occurrences.filter((each) => !booked.includes(each)).map(({ date }) => date);
    const rule = ruleOf(repeated);
    booking.mutate(
      { ...of, start, rule, exceptDates, ...(words && { reason: words }) },
      // Only who is still here is led on.
      {
        onSuccess: ({ id }) =>
          void go({ to: '/patients/$patientId/series/$seriesId', params: { patientId: of.patientId, seriesId: id } }),
      },
    );
  }

  return (
    <>
      <section className="grid gap-3" aria-labelledby="occurrences">
        <h2 id="occurrences">
          <Trans>What would be booked</Trans>
        </h2>
        <SeriesPreview
          {...of}
          occurrences={occurrences}
          zone={zone}
          free={free}
          left={left}
          onLeave={(dates) => onChange({ left: dates })}
        />
      </section>
      <details open={reason !== ''}>
        <summary className="cursor-pointer font-semibold text-accent">
          <Trans>Say why you come (you need not)</Trans>
        </summary>
        <div className="pt-3">
          <LongTextField
            label={t`Why you come`}
            hint={t`Read by you, the practitioner, and whoever wrote it.`}
            maxLength={500}
            value={reason}
            onChange={(event) => onChange({ reason: event.target.value })}
          />
        </div>
      </details>
      {booking.error && <Failure error={booking.error} />}
      {impossible.length > 0 && (
        <Notice look="warn">
          <Impossible impossible={impossible} />
          <div>
            <Button
              size="desk"
              onClick={() => {
                onChange({ left: [...new Set([...left, ...impossible.map(({ local }) => local.slice(0, 10))])] });
                booking.reset();
              }}
            >
              <Trans>Leave these out</Trans>
            </Button>
          </div>
        </Notice>
      )}
      {free.data && booked.length === 0 && (
        <p className="font-semibold text-warn">
          <Trans>Nothing is left to be booked. Choose another first time, or another rule.</Trans>
        </p>
      )}
      {free.data && (
        <div>
          <Button
            look="main"
            isBusy={booking.isPending}
            disabled={booked.length === 0}
            onClick={() => book(repetition)}
          >
            <Plural value={booked.length} one="Book # appointment" other="Book # appointments" />
          </Button>
        </div>
      )}
    </>
  );
}
