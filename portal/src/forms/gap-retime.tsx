import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { retimeGap, useGapTimings } from '../api/alert-rules.ts';
import type { AlertRule } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { lengthInWords } from '../time/lengths.ts';
import { momentAt, ownZone } from '../time/zone.ts';
import { AuthorName } from '../ui/author-name.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { LongTextField, TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Remote } from '../ui/remote.tsx';

interface Props {
  /** One that watches for missing readings. */
  rule: AlertRule;
  patientId: string;
}

const nothing = { minutes: '', reason: '' };
const [least, most, reasonMin] = [5, 43_200, 10];

/** Gives a patient another time in which a reading is missed: by name and with a reason, and never without end. */
export function GapRetime(props: Props) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const { title } = props.rule.document;
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`Another delay: ${title}`}>
        <Trans>Another delay</Trans>
      </Button>
      {isOpen && <Retime {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function Retime({ rule, patientId, onClose }: Props & { onClose: () => void }) {
  const { t } = useLingui();
  const { timings, changed } = useGapTimings(rule.id, patientId);
  const draft = useDraft(`gap-retime/${rule.id}/${patientId}`, nothing);
  useLeaveQuestion(draft.isDirty);
  const [isTried, setTried] = useState(false);
  const minutes = Number(draft.values.minutes);
  const reason = draft.values.reason.trim();
  const isFit = Number.isInteger(minutes) && minutes >= least && minutes <= most;
  const retiming = useMutation({
    mutationFn: () => retimeGap(rule.id, { patientId, minutes, reason }),
    onSuccess: () => {
      draft.clear();
      setTried(false);
    },
    onSettled: changed,
  });
  const refusedAt = useFieldProblems(retiming.error);
  return (
    <Dialog title={t`After which time is a reading missed?`} onClose={onClose}>
      <Before of={timings} />
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isFit && reason.length >= reasonMin && !retiming.isPending) retiming.mutate();
        }}
      >
        <TextField
          data-first
          inputMode="numeric"
          label={t`After so many minutes, for this patient`}
          isNeeded
          maxLength={5}
          value={draft.values.minutes}
          problem={isTried && !isFit ? t`Give a number from ${least} to ${most}.` : refusedAt('minutes')}
          onChange={(event) => draft.set({ minutes: event.target.value })}
        />
        <LongTextField
          label={t`Why for this patient`}
          hint={t`${reasonMin} characters at least. It is kept with your name.`}
          isNeeded
          maxLength={500}
          value={draft.values.reason}
          problem={isTried && reason.length < reasonMin ? t`This is needed.` : refusedAt('reason')}
          onChange={(event) => draft.set({ reason: event.target.value })}
        />
        {retiming.error && <Failure error={retiming.error} isSaidAtFields />}
        <div>
          <Button type="submit" look="main" isBusy={retiming.isPending}>
            <Trans>Set this time</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Who gave the patient which time, the latest first: the first is in force. */
function Before({ of }: { of: ReturnType<typeof useGapTimings>['timings'] }) {
  const { i18n, t } = useLingui();
  return (
    <Remote
      of={of}
      label={t`times of the patient`}
      isNone={({ items }) => items.length === 0}
      none={<Trans>That of the rule holds.</Trans>}
    >
      {({ items }) => (
        <ol className="grid gap-1 text-sm">
          {items.map(({ at, minutes, author, reason }) => (
            <li key={at}>
              <strong>{lengthInWords(minutes, i18n.locale)}</strong>
              {' · '}
              {momentAt(at, ownZone(), i18n.locale)}, <AuthorName id={author} />: {reason}
            </li>
          ))}
        </ol>
      )}
    </Remote>
  );
}
