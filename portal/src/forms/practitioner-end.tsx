import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changePractitioner, endPractitioner, usePractitionerChanged } from '../api/practitioners.ts';
import type { Practitioner } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { inactiveReasons } from '../words/practitioners.ts';

type Reason = NonNullable<Practitioner['inactiveReason']>;

/** Takes a practitioner out of use, and back into it. */
export function PractitionerEnd({ practitioner }: { practitioner: Practitioner }) {
  const { i18n, t } = useLingui();
  const changed = usePractitionerChanged();
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState<Reason>('left-practice');
  const changing = useMutation({
    mutationFn: (active: boolean) =>
      active ? changePractitioner(practitioner, { active }) : endPractitioner(practitioner, reason),
    onSuccess: (saved) => {
      setAsking(false);
      changed(saved);
    },
    onError: () => changed(undefined, practitioner.id),
  });
  const words = practitioner.inactiveReason && inactiveReasons[practitioner.inactiveReason];
  if (!practitioner.active)
    return (
      <div className="grid gap-3">
        <p>
          <strong className="text-warn">
            <Trans>receives here no more</Trans>
          </strong>
          {words && `: ${i18n._(words)}`}
        </p>
        {changing.error && <Failure error={changing.error} />}
        <div>
          <Button onClick={() => changing.mutate(true)} isBusy={changing.isPending}>
            <Trans>They receive here again</Trans>
          </Button>
        </div>
      </div>
    );
  return (
    <div>
      <Button look="danger" onClick={() => setAsking(true)}>
        <Trans>They receive here no more</Trans>
      </Button>
      {isAsking && (
        <Dialog title={t`Take them out of use?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>
              Nothing new can be booked with them. What is booked stays: move or cancel it by an absence. They can be
              taken back.
            </Trans>
          </p>
          <ChoiceField label={t`Why?`} value={reason} onChange={(event) => setReason(event.target.value as Reason)}>
            {Object.entries(inactiveReasons).map(([code, said]) => (
              <option key={code} value={code}>
                {i18n._(said)}
              </option>
            ))}
          </ChoiceField>
          {changing.error && <Failure error={changing.error} />}
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => changing.mutate(false)} isBusy={changing.isPending}>
              <Trans>Take them out of use</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Leave it as it is</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
