import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLeaveQuestion } from '../session/drafts.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from './button.tsx';
import { Tick } from './tick.tsx';

interface Props {
  /** For whom it is. */
  title: ReactNode;
  /** Of the page of the portal that takes it. */
  path: '/invitation' | '/password';
  code: string;
  expiresAt: string;
  onDone: () => void;
}

/** A code to be handed over on paper, shown this once: it goes when whoever made it says that they have printed it or written it down. */
export function CodeShown({ title, path, code, expiresAt, onDone }: Props) {
  const { i18n } = useLingui();
  const heading = useRef<HTMLHeadingElement>(null);
  const [isKept, setKept] = useState(false);
  useLeaveQuestion(!isKept);
  useEffect(() => heading.current?.focus(), []);
  const address = location.origin + path;
  const until = formatIn(i18n.locale, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(expiresAt));
  return (
    <section aria-labelledby="code" className="grid gap-3 rounded-card border-2 border-warn bg-warn-paper p-4">
      <h2 id="code" ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>
        <Trans>
          Go to <strong>{address}</strong>, type this code there, and choose a password:
        </Trans>
      </p>
      <p className="select-all font-mono text-2xl">{code}</p>
      <p>
        <Trans>It is good once, until {until}.</Trans>
      </p>
      <div className="unprinted grid gap-3">
        <p className="font-semibold">
          <Trans>It is shown this once. Hand it to nobody else: whoever has it signs in as them.</Trans>
        </p>
        <div>
          <Button size="desk" onClick={() => print()}>
            <Trans>Print</Trans>
          </Button>
        </div>
        <Tick is={isKept} onChange={setKept}>
          <Trans>I have printed it or written it down</Trans>
        </Tick>
        <div>
          <Button look="main" disabled={!isKept} onClick={onDone}>
            <Trans>Done</Trans>
          </Button>
        </div>
      </div>
    </section>
  );
}
