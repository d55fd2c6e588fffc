import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { setMessageWishes, useMessagesChanged } from '../api/messages.ts';
import type { MessageChannel, MessageTopic, MessageWishes, MessageWishesRequest } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { chosenChannels, languageNames, messageChannels, messageTopicNames, messageTopics } from '../words/messages.ts';

/** By what each topic is wanted, and in which language; empty: that of the practice. */
type Wanted = Record<MessageTopic, MessageChannel[]> & { language: MessageWishes['language'] | '' };

export const wantedOf = ({ language, unwanted }: MessageWishes): Wanted => {
  const wanted = (topic: MessageTopic) =>
    chosenChannels.filter((channel) => !unwanted.some((each) => each.topic === topic && each.channel === channel));
  return {
    appointments: wanted('appointments'),
    reminders: wanted('reminders'),
    messages: wanted('messages'),
    language: language ?? '',
  };
};

export const requestOf = ({ language, ...wanted }: Wanted): MessageWishesRequest => ({
  ...(language && { language }),
  unwanted: messageTopicNames.flatMap((topic) =>
    chosenChannels.filter((channel) => !wanted[topic].includes(channel)).map((channel) => ({ topic, channel })),
  ),
});

/** Sets by topic and channel which messages somebody wants; what is about their access reaches them whatever they want. */
export function MessageWishesSet({ wishes }: { wishes: MessageWishes }) {
  const { i18n, t } = useLingui();
  const changed = useMessagesChanged('wishes');
  const stored = useMemo(() => wantedOf(wishes), [wishes]);
  const draft = useDraft<Wanted>(`message-wishes-set/${wishes.patientId}`, stored);
  const { values } = draft;
  useLeaveQuestion(draft.isDirty);
  const saving = useMutation({
    mutationFn: () => setMessageWishes(wishes, requestOf(values)),
    onSuccess: async () => {
      await changed();
      draft.clear();
    },
    // Somebody said otherwise meanwhile: what they said is read, and what was chosen here stays.
    onError: () => changed(),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving.isPending) saving.mutate();
      }}
    >
      {messageTopicNames.map((topic) => (
        <Choices
          key={topic}
          isRow
          legend={i18n._(messageTopics[topic])}
          options={chosenChannels.map((value) => ({ value, label: i18n._(messageChannels[value]) }))}
          chosen={values[topic]}
          onChange={(chosen) => draft.set({ [topic]: chosen })}
        />
      ))}
      <ChoiceField
        label={t`Language of messages`}
        value={values.language}
        onChange={(event) => draft.set({ language: event.target.value as Wanted['language'] })}
      >
        <option value="">{t`That of the practice`}</option>
        {Object.entries(languageNames).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </ChoiceField>
      <p className="text-sm text-quiet">
        <Trans>Codes to sign in, and that a record was opened as an emergency, are told whatever is chosen here.</Trans>
      </p>
      {saving.error && <Failure error={saving.error} />}
      {saving.isSuccess && !draft.isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      <div>
        <Button type="submit" look="main" isBusy={saving.isPending}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}
