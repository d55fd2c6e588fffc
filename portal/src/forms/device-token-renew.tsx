import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { keptNowhere } from '../api/calendars.ts';
import { Unreachable } from '../api/problem.ts';
import { pairAgain, useDevicesChanged } from '../api/readings.ts';
import type { Device } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { DeviceToken } from '../ui/device-token.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';

/** Gives a device another token, for one that was lost: that of before opens nothing any more. */
export function DeviceTokenRenew({ device }: { device: Device }) {
  const { t } = useLingui();
  const changed = useDevicesChanged(device.patientId);
  const [isOpen, setOpen] = useState(false);
  const renewing = useMutation({
    ...keptNowhere,
    mutationFn: () => pairAgain(device, device.certainty),
    onSettled: changed,
  });
  const { name } = device;
  const close = () => {
    setOpen(false);
    renewing.reset();
  };
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`Another code: ${name}`}>
        <Trans>Another code</Trans>
      </Button>
      {isOpen && (
        <Dialog title={t`Another code for “${name}”`} onClose={renewing.data ? undefined : close}>
          {renewing.data ? (
            <DeviceToken device={renewing.data} onDone={close} />
          ) : (
            <>
              <p>
                <Trans>The device sends nothing more until it has the new one: that of before is no longer good.</Trans>
              </p>
              {renewing.error instanceof Unreachable ? (
                <Notice look="bad" role="alert" title={t`No answer came`}>
                  <p>
                    <Trans>The code of before may be no longer good. Ask for another one once more.</Trans>
                  </p>
                </Notice>
              ) : (
                renewing.error && <Failure error={renewing.error} />
              )}
              <div className="flex flex-wrap gap-3">
                <Button look="main" isBusy={renewing.isPending} onClick={() => renewing.mutate()}>
                  <Trans>Make another code</Trans>
                </Button>
                <Button onClick={close}>
                  <Trans>Leave it as it is</Trans>
                </Button>
              </div>
            </>
          )}
        </Dialog>
      )}
    </>
  );
}
