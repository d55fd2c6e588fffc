import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { keptNowhere } from '../api/calendars.ts';
import type { WebhookWithSecret } from '../api/types.ts';
import { useLeaveQuestion } from '../session/drafts.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import { Tick } from './tick.tsx';

interface Props {
  webhook: WebhookWithSecret;
  onDone: () => void;
}

/** What a receiver verifies by, just made. A secret is shown this once, and goes when whoever made it says that they have kept it. */
export function WebhookKeyShown({ webhook: { name, secret, publicKey }, onDone }: Props) {
  const { t } = useLingui();
  const heading = useRef<HTMLHeadingElement>(null);
  const [isKept, setKept] = useState(false);
  useLeaveQuestion(secret !== undefined && !isKept);
  useEffect(() => heading.current?.focus(), []);
  const key = secret ?? publicKey ?? '';
  const copying = useMutation({ ...keptNowhere, mutationFn: () => navigator.clipboard.writeText(key) });
  return (
    <section aria-labelledby="webhook-key" className="grid gap-3 rounded-card border-2 border-warn bg-warn-paper p-4">
      <h2 id="webhook-key" ref={heading} tabIndex={-1}>
        {secret ? <Trans>The secret of {name}</Trans> : <Trans>The public key of {name}</Trans>}
      </h2>
      <p>
        <Trans>
          Enter it at the program that is told: by it, it knows that what it is told is from this practice (Standard
          Webhooks).
        </Trans>
      </p>
      <TextField
        label={secret ? t`Secret` : t`Public key`}
        readOnly
        value={key}
        onFocus={(event) => event.target.select()}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button size="desk" onClick={() => copying.mutate()}>
          <Trans>Copy it</Trans>
        </Button>
        <span role="status" className="text-sm">
          {copying.isSuccess && <Trans>Copied</Trans>}
          {copying.isError && <Trans>The browser does not let it be copied; select it and copy it yourself.</Trans>}
        </span>
      </div>
      {secret && (
        <>
          <p className="font-semibold">
            <Trans>It is shown this once. Whoever has it can pretend to be this practice there.</Trans>
          </p>
          <Tick is={isKept} onChange={setKept}>
            <Trans>I have entered it there, or kept it</Trans>
          </Tick>
        </>
      )}
      <div>
        <Button look="main" disabled={secret !== undefined && !isKept} onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </div>
    </section>
  );
}
