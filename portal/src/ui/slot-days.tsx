import { Plural, useLingui } from '@lingui/react/macro';
import { useId } from 'react';
import type { Slot } from '../api/types.ts';
import { Times, useZoneBeside } from '../time/time.tsx';
import { dateAt, dayAt, timeAt } from '../time/zone.ts';

interface Props {
  slots: readonly Slot[];
  /** Said in the name of each button, which is understood by itself. */
  practitioner: string;
  onChoose: (slot: Slot) => void;
  /** While a choice is being made of one: the others wait. */
  busyStart?: string;
}

/** Free times as a list of days. Each button says the date, the time, the length and with whom. */
export const SlotDays = (props: Props) => (
  <Times of={props.slots}>
    <Days {...props} />
  </Times>
);

function Days({ slots, practitioner, onChoose, busyStart }: Props) {
  const { i18n, t } = useLingui();
  // The same day may be shown twice on a page.
  const id = useId();
  const days = Map.groupBy(slots, ({ start, zone }) => dateAt(start, zone));
  const zoneBeside = useZoneBeside();
  const nameOf = (slot: Slot): string => {
    const minutes = (Date.parse(slot.end) - Date.parse(slot.start)) / 60_000;
    const [clock, day] = [timeAt(slot.start, slot.zone, i18n.locale), dayAt(slot.start, slot.zone, i18n.locale)];
    const zone = zoneBeside(slot.start, slot.zone);
    const time = zone ? `${clock} (${zone})` : clock;
    const doubt = slot.doubt ? t`, may turn out to be taken` : '';
    return t`${time}, ${day}, ${minutes} minutes, with ${practitioner}${doubt}`;
  };
  return (
    <div className="grid gap-5">
      {[...days].map(([date, ofDay]) => (
        // Of many days, and of one that stands twice, none is a landmark.
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and these are times
        <section key={date} role="group" aria-labelledby={`${id}${date}`} className="grid gap-2">
          <h3 id={`${id}${date}`} className="font-semibold first-letter:uppercase">
            {dayAt(ofDay[0]?.start as string, ofDay[0]?.zone as string, i18n.locale)}
            <span className="sr-only">, </span>
            <span className="ml-2 whitespace-nowrap font-normal text-quiet">
              <Plural value={ofDay.length} one="# time" other="# times" />
            </span>
          </h3>
          <ul className="flex flex-wrap gap-2">
            {ofDay.map((slot) => (
              <li key={slot.start + slot.placeId}>
                <button
                  type="button"
                  aria-label={nameOf(slot)}
                  aria-disabled={busyStart !== undefined || undefined}
                  aria-busy={busyStart === slot.start || undefined}
                  onClick={() => busyStart === undefined && onChoose(slot)}
                  className="min-h-12 min-w-20 cursor-pointer rounded-field border border-edge bg-surface px-3 font-semibold tabular-nums hover:border-accent hover:bg-accent-paper aria-busy:bg-accent aria-busy:text-on-accent"
                >
                  {timeAt(slot.start, slot.zone, i18n.locale)}
                  {slot.doubt && <span aria-hidden="true"> ?</span>}
                  {zoneBeside(slot.start, slot.zone) && (
                    <span className="block text-sm font-normal">{zoneBeside(slot.start, slot.zone)}</span>
                  )}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
