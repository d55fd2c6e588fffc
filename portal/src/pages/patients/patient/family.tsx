import { Trans, useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRelatedPersons } from '../../../api/family.ts';
import { nameOfPatient, useActsFor } from '../../../api/patients.ts';
import type { RelatedPerson } from '../../../api/types.ts';
import { RelatedPersonAdd } from '../../../forms/related-person-add.tsx';
import { endedFor, RelatedPersonChange } from '../../../forms/related-person-change.tsx';
import { RelatedPersonEnd } from '../../../forms/related-person-end.tsx';
import { useHat } from '../../../session/hat.ts';
import { usePerson } from '../../../session/use-session.ts';
import { now } from '../../../time/server-clock.ts';
import { formatIn } from '../../../time/zone.ts';
import { Card, Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { proofNames, sectionNames } from '../../../words/family.ts';

/** Who acts for a patient, in what and until when; and for whom they act themselves. */
export function Family() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/family' });
  const person = usePerson();
  const hat = useHat(person);
  const isOwn = hat === 'patient' && patientId === person.patientId;
  const byPractice = hat === 'secretary';
  const relations = useRelatedPersons(patientId);
  return (
    <Page title={t`Family and carers`}>
      <section className="grid gap-3">
        <h2>{isOwn ? <Trans>Who acts for you</Trans> : <Trans>Who acts for the patient</Trans>}</h2>
        <Remote
          of={relations}
          label={t`those who act for the patient`}
          isNone={({ items }) => items.length === 0}
          none={<Trans>Nobody does.</Trans>}
        >
          {({ items }) => (
            <ul className="grid gap-2">
              {items.map((each) => (
                <li key={each.id}>
                  <Line relation={each}>
                    {(byPractice || isOwn) && (each.relationship === 'carer' || endedFor(each).length > 0) && (
                      <RelatedPersonChange relation={each} />
                    )}
                    {(byPractice || (isOwn && each.relationship === 'carer')) && <RelatedPersonEnd relation={each} />}
                  </Line>
                </li>
              ))}
            </ul>
          )}
        </Remote>
      </section>
      {(isOwn || byPractice) && <RelatedPersonAdd patientId={patientId} byPractice={byPractice} />}
      {isOwn && <ActingFor patientId={patientId} />}
    </Page>
  );
}

function Line({ relation, children }: { relation: RelatedPerson; children: ReactNode }) {
  const { i18n } = useLingui();
  const day = formatIn(i18n.locale, { dateStyle: 'long' });
  const { sections, ends = [], opened = [], proof, until, relationship } = relation;
  const named = (all: RelatedPerson['sections']) => all.map((each) => i18n._(sectionNames[each])).join(', ');
  const ahead = ends.filter(({ at }) => Date.parse(at) > now());
  return (
    <Card className="flex flex-wrap items-center gap-3">
      <div className="min-w-60 flex-1">
        <p className="font-semibold">{nameOfPatient(relation)}</p>
        <p>
          {relationship === 'carer' ? <Trans>As carer, in: {named(sections)}</Trans> : null}
          {relationship === 'guardian' ? <Trans>As guardian, in: {named(sections)}</Trans> : null}
        </p>
        <ul className="text-sm text-quiet">
          {ahead.map(({ section, at }) => (
            <li key={section}>
              <Trans>
                {i18n._(sectionNames[section])}: until {day.format(new Date(at))}, when it becomes the patient’s own
              </Trans>
            </li>
          ))}
          {opened.length > 0 && (
            <li>
              <Trans>The patient’s own, and shown all the same: {named(opened)}</Trans>
            </li>
          )}
          {until && (
            <li>
              <Trans>Ends on {day.format(new Date(until))}</Trans>
            </li>
          )}
          {proof && (
            <li>
              <Trans>
                Seen on {day.format(new Date(proof.seenAt))}: {i18n._(proofNames[proof.document])}
              </Trans>
            </li>
          )}
        </ul>
      </div>
      {children}
    </Card>
  );
}

/** For whom somebody acts, and the number by which others choose them. */
function ActingFor({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  const acting = useActsFor(patientId);
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>For whom you act</Trans>
      </h2>
      <Remote
        of={acting}
        label={t`those for whom you act`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>For nobody.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-2">
            {items.map((each) => (
              <li key={each.id}>
                <Line relation={each}>
                  {each.relationship === 'carer' && <RelatedPersonEnd relation={each} isGivenUp />}
                </Line>
              </li>
            ))}
          </ul>
        )}
      </Remote>
      <p>
        <Trans>
          Your number, for who wants you to act for them: <code>{patientId}</code>
        </Trans>
      </p>
    </section>
  );
}
