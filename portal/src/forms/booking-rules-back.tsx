import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { setSchedule, useScheduleChanged, useScheduleVersions } from '../api/schedules.ts';
import type { Practitioner, Schedule, ScheduleVersion } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Remote } from '../ui/remote.tsx';
import { RulesCompared } from '../ui/rules-compared.tsx';
import { SetBy } from '../ui/set-by.tsx';
import { ShowMore } from '../ui/show-more.tsx';
import { otherPartNames, otherParts } from '../words/schedule-parts.ts';

interface Props {
  practitioner: Practitioner;
  schedule: Schedule;
}

/** What was set of how visits are booked, the newest first, with who set it and what they changed; each can be set back. */
export function BookingRulesBack({ practitioner, schedule }: Props) {
  const { t } = useLingui();
  const versions = useScheduleVersions(practitioner.id, schedule.version);
  return (
    <Remote of={versions} label={t`what was set before`}>
      {({ pages }) => {
        const all = pages.flatMap(({ items }) => items);
        return (
          <>
            <ol className="grid gap-2">
              {all.map((each, nth) => (
                <li key={each.version} className="grid gap-2 border-t border-line pt-2">
                  <SetBy changedAt={each.changedAt} changedBy={each.changedBy} />
                  {all[nth + 1] && <Changes kinds={practitioner.appointmentTypes} before={all[nth + 1]} after={each} />}
                  {each.version !== schedule.version && <SetBack schedule={schedule} to={each} />}
                </li>
              ))}
            </ol>
            <ShowMore of={versions} />
          </>
        );
      }}
    </Remote>
  );
}

interface ChangesProps {
  kinds: Practitioner['appointmentTypes'];
  before: ScheduleVersion | undefined;
  after: ScheduleVersion;
}

const said = (part: unknown): string => JSON.stringify(part);

function Changes({ kinds, before, after }: ChangesProps) {
  const { i18n } = useLingui();
  if (!before) return null;
  const rulesIn = ({ rules }: ScheduleVersion, appointmentTypeId: string) =>
    rules.find((each) => each.appointmentTypeId === appointmentTypeId) ?? { appointmentTypeId };
  const changed = kinds.filter(({ id }) => said(rulesIn(before, id)) !== said(rulesIn(after, id)));
  const others = otherParts.filter((part) => said(before[part]) !== said(after[part]));
  const names = others.map((part) => i18n._(otherPartNames[part])).join(', ');
  return (
    <>
      {changed.map(({ id, name }) => (
        <section key={id}>
          <h4 className="font-semibold">{name}</h4>
          <RulesCompared before={rulesIn(before, id)} after={rulesIn(after, id)} />
        </section>
      ))}
      {others.length > 0 && (
        <p>
          <Trans>Changed: {names}</Trans>
        </p>
      )}
    </>
  );
}

/** Hours and absences stay as they are: who receives when is not settled by how visits are booked. */
function SetBack({ schedule, to }: { schedule: Schedule; to: ScheduleVersion }) {
  const changed = useScheduleChanged(schedule.practitionerId);
  const setting = useMutation({
    mutationFn: () => setSchedule(schedule, { rules: to.rules }),
    onSuccess: (saved) => changed(saved),
    onError: () => changed(),
  });
  if (said(to.rules) === said(schedule.rules)) return null;
  return (
    <div className="grid gap-2">
      {setting.error && <Failure error={setting.error} />}
      <div>
        <Button size="desk" isBusy={setting.isPending} onClick={() => setting.mutate()}>
          <Trans>Have visits booked as it was set then</Trans>
        </Button>
      </div>
    </div>
  );
}
