import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Tick } from '../ui/tick.tsx';

/** Recovery codes, shown this once: they go when their owner says that they have them. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useLingui();
  const heading = useRef<HTMLHeadingElement>(null);
  const [isKept, setKept] = useState(false);
  const [isCopied, setCopied] = useState(false);
  useLeaveQuestion(true);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section aria-labelledby="recovery" className="grid gap-3 rounded-card border-2 border-warn bg-warn-paper p-4">
      <h3 id="recovery" ref={heading} tabIndex={-1} className="font-semibold outline-none">
        <Trans>Keep these recovery codes; they are shown this once</Trans>
      </h3>
      <p>
        <Trans>Each is good once in the place of a code of the app, when you have lost your telephone.</Trans>
      </p>
      <ul className="grid gap-1 font-mono text-lg tablet:grid-cols-2">
        {codes.map((code) => (
          <li key={code} className="select-all">
            {code}
          </li>
        ))}
      </ul>
      <div className="unprinted flex flex-wrap items-center gap-3">
        <Button size="desk" onClick={() => print()}>
          <Trans>Print</Trans>
        </Button>
        <Button
          size="desk"
          onClick={() =>
            navigator.clipboard.writeText(codes.join('\n')).then(
              () => setCopied(true),
              () => setCopied(false),
            )
          }
        >
          <Trans>Copy</Trans>
        </Button>
        <span role="status" className="text-sm">
          {isCopied && t`Copied`}
        </span>
      </div>
      <Tick is={isKept} onChange={setKept} className="unprinted">
        <Trans>I have written them down or printed them</Trans>
      </Tick>
      <div className="unprinted">
        <Button look="main" disabled={!isKept} onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </div>
    </section>
  );
}
