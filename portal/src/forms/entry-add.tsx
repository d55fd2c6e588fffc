import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { type ComponentType, useState } from 'react';
import { useIntent } from '../api/intent.ts';
import { useRecordChanged } from '../api/record-entries.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DraftKept } from '../ui/draft-kept.tsx';
import { Failure } from '../ui/failure.tsx';
import { type Filled, useProblems } from './entry-fields.ts';

interface Props<V extends object> {
  patientId: string;
  title: string;
  /** Names the draft. */
  form: string;
  nothing: V;
  /** Places that have a field. */
  places: readonly string[];
  /** Places that are needed and empty. */
  lacksOf: (values: V) => string[];
  /** The same at each drawing: made anew, it would lose the focus. */
  Fields: ComponentType<Filled<V>>;
  add: (values: V, header: { 'Idempotency-Key': string }) => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
}

/** Puts an entry into a record. What is typed is a draft, and what is sent twice is there once. */
export function EntryAdd<V extends object>(props: Props<V>) {
  const { patientId, title, form, nothing, places, lacksOf, Fields, add, onDone, onClose } = props;
  const changed = useRecordChanged(patientId);
  const intent = useIntent();
  const draft = useDraft(form, nothing);
  const [isTried, setTried] = useState(false);
  const lacks = lacksOf(draft.values);
  useLeaveQuestion(draft.isDirty);
  const adding = useMutation({
    mutationFn: () => intent([form, draft.values], (header) => add(draft.values, header)),
    onSuccess: () => {
      draft.clear();
      changed();
      onDone();
      onClose();
    },
  });
  const { problemAt, isSaidAtFields } = useProblems(adding.error, { lacks: isTried ? lacks : [], places });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (lacks.length === 0 && !adding.isPending) adding.mutate();
        }}
      >
        <Fields values={draft.values} set={draft.set} problemAt={problemAt} />
        <DraftKept of={draft} />
        {adding.error && <Failure error={adding.error} isSaidAtFields={isSaidAtFields} />}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" isBusy={adding.isPending}>
            <Trans>Put into the record</Trans>
          </Button>
          {draft.isDirty && (
            <Button look="quiet" onClick={draft.clear}>
              <Trans>Take back what I typed</Trans>
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
