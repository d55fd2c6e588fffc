import { Trans, useLingui } from '@lingui/react/macro';
import { unpairDevice, useDevicesChanged } from '../api/readings.ts';
import type { Device } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';

/** Takes a device from a patient, ten seconds later, unless that is undone. What it measured stays. */
export function DeviceUnpair({ device }: { device: Device }) {
  const { t } = useLingui();
  const changed = useDevicesChanged(device.patientId);
  const id = `device-unpair/${device.id}`;
  const isEnding = useDelayed().waiting.some((each) => each.id === id);
  const { name } = device;
  return (
    <Button
      size="desk"
      look="danger"
      disabled={isEnding}
      aria-label={t`Unpair it: ${name}`}
      onClick={() =>
        doUnlessUndone(id, t`“${name}” will send nothing more; what it measured stays.`, async () => {
          await unpairDevice(device.id);
          await changed();
        })
      }
    >
      <Trans>Unpair it</Trans>
    </Button>
  );
}
