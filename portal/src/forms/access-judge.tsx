import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useDraft } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';

export interface Verdict {
  finding: 'justified' | 'not-justified';
  words: string;
}

const nothing = { words: '' };
const wordsMin = 10;

interface Props {
  /** Of which access: each has a draft of its own. */
  draft: string;
  send: (verdict: Verdict) => Promise<unknown>;
  onJudged: () => unknown;
}

/** Says whether it was justified that somebody looked, and why. */
export function AccessJudge({ draft, send, onJudged }: Props) {
  const { t } = useLingui();
  const { values, set, clear } = useDraft(draft, nothing);
  const words = values.words.trim();
  const judging = useMutation({
    mutationFn: (finding: Verdict['finding']) => send({ finding, words }),
    onSuccess: () => {
      clear();
      void onJudged();
    },
  });
  const isShort = words.length < wordsMin;
  return (
    <div className="grid gap-3">
      <TextField
        label={t`What you found`}
        hint={t`${wordsMin} characters at least`}
        value={values.words}
        maxLength={500}
        onChange={(event) => set({ words: event.target.value })}
      />
      {judging.error && <Failure error={judging.error} />}
      <div className="flex flex-wrap gap-2">
        <Button size="desk" disabled={isShort} isBusy={judging.isPending} onClick={() => judging.mutate('justified')}>
          <Trans>It was justified</Trans>
        </Button>
        <Button
          size="desk"
          look="danger"
          disabled={isShort}
          isBusy={judging.isPending}
          onClick={() => judging.mutate('not-justified')}
        >
          <Trans>It was not justified</Trans>
        </Button>
      </div>
    </div>
  );
}
