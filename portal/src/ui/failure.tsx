import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { problemOf, Refused } from '../api/problem.ts';
import { noAnswer, wordsOf } from '../words/problem-words.ts';
import { Button } from './button.tsx';
import { useFieldWords } from './field-problems.ts';
import { toFirstProblem } from './incomplete.ts';
import { Notice } from './notice.tsx';

interface Props {
  error: unknown;
  /** What the button does; left out: there is nothing to try again. */
  onRetry?: () => void;
  retryLabel?: string;
  role?: 'alert' | 'status';
  /** The form says itself, at each field, what is wrong with it. */
  isSaidAtFields?: boolean;
}

/** What failed, what to do about it, and what to quote when asking for help. */
export function Failure({ error, onRetry, retryLabel, role = 'alert', isSaidAtFields = false }: Props) {
  const { i18n } = useLingui();
  const inWords = useFieldWords();
  const problem = problemOf(error);
  const words = problem ? wordsOf(problem) : noAnswer;
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isSaidAtFields && error) toFirstProblem(shown.current?.closest('form'));
  }, [isSaidAtFields, error]);
  const seconds = useCountdown(error instanceof Refused ? error.retryAfterSeconds : undefined);
  return (
    <Notice look="bad" role={role} title={i18n._(words.title)} ref={shown}>
      <p>{i18n._(words.advice)}</p>
      {problem && problem.fields.length > 0 && !isSaidAtFields && (
        <ul className="list-disc pl-5">
          {problem.fields.map((field) => (
            <li key={field.path + field.message}>
              {field.path}: {inWords(field)}
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <p className="text-sm text-quiet">
          <Trans>
            Code <code className="select-all">{problem.code}</code>, request{' '}
            <code className="select-all">{problem.requestId || '–'}</code>
          </Trans>
        </p>
      )}
      {!onRetry && seconds > 0 && (
        <p className="tabular-nums">
          <Trans>You can go on in {seconds} s.</Trans>
        </p>
      )}
      {onRetry && (
        <div>
          <Button size="desk" onClick={onRetry} disabled={seconds > 0}>
            {seconds > 0 ? <Trans>Try again in {seconds} s</Trans> : (retryLabel ?? <Trans>Try again</Trans>)}
          </Button>
        </div>
      )}
    </Notice>
  );
}

/** Seconds that are left of those, downwards. */
function useCountdown(seconds = 0): number {
  const [until, setUntil] = useState(() => Date.now() + seconds * 1_000);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const begun = Date.now();
    setNow(begun);
    setUntil(begun + seconds * 1_000);
  }, [seconds]);
  const left = Math.max(0, Math.ceil((until - now) / 1_000));
  const isRunning = left > 0;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return left;
}
