import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { useSlots } from '../api/slots.ts';
import type { Slot } from '../api/types.ts';
import { today } from '../time/server-clock.ts';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { Loading } from './remote.tsx';
import { SlotDays } from './slot-days.tsx';

interface Props {
  practitionerId: string;
  practitioner: string;
  appointmentTypeId: string;
  /** The first date to search, today when it is left out. */
  from?: string;
  onChoose: (slot: Slot) => void;
  busyStart?: string;
  /** Whether the reader goes on to them by themself: not while they may still choose whose or when. */
  isFirst?: boolean;
}

/** Free times from today on, a fortnight at a time. Takes the focus as soon as they are there. */
export function SlotSearch({
  practitionerId,
  practitioner,
  appointmentTypeId,
  from,
  onChoose,
  busyStart,
  isFirst = true,
}: Props) {
  const { t } = useLingui();
  const search = useSlots(practitionerId, appointmentTypeId, from ?? today());
  const heading = useRef<HTMLHeadingElement>(null);
  const isThere = search.data !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another type is another search, of which the reader is told as well.
  useEffect(() => {
    if (isThere && isFirst) heading.current?.focus();
  }, [isThere, appointmentTypeId]);
  if (!search.data)
    return search.error ? <Failure error={search.error} onRetry={search.refetch} /> : <Loading label={t`free times`} />;
  const slots = search.data.pages.flatMap(({ items }) => items);
  return (
    <section className="grid gap-4">
      <h2 ref={heading} tabIndex={-1}>
        <Trans>Free times with {practitioner}</Trans>
      </h2>
      {slots.length === 0 && (
        <p className="text-quiet">
          {search.data.pages.length === 1 ? (
            <Trans>There is no free time in the next two weeks.</Trans>
          ) : (
            <Trans>There is no free time in the weeks that were searched so far.</Trans>
          )}
        </p>
      )}
      <SlotDays slots={slots} practitioner={practitioner} onChoose={onChoose} busyStart={busyStart} />
      {search.error && <Failure error={search.error} onRetry={search.fetchNextPage} />}
      <div>
        <Button onClick={() => search.fetchNextPage()} isBusy={search.isFetchingNextPage}>
          <Trans>Search two weeks further</Trans>
        </Button>
      </div>
    </section>
  );
}
