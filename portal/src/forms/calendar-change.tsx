import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changeCalendar, useCalendarsChanged } from '../api/calendars.ts';
import type { Calendar } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { CalendarSettingsFields, type Settings } from './calendar-settings.tsx';

// What was changed alone: what somebody else changes meanwhile shows, and stays.
const nothing: Partial<Settings> = {};

/** Changes how a calendar is used. Somebody else's change in between is not overwritten, and what was typed stays. */
export function CalendarChange({ calendar, onClose }: { calendar: Calendar; onClose: () => void }) {
  const { t } = useLingui();
  const changed = useCalendarsChanged(calendar.practitionerId);
  const draft = useDraft<Partial<Settings>>(`calendar-change/${calendar.id}`, nothing);
  const settings = { ...calendar, ...draft.values };
  const [isTried, setTried] = useState(false);
  const isNamed = settings.name.trim() !== '';
  const saving = useMutation({
    mutationFn: () => changeCalendar(calendar, draft.values),
    onSuccess: () => {
      draft.clear();
      changed();
      onClose();
    },
    onError: changed,
  });
  return (
    <Dialog title={t`How “${calendar.name}” is used`} onClose={onClose}>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isNamed && !saving.isPending) saving.mutate();
        }}
      >
        <CalendarSettingsFields
          settings={settings}
          onChange={draft.set}
          nameProblem={isTried && !isNamed ? t`Give it a name.` : undefined}
          canWrite={calendar.kind !== 'ics'}
        />
        {saving.error && <Failure error={saving.error} />}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" isBusy={saving.isPending}>
            <Trans>Save</Trans>
          </Button>
          {draft.isDirty && (
            <Button look="quiet" onClick={draft.clear}>
              <Trans>Take back what I typed</Trans>
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
