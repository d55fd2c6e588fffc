import { Trans, useLingui } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { nameOfPractitioner } from '../api/practitioners.ts';
import { firstSlots } from '../api/slots.ts';
import type { Practitioner, Slot } from '../api/types.ts';
import { today } from '../time/server-clock.ts';
import { Times, useZoneBeside } from '../time/time.tsx';
import { dateAt, dayAt, shortDateInWords, timeAt } from '../time/zone.ts';
import { kindNamed } from '../words/visit-kinds.ts';
import { Failure } from './failure.tsx';
import { Loading } from './remote.tsx';

interface Props {
  /** Of whom times are looked for. */
  practitioners: readonly Practitioner[];
  /** From which day on. */
  day: string;
  kind?: string;
  /** In place of one that was just taken. */
  nearest?: Slot[];
  /** The one that is about to be booked. */
  chosen?: Slot;
  onChoose: (slot: Slot) => void;
  /** While one is being booked: the others wait. */
  isBusy: boolean;
}

/** Free times that are read out on the telephone. */
const offeredMax = 8;

/** The first free times of several practitioners, the soonest in front. The first takes the focus, arrows lead to the others. */
export function FirstTimes({ practitioners, day, kind, nearest, chosen, onChoose, isBusy }: Props) {
  const { t } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  const left = useRef<Slot>(undefined);
  const from = day < today() ? today() : day;
  const asked = useQueries({
    queries: practitioners.map((each) => firstSlots(each.id, kindNamed(each, kind)?.id, from)),
  });
  const isAsked = (nth: number) => kindNamed(practitioners[nth] as Practitioner, kind) !== undefined;
  const failed = asked.find(({ error, data }) => error && !data);
  const isLoading = asked.some(({ isPending, error }, nth) => isAsked(nth) && isPending && !error);
  const slots = [...(nearest ?? []), ...asked.flatMap(({ data }) => data?.items ?? [])]
    .filter((slot, nth, all) => all.findIndex((other) => isSame(slot, other)) === nth)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
    .slice(0, offeredMax);
  const isReady = !isLoading && slots.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another kind of visit has other times.
  useEffect(() => {
    if (isReady) list.current?.querySelector('button')?.focus();
  }, [isReady, kind]);
  useEffect(() => {
    const before = left.current;
    left.current = chosen;
    if (chosen || !before) return;
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    (all.find(({ dataset }) => dataset.start === before.practitionerId + before.start) ?? all[0])?.focus();
  }, [chosen]);
  if (isLoading) return <Loading label={t`free times`} />;
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    all[all.indexOf(document.activeElement as HTMLButtonElement) + by]?.focus();
  };
  return (
    <>
      <h2 className="text-base">
        <Trans>First free times</Trans>
      </h2>
      {failed && <Failure error={failed.error} onRetry={() => failed.refetch()} />}
      {slots.length === 0 && !failed && (
        <p className="text-quiet">
          <Trans>Nobody who is shown has a free time in the next four weeks.</Trans>
        </p>
      )}
      <Times of={slots}>
        <ul ref={list} className="grid gap-2 tablet:grid-cols-2">
          {slots.map((slot) => (
            <li key={slot.practitionerId + slot.start}>
              <FreeTime
                slot={slot}
                practitioner={practitioners.find(({ id }) => id === slot.practitionerId)}
                isChosen={chosen !== undefined && isSame(chosen, slot)}
                isBusy={isBusy}
                onKey={onKey}
                onChoose={() => onChoose(slot)}
              />
            </li>
          ))}
        </ul>
      </Times>
    </>
  );
}

interface TimeProps {
  slot: Slot;
  practitioner?: Practitioner;
  isChosen: boolean;
  isBusy: boolean;
  onKey: (event: KeyboardEvent) => void;
  onChoose: () => void;
}

function FreeTime({ slot, practitioner, isChosen, isBusy, onKey, onChoose }: TimeProps) {
  const { i18n, t } = useLingui();
  const zone = useZoneBeside()(slot.start, slot.zone);
  const name = practitioner ? nameOfPractitioner(practitioner) : '…';
  const minutes = (Date.parse(slot.end) - Date.parse(slot.start)) / 60_000;
  const [clock, date] = [timeAt, dayAt].map((words) => words(slot.start, slot.zone, i18n.locale));
  const time = zone ? `${clock} (${zone})` : clock;
  const doubt = slot.doubt ? t`, may turn out to be taken` : '';
  return (
    <button
      type="button"
      data-start={slot.practitionerId + slot.start}
      aria-label={t`${time}, ${date}, ${minutes} minutes, with ${name}${doubt}`}
      aria-pressed={isChosen}
      aria-disabled={isBusy || undefined}
      onKeyDown={onKey}
      onClick={() => !isBusy && onChoose()}
      className="flex min-h-11 w-full cursor-pointer flex-wrap items-baseline gap-x-3 rounded-field border border-edge bg-surface px-3 py-1 text-left hover:border-accent hover:bg-accent-paper aria-pressed:border-accent aria-pressed:bg-accent-paper"
    >
      <span className="font-semibold tabular-nums">
        {clock}
        {slot.doubt && ' ?'}
      </span>
      {zone && <span className="text-sm text-quiet">{zone}</span>}
      <span>{shortDateInWords(dateAt(slot.start, slot.zone), i18n.locale)}</span>
      <span className="text-sm text-quiet">{name}</span>
    </button>
  );
}

const isSame = (one: Slot, other: Slot): boolean =>
  one.start === other.start && one.practitionerId === other.practitionerId;
