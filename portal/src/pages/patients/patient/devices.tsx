import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useDevices } from '../../../api/readings.ts';
import type { Device } from '../../../api/types.ts';
import { DevicePair } from '../../../forms/device-pair.tsx';
import { DeviceTokenRenew } from '../../../forms/device-token-renew.tsx';
import { DeviceUnpair } from '../../../forms/device-unpair.tsx';
import { useHat } from '../../../session/hat.ts';
import { usePerson } from '../../../session/use-session.ts';
import { momentAt, ownZone } from '../../../time/zone.ts';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { NotEmergency } from '../../../watch/not-emergency.tsx';

/** What measures at home: for the patient, who acts for them, who treats them, and the desk, which sees no reading. */
export function Devices() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/devices' });
  const hat = useHat(usePerson());
  const devices = useDevices(patientId);
  const readings = hat !== 'secretary' && (
    <Link to="/patients/$patientId/readings" params={{ patientId }}>
      <Trans>What they measure</Trans>
    </Link>
  );
  return (
    <Page title={hat === 'patient' ? t`My devices` : t`Devices`} beside={readings}>
      <NotEmergency />
      <Remote
        of={devices}
        label={t`devices`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>No device is paired yet.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-2">
            {items.map((each) => (
              <li key={each.id}>
                <Line device={each} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
      <DevicePair patientId={patientId} />
    </Page>
  );
}

function Line({ device }: { device: Device }) {
  const { i18n } = useLingui();
  const at = (instant: string) => momentAt(instant, ownZone(), i18n.locale);
  const { name, manufacturer, model, certainty, pairedAt, seenAt, unpairedAt } = device;
  const what = [manufacturer, model].filter(Boolean).join(' ');
  return (
    <Card className="flex flex-wrap items-center gap-3">
      <div className="min-w-60 flex-1">
        <p className="font-semibold">{name}</p>
        {what && <p>{what}</p>}
        <p className="text-sm text-quiet">
          {unpairedAt ? (
            <Trans>
              paired from {at(pairedAt)} to {at(unpairedAt)}
            </Trans>
          ) : (
            <Trans>paired since {at(pairedAt)}</Trans>
          )}
          {' · '}
          {seenAt ? <Trans>last sent something at {at(seenAt)}</Trans> : <Trans>has sent nothing yet</Trans>}
        </p>
        {certainty === 'doubtful' && (
          <p className="text-sm font-semibold text-warn">
            <Trans>Somebody else uses it too: its readings are shown as doubtful, and ring nobody.</Trans>
          </p>
        )}
      </div>
      {!unpairedAt && (
        <>
          <DeviceTokenRenew device={device} />
          <DeviceUnpair device={device} />
        </>
      )}
    </Card>
  );
}
