import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useIntent } from '../api/intent.ts';
import { stateNoAllergies, useRecordChanged } from '../api/record-entries.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';

interface Props {
  patientId: string;
  /** It stands already, and is confirmed. */
  isAgain: boolean;
  onDone: () => void;
}

/** States that somebody asked and no allergy is known; what the practitioner reads is not proof of it, so the service decides. */
export function NoAllergiesState({ patientId, isAgain, onDone }: Props) {
  const changed = useRecordChanged(patientId);
  const intent = useIntent();
  const stating = useMutation({
    mutationFn: () => intent({ patientId }, (header) => stateNoAllergies(patientId, header)),
    onSuccess: onDone,
    onSettled: changed,
  });
  return (
    <>
      <Button size="desk" isBusy={stating.isPending} onClick={() => stating.mutate()}>
        {isAgain ? <Trans>I asked again: still none</Trans> : <Trans>I asked: none is known</Trans>}
      </Button>
      {stating.error && (
        <div className="basis-full">
          <Failure error={stating.error} />
        </div>
      )}
    </>
  );
}
