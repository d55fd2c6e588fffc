import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useDelegationRule } from '../api/delegations.ts';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import { useSchedule } from '../api/schedules.ts';
import type { Practitioner } from '../api/types.ts';
import { BookingRulesSet } from '../forms/booking-rules-set.tsx';
import { DelegationRuleSet } from '../forms/delegation-rule-set.tsx';
import { Button } from '../ui/button.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { RuleLines } from '../ui/rules-compared.tsx';

/** What the practice has set, in one place: for whom secretaries work, and how each kind of visit is booked. */
export function Settings() {
  const { t } = useLingui();
  const practitioners = usePractitioners('');
  return (
    <Page title={t`Settings of the practice`}>
      <p className="text-quiet">
        <Trans>
          How often each was changed is told here. By whom and when is not kept by the services: note it where you keep
          such decisions.
        </Trans>
      </p>
      <section className="grid gap-3">
        <h2>
          <Trans>Secretaries</Trans>
        </h2>
        <Rule />
      </section>
      <section className="grid gap-3">
        <h2>
          <Trans>How visits are booked</Trans>
        </h2>
        <Remote
          of={practitioners}
          label={t`practitioners`}
          isNone={(all) => all.length === 0}
          none={<Trans>There is no practitioner yet.</Trans>}
        >
          {(all) => (
            <ul className="grid gap-2">
              {all.map((each) => (
                <li key={each.id}>
                  <OfPractitioner practitioner={each} />
                </li>
              ))}
            </ul>
          )}
        </Remote>
      </section>
    </Page>
  );
}

function Rule() {
  const { t } = useLingui();
  return (
    <Card className="grid gap-2">
      <Remote of={useDelegationRule()} label={t`the rule of the practice`}>
        {(rule) => (
          <>
            <DelegationRuleSet rule={rule} />
            <Changed version={rule.version} />
          </>
        )}
      </Remote>
    </Card>
  );
}

/** The first version is what was there from the beginning. */
const Changed = ({ version }: { version: number }) => (
  <p className="text-sm text-quiet">
    <Plural
      value={Math.max(0, version - 1)}
      _0="Never changed since it was first set."
      one="Changed # time since it was first set."
      other="Changed # times since it was first set."
    />
  </p>
);

/** Read once it is unfolded: there may be many. */
function OfPractitioner({ practitioner }: { practitioner: Practitioner }) {
  const [isOpened, setOpened] = useState(false);
  return (
    <Card className="py-2">
      <details onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary className="cursor-pointer font-semibold">{nameOfPractitioner(practitioner)}</summary>
        {isOpened && <Rules practitioner={practitioner} />}
      </details>
    </Card>
  );
}

function Rules({ practitioner }: { practitioner: Practitioner }) {
  const { t } = useLingui();
  const [opened, open] = useState<Practitioner['appointmentTypes'][number]>();
  const { appointmentTypes } = practitioner;
  return (
    <div className="grid gap-4 pt-3">
      <Remote
        of={useSchedule(practitioner.id)}
        label={t`how visits are booked`}
        isNone={() => appointmentTypes.length === 0}
        none={<Trans>They have no kind of visit.</Trans>}
      >
        {(schedule) => (
          <>
            {appointmentTypes.map((type) => (
              <section key={type.id} className="grid gap-2 border-t border-line pt-3">
                <div className="flex flex-wrap items-center justify-between gap-2">
                  <h3 className="font-semibold">{t`${type.name}, ${type.minutes} minutes`}</h3>
                  <Button
                    size="desk"
                    onClick={() => open(type)}
                    aria-label={t`Change how ${type.name} is booked with ${nameOfPractitioner(practitioner)}`}
                  >
                    <Trans>Change</Trans>
                  </Button>
                </div>
                <RuleLines of={schedule.rules.find(({ appointmentTypeId }) => appointmentTypeId === type.id)} />
              </section>
            ))}
            <p className="text-sm text-quiet">
              <Plural
                value={Math.max(0, schedule.version - 1)}
                _0="Never changed since it was first set."
                one="Changed # time since it was first set, hours and absences included."
                other="Changed # times since it was first set, hours and absences included."
              />
            </p>
            {opened && <BookingRulesSet schedule={schedule} type={opened} onClose={() => open(undefined)} />}
          </>
        )}
      </Remote>
    </div>
  );
}
