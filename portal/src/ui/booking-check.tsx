import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react';
import { nameOfPatient } from '../api/patients.ts';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Patient, Practitioner, Slot } from '../api/types.ts';
import { When } from '../time/time.tsx';
import { Button } from './button.tsx';

interface Props {
  slot: Slot;
  practitioner?: Practitioner;
  patient?: Patient;
  isBusy: boolean;
  onBook: () => void;
  /** Back to the times. */
  onLeave: () => void;
}

/** What is about to be booked, to be read back to who asked for it. Enter books it, Escape leads back to the times. */
export function BookingCheck({ slot, practitioner, patient, isBusy, onBook, onLeave }: Props) {
  const { t } = useLingui();
  const acts = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another time is another question.
  useEffect(() => acts.current?.querySelector('button')?.focus(), [slot]);
  const kind = practitioner?.appointmentTypes.find(({ id }) => id === slot.appointmentTypeId);
  const place = practitioner?.places.find(({ id }) => id === slot.placeId);
  const onKey = (event: KeyboardEvent) => {
    // Of the key that has chosen the time and is held still.
    if (event.key === 'Enter' && event.repeat) event.preventDefault();
    if (event.key !== 'Escape') return;
    // A dialog around it stays.
    event.preventDefault();
    event.stopPropagation();
    onLeave();
  };
  return (
    <section
      aria-label={t`About to be booked`}
      className="grid gap-2 rounded-card border-l-4 border-accent bg-accent-paper p-4"
      onKeyDown={onKey}
    >
      <p className="font-semibold">
        <When start={slot.start} end={slot.end} zone={slot.zone} />
      </p>
      <p>
        {[practitioner && nameOfPractitioner(practitioner), kind?.name, place?.name].filter(Boolean).join(' · ')}
        {slot.doubt && ` · ${t`may turn out to be taken`}`}
      </p>
      {patient && (
        <p>
          <Trans>
            For <strong>{nameOfPatient(patient)}</strong>
          </Trans>
        </p>
      )}
      <div ref={acts} className="flex flex-wrap gap-3">
        <Button
          look="main"
          isBusy={isBusy}
          // The second click of two was meant for what stood here before.
          onClick={(event: MouseEvent) => event.detail < 2 && onBook()}
        >
          <Trans>Book it</Trans>
        </Button>
        <Button onClick={onLeave} disabled={isBusy}>
          <Trans>Another time</Trans>
        </Button>
      </div>
    </section>
  );
}
