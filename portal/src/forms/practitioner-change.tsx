import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { changePractitioner, usePractitionerChanged } from '../api/practitioners.ts';
import type { Practitioner } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { PractitionerDetails } from './practitioner-details.tsx';
import { changesOf, draftOf, isFit, type PractitionerDraft } from './practitioner-draft.ts';

const hasLost = (before: readonly { id?: string }[], after: readonly { id?: string }[]): boolean =>
  before.some(({ id }) => after.every((each) => each.id !== id));

/** Changes who a practitioner is, where they receive and what can be booked; what somebody else changed meanwhile stays. */
export function PractitionerChange({ practitioner }: { practitioner: Practitioner }) {
  const { t } = useLingui();
  const changed = usePractitionerChanged();
  const stored = useMemo(() => draftOf(practitioner), [practitioner]);
  const { values, set, clear, isDirty } = useDraft<PractitionerDraft>(`practitioner-change/${practitioner.id}`, stored);
  useLeaveQuestion(isDirty);
  const [isTried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => changePractitioner(practitioner, changesOf(values, practitioner)),
    onSuccess: (saved) => {
      clear();
      setTried(false);
      changed(saved);
    },
    // Somebody may have changed them meanwhile: what they are now is read, and what was typed stays.
    onError: () => changed(undefined, practitioner.id),
  });
  return (
    <form
      className="grid gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isFit(values) && !saving.isPending) saving.mutate();
      }}
    >
      <PractitionerDetails draft={values} onChange={set} isTried={isTried} error={saving.error} />
      {(hasLost(stored.places, values.places) || hasLost(stored.types, values.types)) && (
        <Notice look="warn" title={t`Something is taken out`}>
          <p>
            <Trans>It is offered no more. What is booked stays booked; hours that name it are to be changed too.</Trans>
          </p>
        </Notice>
      )}
      {saving.error && <Failure error={saving.error} isSaidAtFields />}
      {saving.isSuccess && !isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      {isDirty && (
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" isBusy={saving.isPending}>
            <Trans>Save</Trans>
          </Button>
          <Button look="quiet" onClick={clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        </div>
      )}
    </form>
  );
}
