import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useLayoutEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { type Delayed, dismiss, undo, useDelayed } from './delayed.ts';

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && /INPUT|TEXTAREA|SELECT/.test(target.tagName);

/** What is about to happen and can be taken back, at the foot of every page. One key is enough: it is a long way there by Tab. */
export function UndoBar() {
  const { waiting, failed } = useDelayed();
  const { t } = useLingui();
  const last = waiting.at(-1)?.id;
  // As soon as the bar is there: who sees it may press at once.
  useLayoutEffect(() => {
    if (!last) return;
    const takeBack = (event: KeyboardEvent) => {
      // In a field it takes back what was typed there.
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping(event)) return;
      event.preventDefault();
      undo(last);
    };
    addEventListener('keydown', takeBack);
    return () => removeEventListener('keydown', takeBack);
  }, [last]);
  return (
    <section
      aria-label={t`What is about to happen`}
      className="sticky bottom-0 z-10 mx-auto grid w-full max-w-4xl gap-2 p-4 empty:hidden"
    >
      {waiting.map((each) => (
        <Waiting key={each.id} act={each} isLast={each.id === last} />
      ))}
      {failed.map(({ id, error, again }) => (
        <div key={id} className="grid gap-2">
          <Failure error={error} onRetry={again} />
          <Button size="desk" look="quiet" onClick={() => dismiss(id)}>
            <Trans>Leave it as it is</Trans>
          </Button>
        </div>
      ))}
    </section>
  );
}

/** What has been asked for and waits until somebody has signed in again. */
export function Unsent() {
  const { waiting, underWay } = useDelayed();
  const unsent = [...waiting, ...underWay];
  if (unsent.length === 0) return null;
  return (
    <div>
      <p>
        <Trans>This waits until you have signed in, and does not happen if you leave:</Trans>
      </p>
      <ul className="list-disc pl-5">
        {unsent.map(({ id, says }) => (
          <li key={id}>{says}</li>
        ))}
      </ul>
    </div>
  );
}

function Waiting({ act, isLast }: { act: Delayed; isLast: boolean }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((act.until - now) / 1_000));
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-card bg-ink p-3 pl-4 text-paper shadow-raised">
      <p role="status">{act.says}</p>
      <div className="flex items-center gap-3">
        <span aria-hidden="true" className="tabular-nums">
          {seconds} s
        </span>
        <Button size="desk" aria-keyshortcuts={isLast ? 'Control+Z' : undefined} onClick={() => undo(act.id)}>
          <Trans>Undo</Trans>
        </Button>
      </div>
    </div>
  );
}
