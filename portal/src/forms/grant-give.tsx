import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { giveGrant, useGrantsChanged } from '../api/grants.ts';
import { useIntent } from '../api/intent.ts';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { GrantRequest, Practitioner } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { endOfDay } from '../time/days.ts';
import { now } from '../time/server-clock.ts';
import { dateAt, daysAfter } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { Tick } from '../ui/tick.tsx';

interface Props {
  patientId: string;
  practitioners: readonly Practitioner[];
  /** They may keep it from their guardians. */
  mayKeep: boolean;
}

const nothing = { practitionerId: '', lastDay: '', isKept: false };

/** Days for which somebody is let in at most. */
const mostDays = 365;

/** Lets a practitioner into a record by name, until a day. */
export function GrantGive({ patientId, practitioners, mayKeep }: Props) {
  const { t } = useLingui();
  const changed = useGrantsChanged(patientId);
  const intent = useIntent();
  const { values, set, clear } = useDraft(`grant-give/${patientId}`, nothing);
  const { practitionerId, lastDay, isKept } = values;
  // By the reader's clock, as the day that they choose.
  const today = dateAt(now(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  const giving = useMutation({
    mutationFn: () => {
      const body: GrantRequest = {
        practitionerId,
        until: endOfDay(lastDay),
        ...(mayKeep && isKept && { keptFromGuardians: true }),
      };
      return intent({ patientId, ...body }, (header) => giveGrant(patientId, body, header));
    },
    onSuccess: () => {
      clear();
      return changed();
    },
  });
  const problemAt = useFieldProblems(giving.error);
  const letIn = practitioners.find(({ id }) => id === giving.data?.practitionerId);
  const name = letIn && nameOfPractitioner(letIn);
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Let a practitioner in</Trans>
      </h2>
      {name && <Notice look="good" role="status" title={t`${name} may read the record from now on`} />}
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!giving.isPending) giving.mutate();
        }}
      >
        <ChoiceField
          label={t`Practitioner`}
          value={practitionerId}
          required
          problem={problemAt('practitionerId')}
          onChange={(event) => set({ practitionerId: event.target.value })}
        >
          <option value="">{t`Choose`}</option>
          {practitioners.map((each) => (
            <option key={each.id} value={each.id}>
              {[nameOfPractitioner(each), ...each.specialities.map(({ display }) => display)].join(' · ')}
            </option>
          ))}
        </ChoiceField>
        <TextField
          type="date"
          label={t`Last day`}
          hint={t`From tomorrow on, within a year. You can take it back before.`}
          required
          min={daysAfter(today, 1)}
          max={daysAfter(today, mostDays)}
          value={lastDay}
          problem={problemAt('until')}
          onChange={(event) => set({ lastDay: event.target.value })}
        />
        {mayKeep && (
          <Tick is={isKept} onChange={(is) => set({ isKept: is })}>
            <Trans>Keep from my guardians that I let them in</Trans>
          </Tick>
        )}
        {giving.error && <Failure error={giving.error} />}
        <div>
          <Button type="submit" look="main" isBusy={giving.isPending}>
            <Trans>Let them in</Trans>
          </Button>
        </div>
      </form>
    </section>
  );
}
