import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { problemOf } from '../api/problem.ts';
import { amendNote, recordKey } from '../api/records.ts';
import type { Note } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DraftKept } from '../ui/draft-kept.tsx';
import { Failure } from '../ui/failure.tsx';
import { LongTextField, TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextCompared } from '../ui/text-compared.tsx';

interface Props {
  patientId: string;
  note: Note;
  onClose: () => void;
}

/**
 * Changes what a note says, or takes it out as entered in error, and says why; what it said before stays readable. What is
 * typed is a draft. When somebody else has amended it meanwhile, both stand side by side and nothing is overwritten.
 */
export function NoteAmend({ patientId, note, onClose }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const stored = useMemo(() => ({ text: note.text, reason: '' }), [note.text]);
  const draft = useDraft(`note-amend/${note.id}`, stored);
  const { values } = draft;
  useLeaveQuestion(draft.isDirty);
  const amending = useMutation({
    mutationFn: (status: Note['status']) =>
      amendNote(patientId, note, { text: values.text.trim(), amendmentReason: values.reason.trim(), status }),
    onSuccess: () => {
      draft.clear();
      void client.invalidateQueries({ queryKey: recordKey(patientId) });
      onClose();
    },
    onError: (error) => {
      if (problemOf(error)?.status === 412) void client.invalidateQueries({ queryKey: recordKey(patientId) });
    },
  });
  const isSaid = values.reason.trim() !== '' && values.text.trim() !== '';
  const isChanged = values.text.trim() !== note.text.trim();
  const isOvertaken = problemOf(amending.error)?.status === 412;
  const amend = (status: Note['status']) => {
    if (isSaid && !amending.isPending) amending.mutate(status);
  };
  return (
    <Dialog title={t`Amend this note`} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged) amend('current');
        }}
      >
        <LongTextField
          data-first
          rows={8}
          label={t`What it is to say`}
          maxLength={20_000}
          value={values.text}
          onChange={(event) => draft.set({ text: event.target.value })}
        />
        <TextField
          label={t`Why it is amended`}
          hint={t`It stays readable what it said before, and why it was changed.`}
          maxLength={500}
          value={values.reason}
          onChange={(event) => draft.set({ reason: event.target.value })}
        />
        {isChanged && !isOvertaken && (
          <section className="grid gap-1 rounded-field border border-line p-3" aria-labelledby={`${note.id}-changes`}>
            <h3 id={`${note.id}-changes`} className="font-semibold">
              <Trans>What changes</Trans>
            </h3>
            <TextCompared before={note.text} after={values.text} />
          </section>
        )}
        <DraftKept of={draft} />
        {amending.error && <Failure error={amending.error} />}
        {isOvertaken && (
          <Notice look="warn" title={t`It says now:`}>
            <p className="whitespace-pre-wrap">{note.text}</p>
          </Notice>
        )}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" disabled={!isSaid || !isChanged} isBusy={amending.isPending}>
            <Trans>Amend</Trans>
          </Button>
          <Button look="danger" disabled={!isSaid} onClick={() => amend('entered-in-error')}>
            <Trans>It was entered in error</Trans>
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
