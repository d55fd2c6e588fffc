import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import { recordKey } from '../api/records.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { LongTextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';

const nothing = { text: '' };

/** Writes a note. What is typed is kept with every key, in this tab until its author signs out. */
export function NoteAdd({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const intent = useIntent();
  const draft = useDraft(`note-add/${patientId}`, nothing);
  const text = draft.values.text.trim();
  useLeaveQuestion(text !== '');
  const adding = useMutation({
    mutationFn: () => {
      const body = { text };
      const path = { patientId };
      return intent({ ...path, ...body }, (header) =>
        told(api.POST('/api/records/{patientId}/notes', { body, params: { path, header } })),
      );
    },
    onSuccess: () => {
      draft.clear();
      void client.invalidateQueries({ queryKey: recordKey(patientId) });
    },
  });
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (text !== '' && !adding.isPending) adding.mutate();
      }}
    >
      <LongTextField
        label={t`New note`}
        hint={draft.isDirty && text !== '' ? t`Kept here as a draft; not in the record yet.` : undefined}
        maxLength={20_000}
        value={draft.values.text}
        onChange={(event) => draft.set({ text: event.target.value })}
      />
      {adding.error && <Failure error={adding.error} />}
      {adding.isSuccess && text === '' && <Notice look="good" role="status" title={t`The note is in the record`} />}
      <div>
        <Button type="submit" look="main" disabled={text === ''} isBusy={adding.isPending}>
          <Trans>Put into the record</Trans>
        </Button>
      </div>
    </form>
  );
}
