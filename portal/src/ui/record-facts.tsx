import type { MessageDescriptor } from '@lingui/core';
import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Allergy, Condition, Encounter, Note } from '../api/types.ts';
import { partialDateInWords } from '../time/partial-date.ts';
import { formatIn } from '../time/zone.ts';
import {
  allergyCategories,
  allergyCertainties,
  allergyDangers,
  allergyStates,
  allergyTypes,
  conditionCertainties,
  conditionStates,
  encounterKinds,
  encounterStates,
  severities,
} from '../words/plain-record.ts';

interface Props {
  title: string;
  /** What is said of it in a word or two each, as far as it is said. */
  words: (MessageDescriptor | string | undefined)[];
  note?: string;
  children?: ReactNode;
}

/** What an entry of a record says, in plain words. */
function Facts({ title, words, note, children }: Props) {
  const { i18n } = useLingui();
  const said = words.filter((each) => each !== undefined);
  return (
    <div className="grid gap-1">
      <p className="font-semibold">{title}</p>
      <p>{said.map((each) => (typeof each === 'string' ? each : i18n._(each))).join(' · ')}</p>
      {children}
      {note && <p className="whitespace-pre-wrap">{note}</p>}
    </div>
  );
}

export function AllergyFacts({ allergy }: { allergy: Allergy }) {
  const { i18n, t } = useLingui();
  const { code, verificationStatus, clinicalStatus, type, category, criticality, reactions = [] } = allergy;
  const isRuledOut = verificationStatus === 'refuted';
  const onset = allergy.onset && partialDateInWords(allergy.onset, i18n.locale);
  return (
    <Facts
      title={code.text}
      words={[
        allergyCertainties[verificationStatus],
        isRuledOut ? undefined : allergyStates[clinicalStatus],
        type && allergyTypes[type],
        category && allergyCategories[category],
        onset && t`since: ${onset}`,
      ]}
      note={allergy.note}
    >
      {criticality && !isRuledOut && <p>{i18n._(allergyDangers[criticality])}</p>}
      {reactions.map(({ manifestation, severity, onset: when }) => {
        const seen = [
          ...manifestation,
          ...(severity ? [i18n._(severities[severity])] : []),
          ...(when ? [partialDateInWords(when, i18n.locale)] : []),
        ].join(', ');
        return (
          <p key={seen}>
            <Trans>What was seen: {seen}</Trans>
          </p>
        );
      })}
    </Facts>
  );
}

export function ConditionFacts({ condition }: { condition: Condition }) {
  const { i18n, t } = useLingui();
  const { code, verificationStatus, clinicalStatus, severity, note } = condition;
  const [onset, abatement] = [condition.onset, condition.abatement].map(
    (date) => date && partialDateInWords(date, i18n.locale),
  );
  return (
    <Facts
      title={code.text}
      words={[
        verificationStatus === 'refuted' ? undefined : conditionStates[clinicalStatus],
        conditionCertainties[verificationStatus],
        severity && severities[severity],
        onset && t`since: ${onset}`,
        abatement && t`until: ${abatement}`,
      ]}
      note={note}
    />
  );
}

interface EncounterProps {
  encounter: Encounter;
  nameOf: (practitionerId: string) => string;
}

export function EncounterFacts({ encounter, nameOf }: EncounterProps) {
  const { i18n } = useLingui();
  const { period, practitionerId, status, reason } = encounter;
  const day = formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(period.start));
  return (
    <Facts title={day} words={[nameOf(practitionerId), encounterStates[status], encounterKinds[encounter.class]]}>
      {reason && (
        <p>
          <Trans>What for: {reason}</Trans>
        </p>
      )}
    </Facts>
  );
}

export const NoteFacts = ({ note }: { note: Note }) => <p className="whitespace-pre-wrap">{note.text}</p>;
