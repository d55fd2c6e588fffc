import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { setMessageTemplate, useMessagesChanged } from '../api/messages.ts';
import { problemOf } from '../api/problem.ts';
import type { MessageTemplateDetails, MessageTemplateText } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { LongTextField, TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { TemplateCompared } from '../ui/template-compared.tsx';
import { TemplateVariables } from '../ui/template-variables.tsx';
import { templateProblems } from '../words/messages.ts';

interface Props {
  template: MessageTemplateDetails;
  /** Shows a text with sample data; nothing: what is in force. */
  onTryOut: (text: MessageTemplateText | undefined) => void;
}

/** Sets what a message says; in what it differs from what is in force stands beside it before it is saved. */
export function MessageTemplateSet({ template, onTryOut }: Props) {
  const { i18n, t } = useLingui();
  const changed = useMessagesChanged('template');
  const { name, language, subject, text, short } = template;
  const stored = useMemo(() => ({ subject, text, short }), [subject, text, short]);
  const draft = useDraft<MessageTemplateText>(`message-template-set/${name}/${language}`, stored);
  const { values, isDirty, set } = draft;
  useLeaveQuestion(isDirty);
  const saving = useMutation({
    mutationFn: () => setMessageTemplate(template, values),
    onSuccess: async () => {
      await changed();
      draft.clear();
      onTryOut(undefined);
    },
    // Somebody set another meanwhile: it is read, and what was typed stays.
    onError: () => changed(),
  });
  const problemAt = (part: keyof MessageTemplateText): string | undefined => {
    if (values[part].trim() === '') return t`This is needed.`;
    const problem = problemOf(saving.error)?.fields.find(({ path }) => path === part);
    const words = problem && templateProblems[problem.code];
    return words ? i18n._(words) : problem?.message;
  };
  const isWhole = [values.subject, values.text, values.short].every((each) => each.trim() !== '');
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !saving.isPending) saving.mutate();
      }}
    >
      <TextField
        isNeeded
        label={t`Subject`}
        lang={language}
        maxLength={150}
        value={values.subject}
        problem={problemAt('subject')}
        onChange={(event) => set({ subject: event.target.value })}
      />
      <LongTextField
        isNeeded
        label={t`Text of the mail`}
        lang={language}
        rows={10}
        maxLength={5_000}
        value={values.text}
        problem={problemAt('text')}
        onChange={(event) => set({ text: event.target.value })}
      />
      <LongTextField
        isNeeded
        label={t`Short text, for SMS and push`}
        lang={language}
        rows={3}
        maxLength={400}
        value={values.short}
        problem={problemAt('short')}
        onChange={(event) => set({ short: event.target.value })}
      />
      <details>
        <summary className="cursor-pointer text-accent">
          <Trans>What may be named in it</Trans>
        </summary>
        <div className="pt-2">
          <TemplateVariables of={template.variables} />
        </div>
      </details>
      {isDirty && isWhole && (
        <Notice title={t`Not saved yet`}>
          <TemplateCompared before={stored} after={values} />
        </Notice>
      )}
      {saving.error && <Failure error={saving.error} isSaidAtFields={isSaidAtParts(saving.error)} />}
      {saving.isSuccess && !isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" disabled={!isDirty} isBusy={saving.isPending}>
          <Trans>Save</Trans>
        </Button>
        <Button disabled={!isWhole} onClick={() => onTryOut(isDirty ? values : undefined)}>
          <Trans>Show it with sample data</Trans>
        </Button>
        {isDirty && (
          <Button
            look="quiet"
            onClick={() => {
              draft.clear();
              onTryOut(undefined);
            }}
          >
            <Trans>Take back what I typed</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}

/** Whether each thing that was refused has a field of the form to stand at. */
const isSaidAtParts = (error: unknown): boolean =>
  problemOf(error)?.fields.every(({ path }) => ['subject', 'text', 'short'].includes(path)) ?? false;
