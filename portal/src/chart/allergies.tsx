import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { allergiesInError, allergyVersions } from '../api/record-entries.ts';
import type { Allergy, MedicalRecord } from '../api/types.ts';
import { AllergyAdd, allergyAddDraft } from '../forms/allergy-add.tsx';
import { AllergyChange, allergyChangeDraft } from '../forms/allergy-change.tsx';
import { NoAllergiesState } from '../forms/no-allergies-state.tsx';
import { NoAllergiesWithdraw, noAllergiesDraft } from '../forms/no-allergies-withdraw.tsx';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { WrittenBy } from '../ui/written-by.tsx';
import { certaintyNames, courseNames, riskNames } from '../words/clinical.ts';
import { allergyLines } from '../words/clinical-lines.ts';
import { EntryCard } from './entry-card.tsx';
import { Begun, FormButton } from './form-button.tsx';
import { InError } from './in-error.tsx';
import { Cards, Section, useOpened } from './section.tsx';

const counts = ({ verificationStatus }: Allergy): boolean => verificationStatus !== 'refuted';
const isHigh = ({ criticality }: Allergy): boolean => criticality === 'high';

/** Not known, none known, and listed are three things; the first is never shown as the second. */
export function Allergies({ record }: { record: MedicalRecord }) {
  const { t } = useLingui();
  const { patientId, allergies } = record;
  const [said, say] = useState<string>();
  const changing = useOpened(allergies.items);
  const counted = allergies.items.filter(counts).sort((one, next) => Number(isHigh(next)) - Number(isHigh(one)));
  const refuted = allergies.items.filter((each) => !counts(each));
  const card = (entry: Allergy) => {
    const name = entry.code.text;
    return (
      <AllergyCard record={record} entry={entry}>
        <Begun form={allergyChangeDraft(entry.id)} />
        <Button size="desk" onClick={() => changing.open(entry)} aria-label={t`Change: ${name}`}>
          <Trans>Change</Trans>
        </Button>
      </AllergyCard>
    );
  };
  return (
    <Section title={t`Allergies`} said={said}>
      {allergies.state === 'listed' ? (
        <Notice look="bad" title={t`Allergies: listed`}>
          <Cards items={counted}>{card}</Cards>
        </Notice>
      ) : allergies.state === 'none-known' ? (
        <NoneKnown record={record} />
      ) : (
        <Notice look="warn" title={t`Allergies: not known`}>
          <p>
            <Trans>Nobody has asked yet, or nobody has written it down.</Trans>
          </p>
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <FormButton label={<Trans>Record an allergy</Trans>} form={allergyAddDraft(patientId)}>
          {(close) => (
            <AllergyAdd patientId={patientId} onDone={() => say(t`The allergy is in the record`)} onClose={close} />
          )}
        </FormButton>
        {allergies.state !== 'listed' && (
          <NoAllergiesState
            patientId={patientId}
            isAgain={allergies.state === 'none-known'}
            onDone={() => say(t`It is in the record that none is known`)}
          />
        )}
        {allergies.state === 'none-known' && (
          <FormButton label={<Trans>Withdraw that none is known</Trans>} form={noAllergiesDraft(patientId)}>
            {(close) => (
              <NoAllergiesWithdraw
                patientId={patientId}
                onDone={() => say(t`It is no longer said that none is known`)}
                onClose={close}
              />
            )}
          </FormButton>
        )}
      </div>
      {refuted.length > 0 && (
        <>
          <h3>
            <Trans>Refuted: not an allergy</Trans>
          </h3>
          <Cards items={refuted}>{card}</Cards>
        </>
      )}
      <InError record={record} title={t`Allergies`} read={allergiesInError}>
        {(entry) => <AllergyCard record={record} entry={entry} />}
      </InError>
      {changing.entry && (
        <AllergyChange
          patientId={patientId}
          entry={changing.entry}
          isGone={changing.isGone}
          onDone={() => say(t`It is changed in the record`)}
          onClose={changing.close}
        />
      )}
    </Section>
  );
}

function NoneKnown({ record }: { record: MedicalRecord }) {
  const { i18n, t } = useLingui();
  const { statement } = record.allergies;
  const day = statement && formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(statement.at));
  return (
    <Notice look="good" title={t`Allergies: none known`}>
      <p>
        {statement ? (
          <Trans>
            Asked on {day} by <WrittenBy author={statement.author} names={record.practitioners} />.
          </Trans>
        ) : (
          <Trans>Somebody asked.</Trans>
        )}
      </p>
    </Notice>
  );
}

interface CardProps {
  record: MedicalRecord;
  entry: Allergy;
  children?: ReactNode;
}

function AllergyCard({ record, entry, children }: CardProps) {
  const { i18n } = useLingui();
  const { verificationStatus, clinicalStatus, criticality } = entry;
  const isVoid = ['refuted', 'entered-in-error'].includes(verificationStatus);
  return (
    <EntryCard
      record={record}
      entry={entry}
      name={entry.code.text}
      isVoid={isVoid ? certaintyNames[verificationStatus] : undefined}
      facts={
        <>
          {criticality && (
            <>
              · <span className={isHigh(entry) ? 'font-semibold text-bad' : ''}>
                {i18n._(riskNames[criticality])}
              </span>{' '}
            </>
          )}
          · {i18n._(courseNames[clinicalStatus])} · {i18n._(certaintyNames[verificationStatus])}
          {entry.reactions && ` · ${entry.reactions.flatMap(({ manifestation }) => manifestation).join(', ')}`}
        </>
      }
      linesOf={allergyLines}
      read={allergyVersions}
    >
      {children}
    </EntryCard>
  );
}
