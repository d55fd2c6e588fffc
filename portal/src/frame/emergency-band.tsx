import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { recordKey } from '../api/records.ts';
import { noteEmergency, useEmergency } from '../session/emergencies.ts';
import { usePerson } from '../session/use-session.ts';
import { clockOf, useSecondsLeft } from '../time/countdown.ts';
import { formatIn } from '../time/zone.ts';

/** On every page of a patient whose record is read by an emergency access, as long as that lasts. */
export function EmergencyBand({ patientId }: { patientId: string }) {
  const until = useEmergency(patientId);
  return until !== undefined && <Band patientId={patientId} until={until} />;
}

function Band({ patientId, until }: { patientId: string; until: number }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const { id } = usePerson();
  const left = useSecondsLeft(until);
  useEffect(() => {
    if (left > 0) return;
    noteEmergency(id, patientId);
    // What was read is not shown any longer, whether or not the record can be asked now.
    void client.resetQueries({ queryKey: recordKey(patientId) });
  }, [left, id, patientId, client]);
  if (left === 0) return null;
  const at = formatIn(i18n.locale, { timeStyle: 'short' }).format(until);
  return (
    <section aria-label={t`Emergency access`} className="-mx-4 -mt-2 mb-2 bg-alarm px-4 py-1 text-on-alarm">
      <div className="mx-auto flex max-w-4xl flex-wrap items-baseline gap-x-4">
        <p role="status" className="font-semibold">
          <Trans>You read this record by an emergency access, until {at}.</Trans>
        </p>
        {/* Not spoken each second. */}
        <p role="timer" className="font-semibold tabular-nums">
          <Trans>{clockOf(left)} left</Trans>
        </p>
        <p className="text-sm">
          <Trans>The patient is told, and it will be reviewed. Do not copy what you see.</Trans>
        </p>
      </div>
    </section>
  );
}
