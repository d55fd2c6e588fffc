import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client.ts';
import { useFamilyChanged } from '../api/family.ts';
import { useIntent } from '../api/intent.ts';
import { nameOfPatient } from '../api/patients.ts';
import type { ProofDocument, RelatedPersonRequest, Section } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { endOfDay } from '../time/days.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { proofNames, sectionNames } from '../words/family.ts';
import { PatientFind } from './patient-find.tsx';

const nothing = {
  relatedPatientId: '',
  name: '',
  relationship: 'carer' as RelatedPersonRequest['relationship'],
  sections: ['appointments'] as Section[],
  document: 'family-record-book' as ProofDocument,
  /** The last day, YYYY-MM-DD; empty: until it is ended. */
  lastDay: '',
};

/** Lets somebody act for a patient: a carer whom the patient chooses; a guardian only by what the practice has seen. */
export function RelatedPersonAdd({ patientId, byPractice }: { patientId: string; byPractice: boolean }) {
  const { i18n, t } = useLingui();
  const changed = useFamilyChanged();
  const intent = useIntent();
  const [words, setWords] = useState('');
  const { values, set, clear } = useDraft(`related-person-add/${patientId}`, nothing);
  const isCarer = values.relationship === 'carer';
  const giving = useMutation({
    mutationFn: () => {
      const { relationship, sections, document, lastDay } = values;
      const body: RelatedPersonRequest = {
        relatedPatientId: values.relatedPatientId.trim(),
        relationship,
        ...(isCarer ? { sections } : { proof: document }),
        ...(lastDay && { until: endOfDay(lastDay) }),
      };
      return intent({ patientId, ...body }, (header) =>
        told(api.POST('/api/patients/{id}/related-persons', { body, params: { path: { id: patientId }, header } })),
      );
    },
    onSuccess: () => {
      clear();
      setWords('');
      return changed();
    },
  });
  const problemAt = useFieldProblems(giving.error);
  const whose = giving.data && nameOfPatient(giving.data);
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Let somebody act for the patient</Trans>
      </h2>
      {giving.isSuccess && <Notice look="good" role="status" title={t`${whose} may act from now on`} />}
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!giving.isPending) giving.mutate();
        }}
      >
        {byPractice && (
          <Choices
            isOne
            isRow
            legend={<Trans>As what?</Trans>}
            options={[
              { value: 'carer', label: <Trans>carer</Trans> },
              { value: 'guardian', label: <Trans>guardian</Trans> },
            ]}
            chosen={[values.relationship]}
            onChange={([relationship = 'carer']) => set({ relationship })}
          />
        )}
        {byPractice ? (
          values.relatedPatientId ? (
            <p className="flex flex-wrap items-center gap-3">
              <span className="font-semibold">{values.name}</span>
              <Button size="desk" onClick={() => set({ relatedPatientId: '', name: '' })}>
                <Trans>Somebody else</Trans>
              </Button>
            </p>
          ) : (
            <PatientFind
              words={words}
              onWords={setWords}
              onChoose={(chosen) => set({ relatedPatientId: chosen.id, name: nameOfPatient(chosen) })}
            />
          )
        ) : (
          <TextField
            label={t`Their number`}
            hint={t`They find it on this page, when they sign in themselves.`}
            value={values.relatedPatientId}
            maxLength={36}
            autoComplete="off"
            required
            problem={problemAt('relatedPatientId')}
            onChange={(event) => set({ relatedPatientId: event.target.value })}
          />
        )}
        {isCarer ? (
          <Choices
            legend={<Trans>In what?</Trans>}
            problem={problemAt('sections')}
            options={(Object.keys(sectionNames) as Section[]).map((value) => ({
              value,
              label: i18n._(sectionNames[value]),
            }))}
            chosen={values.sections}
            onChange={(sections) => set({ sections })}
          />
        ) : (
          <ChoiceField
            label={t`Which document have you seen?`}
            isNeeded
            value={values.document}
            problem={problemAt('proof')}
            onChange={(event) => set({ document: event.target.value as ProofDocument })}
          >
            {Object.entries(proofNames).map(([value, said]) => (
              <option key={value} value={value}>
                {i18n._(said)}
              </option>
            ))}
          </ChoiceField>
        )}
        <TextField
          type="date"
          label={t`Last day`}
          hint={isCarer ? t`Left empty: until it is ended` : t`Left empty: until the patient is of age`}
          value={values.lastDay}
          problem={problemAt('until')}
          onChange={(event) => set({ lastDay: event.target.value })}
        />
        {giving.error && <Failure error={giving.error} />}
        <div>
          <Button
            type="submit"
            look="main"
            isBusy={giving.isPending}
            disabled={values.relatedPatientId.trim() === '' || (isCarer && values.sections.length === 0)}
          >
            <Trans>Let them act</Trans>
          </Button>
        </div>
      </form>
    </section>
  );
}
