import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { keptNowhere } from '../api/calendars.ts';
import { Unreachable } from '../api/problem.ts';
import { pairDevice, useDevicesChanged } from '../api/readings.ts';
import type { Certainty } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { DeviceToken } from '../ui/device-token.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { certaintyNames } from '../words/certainty.ts';

const nothing = { name: '', manufacturer: '', model: '', certainty: 'sure' as Certainty };

/** Pairs a device with a patient. Its token is shown once, and is in no draft. */
export function DevicePair({ patientId }: { patientId: string }) {
  const { i18n, t } = useLingui();
  const changed = useDevicesChanged(patientId);
  const { values, set, clear, isDirty } = useDraft(`device-pair/${patientId}`, nothing);
  const [isTried, setTried] = useState(false);
  const name = values.name.trim();
  const pairing = useMutation({
    ...keptNowhere,
    mutationFn: () => {
      const [manufacturer, model] = [values.manufacturer.trim(), values.model.trim()];
      const { certainty } = values;
      return pairDevice({ patientId, name, certainty, ...(manufacturer && { manufacturer }), ...(model && { model }) });
    },
    onSuccess: () => {
      clear();
      setTried(false);
    },
    onSettled: changed,
  });
  const refusedAt = useFieldProblems(pairing.error);
  useLeaveQuestion(isDirty);
  if (pairing.data) return <DeviceToken device={pairing.data} onDone={pairing.reset} />;
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Pair a device</Trans>
      </h2>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (name !== '' && !pairing.isPending) pairing.mutate();
        }}
      >
        <TextField
          label={t`What it is called`}
          hint={t`So that it is told from others: “watch”, “blood pressure, bathroom”`}
          isNeeded
          autoComplete="off"
          maxLength={100}
          value={values.name}
          problem={isTried && name === '' ? t`This is needed.` : refusedAt('name')}
          onChange={(event) => set({ name: event.target.value })}
        />
        <div className="grid gap-4 tablet:grid-cols-2">
          <TextField
            label={t`Maker`}
            autoComplete="off"
            maxLength={100}
            value={values.manufacturer}
            problem={refusedAt('manufacturer')}
            onChange={(event) => set({ manufacturer: event.target.value })}
          />
          <TextField
            label={t`Model`}
            autoComplete="off"
            maxLength={100}
            value={values.model}
            problem={refusedAt('model')}
            onChange={(event) => set({ model: event.target.value })}
          />
        </div>
        <Choices
          isOne
          legend={<Trans>Does somebody else use it too?</Trans>}
          options={(Object.keys(certaintyNames) as Certainty[]).map((value) => ({
            value,
            label: i18n._(certaintyNames[value]),
          }))}
          chosen={[values.certainty]}
          onChange={([certainty = 'sure']) => set({ certainty })}
        />
        {pairing.error instanceof Unreachable ? (
          <Notice look="bad" role="alert" title={t`No answer came`}>
            <p>
              <Trans>
                It may be paired or not. Look first whether it is in the list: then ask for another code there, else it
                is paired twice.
              </Trans>
            </p>
          </Notice>
        ) : (
          pairing.error && <Failure error={pairing.error} isSaidAtFields />
        )}
        <div>
          <Button type="submit" look="main" isBusy={pairing.isPending}>
            <Trans>Pair it</Trans>
          </Button>
        </div>
      </form>
    </section>
  );
}
