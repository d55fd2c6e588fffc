import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import { recordKey } from '../api/records.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { DraftKept } from '../ui/draft-kept.tsx';
import { Failure } from '../ui/failure.tsx';
import { LongTextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';

const nothing = { text: '' };

/** Writes a note. What is typed is kept with every key, in this tab until its author signs out, and says since when. */
export function NoteAdd({ patientId }: { patientId: string }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const intent = useIntent();
  const draft = useDraft(`note-add/${patientId}`, nothing);
  const [begunAt] = useState(draft.keptAt);
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
  const at = formatIn(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
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
        hint={
          begunAt && text !== '' && !adding.isSuccess
            ? t`You began it at ${at.format(begunAt)}: go on here.`
            : undefined
        }
        rows={6}
        maxLength={20_000}
        value={draft.values.text}
        onChange={(event) => draft.set({ text: event.target.value })}
      />
      {text !== '' && <DraftKept of={draft} />}
      {adding.error && <Failure error={adding.error} />}
      {adding.isSuccess && text === '' && <Notice look="good" role="status" title={t`The note is in the record`} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" disabled={text === ''} isBusy={adding.isPending}>
          <Trans>Put into the record</Trans>
        </Button>
        {text !== '' && (
          <Button look="quiet" onClick={draft.clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
