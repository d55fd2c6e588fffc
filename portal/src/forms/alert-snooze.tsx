import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { snooze, useAlertChanged } from '../api/alerts.ts';
import { useIntent } from '../api/intent.ts';
import type { Alert } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { lengthInWords } from '../time/lengths.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';

interface Props {
  alert: Alert;
  name: string;
  /** What its rule allows; left out: not known. */
  minutesMax?: number;
}

const offered = [10, 15, 30, 60, 120, 240, 480];

/** Lengths that a rule allows, its longest among them. */
export const lengthsUpTo = (minutesMax: number): number[] => [
  ...offered.filter((minutes) => minutes < minutesMax).slice(-3),
  minutesMax,
];

/** Lets an alert be quiet for a while; then its steps begin anew. */
export function AlertSnooze({ alert, name, minutesMax = 30 }: Props) {
  const { i18n, t } = useLingui();
  const changed = useAlertChanged();
  const intent = useIntent();
  const lengths = lengthsUpTo(minutesMax);
  const draft = useDraft(`alert-snooze/${alert.id}`, { minutes: lengths[0] as number });
  const [isOpen, setOpen] = useState(false);
  const { minutes } = draft.values;
  const snoozing = useMutation({
    mutationFn: () => intent([alert.id, minutes], (header) => snooze(alert.id, minutes, header)),
    onSuccess: (answered) => {
      draft.clear();
      changed(answered);
      setOpen(false);
    },
    onError: () => changed(undefined, alert.id),
  });
  const close = () => {
    setOpen(false);
    snoozing.reset();
  };
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`Later: ${name}`}>
        <Trans>Later</Trans>
      </Button>
      {isOpen && (
        <Dialog title={t`Let it be quiet for a while`} onClose={close}>
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              if (!snoozing.isPending) snoozing.mutate();
            }}
          >
            <p>
              <Trans>
                This alert alone is quiet, for everybody; then it calls anew from its first step. Other alerts of the
                patient ring all the same, and what is more urgent breaks through.
              </Trans>
            </p>
            <Choices
              isOne
              isRow
              legend={<Trans>For how long?</Trans>}
              options={lengths.map((each) => ({ value: String(each), label: lengthInWords(each, i18n.locale) }))}
              chosen={[String(minutes)]}
              onChange={([next]) => draft.set({ minutes: Number(next) })}
            />
            {snoozing.error && <Failure error={snoozing.error} />}
            <div>
              <Button type="submit" look="main" isBusy={snoozing.isPending}>
                <Trans>Let it be quiet</Trans>
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
