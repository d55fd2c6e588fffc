import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { useFreeAmong } from '../api/series.ts';
import type { Occurrence } from '../time/series.ts';
import { dateInWords, timeAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Remote } from '../ui/remote.tsx';
import { WhyNot } from '../ui/why-not.tsx';

interface Props {
  practitionerId: string;
  appointmentTypeId: string;
  occurrences: readonly Occurrence[];
  zone: string;
  free: ReturnType<typeof useFreeAmong>;
  /** Dates that are left out though they are free. */
  left: readonly string[];
  onLeave: (left: string[]) => void;
}

/** Each appointment that there would be: free, and booked unless it is left out; or not free, with what is in its way. */
export function SeriesPreview({ practitionerId, appointmentTypeId, occurrences, zone, free, left, onLeave }: Props) {
  const { t } = useLingui();
  return (
    <Remote of={free} label={t`what is free`}>
      {(slots) => {
        const taken = occurrences.filter(({ start }) => !slots.has(Date.parse(start))).length;
        return (
          <>
            <p role="status">
              {taken === 0 ? (
                <Trans>All of them are free.</Trans>
              ) : (
                <Plural
                  value={taken}
                  one="# is not free and is left out; the others can be booked."
                  other="# are not free and are left out; the others can be booked."
                />
              )}
            </p>
            <ol className="grid gap-2">
              {occurrences.map((each) => {
                const slot = slots.get(Date.parse(each.start));
                return (
                  <li key={each.date}>
                    {slot ? (
                      <Free
                        occurrence={each}
                        zone={zone}
                        isDoubtful={slot.doubt !== undefined}
                        isLeft={left.includes(each.date)}
                        onChange={(isLeft) =>
                          onLeave(isLeft ? [...left, each.date] : left.filter((date) => date !== each.date))
                        }
                      />
                    ) : (
                      <Taken
                        occurrence={each}
                        zone={zone}
                        practitionerId={practitionerId}
                        appointmentTypeId={appointmentTypeId}
                      />
                    )}
                  </li>
                );
              })}
            </ol>
          </>
        );
      }}
    </Remote>
  );
}

function Words({ occurrence: { date, start }, zone }: { occurrence: Occurrence; zone: string }) {
  const { i18n } = useLingui();
  return (
    <span className="font-medium first-letter:uppercase">
      {dateInWords(date, i18n.locale, 'full')}, {timeAt(start, zone, i18n.locale)}
    </span>
  );
}

interface FreeProps {
  occurrence: Occurrence;
  zone: string;
  isDoubtful: boolean;
  isLeft: boolean;
  onChange: (isLeft: boolean) => void;
}

const Free = ({ occurrence, zone, isDoubtful, isLeft, onChange }: FreeProps) => (
  <label className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 rounded-field border border-edge bg-surface px-3 py-1 has-checked:border-accent has-checked:bg-accent-paper">
    <input
      type="checkbox"
      checked={!isLeft}
      onChange={() => onChange(!isLeft)}
      className="size-5 shrink-0 accent-accent"
    />
    <Words occurrence={occurrence} zone={zone} />
    <span className={`text-sm ${isLeft ? 'text-quiet' : isDoubtful ? 'text-warn' : 'text-good'}`}>
      {isLeft ? (
        <Trans>left out</Trans>
      ) : isDoubtful ? (
        <Trans>free, may turn out to be taken</Trans>
      ) : (
        <Trans>free</Trans>
      )}
    </span>
  </label>
);

interface TakenProps {
  occurrence: Occurrence;
  zone: string;
  practitionerId: string;
  appointmentTypeId: string;
}

function Taken({ occurrence, zone, practitionerId, appointmentTypeId }: TakenProps) {
  const { i18n, t } = useLingui();
  const [isAsked, setAsked] = useState(false);
  return (
    <div className="grid gap-1 rounded-field border border-dashed border-edge px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3">
        <Words occurrence={occurrence} zone={zone} />
        <span className="text-sm font-semibold text-warn">
          <Trans>not free</Trans>
        </span>
        {!isAsked && (
          <Button
            size="desk"
            look="quiet"
            onClick={() => setAsked(true)}
            aria-label={t`Why? ${dateInWords(occurrence.date, i18n.locale)}`}
          >
            <Trans>Why?</Trans>
          </Button>
        )}
      </div>
      {isAsked && (
        <WhyNot practitionerId={practitionerId} appointmentTypeId={appointmentTypeId} at={occurrence.start} />
      )}
    </div>
  );
}
