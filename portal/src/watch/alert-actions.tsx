import type { Alert } from '../api/types.ts';
import { AlertAcknowledge } from '../forms/alert-acknowledge.tsx';
import { AlertHandOver } from '../forms/alert-hand-over.tsx';
import { AlertSnooze } from '../forms/alert-snooze.tsx';

interface Props {
  alert: Alert;
  /** Names it, for those who hear the page. */
  name: string;
  snoozeMinutesMax?: number;
}

/** What can be done about an alert: nothing about one that is over, or that rang nobody. */
export function AlertActions({ alert, name, snoozeMinutesMax }: Props) {
  if (!alert.isActive) return null;
  const isOver = alert.clearedAt !== undefined;
  return (
    <div className="flex flex-wrap gap-2">
      {!alert.acknowledgedAt && <AlertAcknowledge alert={alert} name={name} />}
      {!alert.acknowledgedAt && !isOver && <AlertSnooze alert={alert} name={name} minutesMax={snoozeMinutesMax} />}
      <AlertHandOver alert={alert} name={name} />
    </div>
  );
}
