import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useExplained } from '../api/slots.ts';
import type { Appointment, Slot } from '../api/types.ts';
import { dayAt, timeAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Remote } from '../ui/remote.tsx';
import { SlotDays } from '../ui/slot-days.tsx';
import { WhyNot } from '../ui/why-not.tsx';

interface Props {
  practitionerId: string;
  practitioner: string;
  appointmentTypeId: string;
  at: string;
  /** What is to go there. */
  moving?: Appointment;
  why: string;
  onWhy: (why: string) => void;
  /** Takes it over what is in the way. */
  onForce: (reason: string) => void;
  forceLabel: ReactNode;
  /** Takes one of the nearest in its place. */
  onChoose: (slot: Slot) => void;
  busyStart?: string;
  /** What is shown of a time that is offered after all. */
  offered: ReactNode;
}

/** What nobody may force: it is not the practice that is in the way. */
const never = ['APPOINTMENT.IN_THE_PAST', 'APPOINTMENT.TIME_SKIPPED'];
const nearestMax = 3;

/**
 * A time that somebody at the desk wants: what is in its way, what is free nearest, and, once a reason is given, the time all the same. The
 * reason has the focus, and Enter there is all that it takes.
 */
export function TimeRefused({ onForce, onChoose, offered, why, onWhy, forceLabel, busyStart, ...asked }: Props) {
  const { i18n, t } = useLingui();
  const { practitioner, moving, ...query } = asked;
  const answer = useExplained(query, moving);
  const form = useRef<HTMLFormElement>(null);
  const [isTried, setTried] = useState(false);
  const canForce =
    answer.data && !answer.data.isOffered && !answer.data.reasons.some(({ code }) => never.includes(code));
  // At once with the words that say why not: whoever reads them types. In a dialog that opens with it, `data-first` does.
  useLayoutEffect(() => {
    if (canForce) form.current?.querySelector('input')?.focus();
  }, [canForce]);
  return (
    <Remote of={answer} label={t`why this time is not offered`}>
      {({ isOffered, zone, nextFreeSlots }) => {
        if (isOffered) return offered;
        const [time, day] = [timeAt, dayAt].map((words) => words(query.at, zone, i18n.locale));
        return (
          <>
            <Notice look="warn" role="alert" title={t`${time}, ${day}, is not offered`}>
              <WhyNot {...query} moving={moving} />
            </Notice>
            {canForce && (
              <form
                ref={form}
                noValidate
                className="grid gap-3"
                onSubmit={(event) => {
                  event.preventDefault();
                  setTried(true);
                  if (why.trim() !== '' && busyStart === undefined) onForce(why.trim());
                }}
              >
                <TextField
                  data-first
                  label={t`Why it has to be then`}
                  isNeeded
                  hint={t`Kept with the appointment: who did it, why, and what was in the way`}
                  value={why}
                  maxLength={500}
                  problem={isTried && why.trim() === '' ? t`Say in a few words why.` : undefined}
                  onChange={(event) => onWhy(event.target.value)}
                />
                <div>
                  <Button type="submit" isBusy={busyStart !== undefined}>
                    {forceLabel}
                  </Button>
                </div>
              </form>
            )}
            {nextFreeSlots.length > 0 && (
              <section className="grid gap-3" aria-label={t`The nearest free times`}>
                <p className="font-semibold">
                  <Trans>The nearest free times</Trans>
                </p>
                <SlotDays
                  slots={nextFreeSlots.slice(0, nearestMax)}
                  practitioner={practitioner}
                  onChoose={onChoose}
                  busyStart={busyStart}
                />
              </section>
            )}
          </>
        );
      }}
    </Remote>
  );
}
