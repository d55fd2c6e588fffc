import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useDelegationRule } from '../api/delegations.ts';
import { nameOfPractitioner, usePractitioners } from '../api/practitioners.ts';
import { useSchedule } from '../api/schedules.ts';
import type { Practitioner } from '../api/types.ts';
import { BookingRulesBack } from '../forms/booking-rules-back.tsx';
import { BookingRulesSet } from '../forms/booking-rules-set.tsx';
import { DelegationRuleSet } from '../forms/delegation-rule-set.tsx';
import { Button } from '../ui/button.tsx';
import { DelegationRuleVersions } from '../ui/delegation-rule-versions.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { RuleLines } from '../ui/rules-compared.tsx';
import { Unfolded } from '../ui/unfolded.tsx';

/** What the practice has set, in one place: for whom secretaries work, and how each kind of visit is booked. */
export function Settings() {
  const { t } = useLingui();
  const practitioners = usePractitioners('');
  return (
    <Page title={t`Settings of the practice`}>
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
            <Unfolded title={<Trans>What was set before, and by whom</Trans>}>
              {() => <DelegationRuleVersions version={rule.version} />}
            </Unfolded>
          </>
        )}
      </Remote>
    </Card>
  );
}

/** Read once it is unfolded: there may be many. */
function OfPractitioner({ practitioner }: { practitioner: Practitioner }) {
  return (
    <Card className="py-2">
      <Unfolded title={nameOfPractitioner(practitioner)}>{() => <Rules practitioner={practitioner} />}</Unfolded>
    </Card>
  );
}

function Rules({ practitioner }: { practitioner: Practitioner }) {
  const { t } = useLingui();
  const [opened, open] = useState<Practitioner['appointmentTypes'][number]>();
  const { appointmentTypes } = practitioner;
  return (
    <div className="grid gap-4">
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
            {schedule.version > 0 && (
              <Unfolded title={<Trans>What was set before, and by whom</Trans>}>
                {() => <BookingRulesBack practitioner={practitioner} schedule={schedule} />}
              </Unfolded>
            )}
            {opened && <BookingRulesSet schedule={schedule} type={opened} onClose={() => open(undefined)} />}
          </>
        )}
      </Remote>
    </div>
  );
}
