import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useIntent } from '../api/intent.ts';
import { useRecordChanged, withdrawNoAllergies } from '../api/record-entries.ts';
import { useDraft } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useProblems } from './entry-fields.ts';

interface Props {
  patientId: string;
  onDone: () => void;
  onClose: () => void;
}

export const noAllergiesDraft = (patientId: string): string => `no-allergies-withdraw/${patientId}`;
const nothing = { reason: '' };

/** Withdraws the statement that no allergy is known: it is not known any more then. */
export function NoAllergiesWithdraw({ patientId, onDone, onClose }: Props) {
  const { t } = useLingui();
  const changed = useRecordChanged(patientId);
  const intent = useIntent();
  const draft = useDraft(noAllergiesDraft(patientId), nothing);
  const [isTried, setTried] = useState(false);
  const amendmentReason = draft.values.reason.trim();
  const withdrawing = useMutation({
    mutationFn: () =>
      intent([patientId, amendmentReason], (header) => withdrawNoAllergies(patientId, { amendmentReason }, header)),
    onSuccess: () => {
      draft.clear();
      onDone();
      onClose();
    },
    onSettled: changed,
  });
  const { problemAt, isSaidAtFields } = useProblems(withdrawing.error, {
    lacks: isTried && amendmentReason === '' ? ['amendmentReason'] : [],
    places: ['amendmentReason'],
  });
  return (
    <Dialog title={t`Withdraw that none is known?`} onClose={onClose}>
      <p>
        <Trans>It is then not known whether there is any allergy, and shown as such.</Trans>
      </p>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (amendmentReason !== '' && !withdrawing.isPending) withdrawing.mutate();
        }}
      >
        <TextField
          data-first
          label={t`Why?`}
          isNeeded
          maxLength={500}
          value={draft.values.reason}
          problem={problemAt('amendmentReason')}
          onChange={(event) => draft.set({ reason: event.target.value })}
        />
        {withdrawing.error && <Failure error={withdrawing.error} isSaidAtFields={isSaidAtFields} />}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="danger" isBusy={withdrawing.isPending}>
            <Trans>Withdraw it</Trans>
          </Button>
          <Button onClick={onClose}>
            <Trans>Leave it as it is</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
