import { Trans } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import type { PairedDevice } from '../api/types.ts';
import { useLeaveQuestion } from '../session/drafts.ts';
import { Button } from './button.tsx';
import { Tick } from './tick.tsx';

/** The code of a device, shown this once: it goes when whoever paired it says that the device has it. */
export function DeviceToken({ device, onDone }: { device: PairedDevice; onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [isKept, setKept] = useState(false);
  useLeaveQuestion(!isKept);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section aria-labelledby="device-token" className="grid gap-3 rounded-card border-2 border-warn bg-warn-paper p-4">
      <h2 id="device-token" ref={heading} tabIndex={-1}>
        <Trans>The code of “{device.name}”</Trans>
      </h2>
      <p>
        <Trans>Give it to the device or its app: with it, and it alone, readings are sent in the patient’s name.</Trans>
      </p>
      <p className="select-all font-mono break-all">{device.token}</p>
      <p className="font-semibold">
        <Trans>It is shown this once. Whoever has it can send readings. If it is lost, ask for another one.</Trans>
      </p>
      <Tick is={isKept} onChange={setKept}>
        <Trans>The device has it now</Trans>
      </Tick>
      <div>
        <Button look="main" disabled={!isKept} onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </div>
    </section>
  );
}
