import { useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { answerQuestion, useQuestionsChanged } from '../api/alerts.ts';
import { useIntent } from '../api/intent.ts';
import type { QuestionAnswer as Answer, Question } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { answerNames, answersTo } from '../words/alerts.ts';

/** Says what readings are that rang nobody. They ring nobody whatever is answered. */
export function QuestionAnswer({ question, name }: { question: Question; name: string }) {
  const { i18n, t } = useLingui();
  const changed = useQuestionsChanged();
  const intent = useIntent();
  const answering = useMutation({
    mutationFn: (answer: Answer) =>
      intent([question.id, answer], (header) => answerQuestion(question.id, answer, header)),
    // A colleague may have answered meanwhile.
    onSettled: changed,
  });
  return (
    <div className="grid gap-2">
      {answering.error && <Failure error={answering.error} />}
      <div className="flex flex-wrap gap-2">
        {answersTo(question.doubt).map((answer) => (
          <Button
            key={answer}
            size="desk"
            isBusy={answering.isPending}
            onClick={() => answering.mutate(answer)}
            aria-label={t`${i18n._(answerNames[answer])}: ${name}`}
          >
            {i18n._(answerNames[answer])}
          </Button>
        ))}
      </div>
    </div>
  );
}
