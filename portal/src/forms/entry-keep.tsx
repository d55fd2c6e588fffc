import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keepFromGuardians, recordKey } from '../api/records.ts';
import { doUnlessUndone, undo, useDelayed } from '../frame/delayed.ts';
import { Failure } from '../ui/failure.tsx';
import { Tick } from '../ui/tick.tsx';

interface Props {
  patientId: string;
  entryId: string;
  isKept: boolean;
  /** Names the entry, for those who hear the page. */
  title: string;
}

/** A minor keeps an entry of their record from their guardians at once; shows it to them ten seconds later, unless that is undone. */
export function EntryKeep({ patientId, entryId, isKept, title }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const id = `entry-keep/${entryId}`;
  const isShowing = useDelayed().waiting.some((each) => each.id === id);
  const say = async (is: boolean) => {
    await keepFromGuardians(patientId, entryId, is);
    await client.invalidateQueries({ queryKey: recordKey(patientId) });
  };
  const keeping = useMutation({ mutationFn: () => say(true) });
  return (
    <>
      <Tick
        is={(isKept && !isShowing) || keeping.isPending}
        onChange={(is) => {
          if (is && isShowing) undo(id);
          else if (is) keeping.mutate();
          else doUnlessUndone(id, t`Your guardians will be able to see this entry.`, () => say(false));
        }}
      >
        <span>
          <Trans>Keep from my guardians</Trans>
          <span className="sr-only">: {title}</span>
        </span>
      </Tick>
      {keeping.error && <Failure error={keeping.error} onRetry={keeping.mutate} />}
    </>
  );
}
