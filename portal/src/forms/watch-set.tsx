import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { setWatch, useWatchChanged } from '../api/alert-watch.ts';
import type { WatchSettings, WatchSettingsRequest } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { Tick } from '../ui/tick.tsx';

type Engine = WatchSettings['engine'];

const numberIn = (typed: string, least: number, most: number): number | undefined => {
  const value = Number(typed.trim().replace(',', '.'));
  return typed.trim() !== '' && value >= least && value <= most ? value : undefined;
};

/** Turns the watch on or off for the whole practice, and says how it watches. */
export function WatchSet({ settings }: { settings: WatchSettings }) {
  const { t } = useLingui();
  const changed = useWatchChanged();
  const { isOn, engine, zone, alertsADay, blindAfterMinutes, firstOnAt } = settings;
  const stored = useMemo(
    () => ({ isOn, engine, zone, alertsADay: String(alertsADay), blindAfter: String(blindAfterMinutes) }),
    [isOn, engine, zone, alertsADay, blindAfterMinutes],
  );
  const draft = useDraft('watch-set', stored);
  const { values, set } = draft;
  useLeaveQuestion(draft.isDirty);
  const [isTried, setTried] = useState(false);
  const budget = numberIn(values.alertsADay, 0, 1_000);
  const blindAfter = numberIn(values.blindAfter, 1, 1_440);
  const isWhole = blindAfter !== undefined && Number.isInteger(blindAfter);
  const saving = useMutation({
    mutationFn: (body: WatchSettingsRequest) => setWatch(settings, body),
    onSuccess: (saved) => {
      draft.clear();
      setTried(false);
      changed(saved);
    },
    // Somebody changed it meanwhile: what it is now is read, and what was typed stays.
    onError: () => changed(),
  });
  const refusedAt = useFieldProblems(saving.error);
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (budget === undefined || blindAfter === undefined || !isWhole) return;
        if (values.zone.trim() === '' || saving.isPending) return;
        saving.mutate({
          ...{ isOn: values.isOn, engine: values.engine, zone: values.zone.trim() },
          ...{ alertsADay: budget, blindAfterMinutes: blindAfter },
        });
      }}
    >
      <Tick is={values.isOn} onChange={(is) => set({ isOn: is })}>
        <Trans>The practice watches over what is measured at home</Trans>
      </Tick>
      {values.isOn && !isOn && (
        <Notice look="warn">
          <p>
            <Trans>
              This is not a certified medical device and not emergency care. Tell patients that nobody looks all the
              time, and to call 15 in an emergency.
            </Trans>
          </p>
        </Notice>
      )}
      {!values.isOn && firstOnAt && (
        <Notice look="warn">
          <p>
            <Trans>Turned off, it still watches for missing readings: whoever counts on it is not forgotten.</Trans>
          </p>
        </Notice>
      )}
      <Choices
        isOne
        legend={<Trans>Which engine rings?</Trans>}
        hint={<Trans>A single value that rings, and missing readings, are always watched by the service.</Trans>}
        options={[
          { value: 'service' as Engine, label: <Trans>the service: at once</Trans> },
          {
            value: 'stream' as Engine,
            label: <Trans>the stream on Spark: for very many patients, some seconds later</Trans>,
          },
        ]}
        chosen={[values.engine]}
        onChange={([next = values.engine]) => set({ engine: next })}
      />
      <div className="grid items-end gap-4 tablet:grid-cols-2">
        <TextField
          inputMode="decimal"
          label={t`Alerts a day for one practitioner`}
          hint={t`A rule that would ring more often is turned on only with a signed reason.`}
          value={values.alertsADay}
          maxLength={6}
          problem={isTried && budget === undefined ? t`Give a number from 0 to 1000.` : refusedAt('alertsADay')}
          onChange={(event) => set({ alertsADay: event.target.value })}
        />
        <TextField
          inputMode="numeric"
          label={t`Blind after so many minutes without a reading of anybody`}
          value={values.blindAfter}
          maxLength={4}
          problem={isTried && !isWhole ? t`Give a whole number from 1 to 1440.` : refusedAt('blindAfterMinutes')}
          onChange={(event) => set({ blindAfter: event.target.value })}
        />
      </div>
      <TextField
        label={t`On which clock patients live`}
        hint={t`By its name, as Europe/Paris; a rule may name another.`}
        isNeeded
        autoComplete="off"
        value={values.zone}
        maxLength={60}
        problem={isTried && values.zone.trim() === '' ? t`This is needed.` : refusedAt('zone')}
        onChange={(event) => set({ zone: event.target.value })}
      />
      {saving.error && <Failure error={saving.error} isSaidAtFields />}
      {saving.isSuccess && !draft.isDirty && <Notice look="good" role="status" title={t`It is stored`} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" disabled={!draft.isDirty} isBusy={saving.isPending}>
          <Trans>Save</Trans>
        </Button>
        {draft.isDirty && (
          <Button look="quiet" onClick={draft.clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
