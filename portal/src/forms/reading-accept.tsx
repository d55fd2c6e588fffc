import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useIntent } from '../api/intent.ts';
import { acceptReading } from '../api/readings.ts';
import { useRecordChanged } from '../api/record-entries.ts';
import type { CurvePoint } from '../api/types.ts';
import { amountOf, isDoubtful } from '../curve/plot.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { momentAt, ownZone } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DraftKept } from '../ui/draft-kept.tsx';
import { Failure } from '../ui/failure.tsx';
import { LongTextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { valueShown } from '../words/measures.ts';
import { useMeasureName } from '../words/use-measure-name.ts';

interface Props {
  patientId: string;
  code: string;
  unit: string;
  point: CurvePoint & { id: string };
}

/** A practitioner takes a reading over into the record. One that was taken over already stays as it is. */
export function ReadingAccept(props: Props) {
  const { i18n, t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const [isDone, setDone] = useState(false);
  const { at } = props.point;
  const when = momentAt(at, ownZone(), i18n.locale);
  if (isDone)
    return (
      <span role="status" className="text-sm text-good">
        <Trans>in the record</Trans>
      </span>
    );
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`Put into the record: ${when}`}>
        <Trans>Put into the record</Trans>
      </Button>
      {isOpen && <Accept {...props} onClose={() => setOpen(false)} onDone={() => setDone(true)} />}
    </>
  );
}

const nothing = { note: '' };

function Accept({
  patientId,
  code,
  unit,
  point,
  onClose,
  onDone,
}: Props & { onClose: () => void; onDone: () => void }) {
  const { i18n, t } = useLingui();
  const changed = useRecordChanged(patientId);
  const intent = useIntent();
  const draft = useDraft(`reading-accept/${point.id}`, nothing);
  useLeaveQuestion(draft.isDirty);
  const note = draft.values.note.trim();
  const accepting = useMutation({
    mutationFn: () => {
      const body = { code, effectiveAt: point.at, readingId: point.id, ...(note && { note }) };
      return intent(body, (header) => acceptReading(patientId, body, header));
    },
    onSuccess: () => {
      draft.clear();
      changed();
      onDone();
      onClose();
    },
  });
  const name = useMeasureName()(code);
  const value = amountOf(point);
  return (
    <Dialog title={t`Put this reading into the record`} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!accepting.isPending) accepting.mutate();
        }}
      >
        <p>
          <strong>
            {name}: {value !== undefined && valueShown(value, unit, i18n.locale)}
          </strong>
          <span className="block">{momentAt(point.at, ownZone(), i18n.locale)}</span>
        </p>
        {isDoubtful(point) && (
          <Notice look="warn">
            <p>
              <Trans>It is doubtful whose it is, or whether it can be. The entry will say so.</Trans>
            </p>
          </Notice>
        )}
        <LongTextField
          data-first
          label={t`Note on it`}
          hint={t`Left empty: the reading alone`}
          value={draft.values.note}
          maxLength={2_000}
          onChange={(event) => draft.set({ note: event.target.value })}
        />
        <DraftKept of={draft} />
        {accepting.error && <Failure error={accepting.error} />}
        <div>
          <Button type="submit" look="main" isBusy={accepting.isPending}>
            <Trans>Put into the record</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
