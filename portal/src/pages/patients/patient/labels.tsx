import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { usePatient } from '../../../api/patients.ts';
import { LabelSheet, labelsMax, PatientCard } from '../../../paper/patient-labels.tsx';
import { Button } from '../../../ui/button.tsx';
import { Choices } from '../../../ui/choices.tsx';
import { ChoiceField } from '../../../ui/field.tsx';
import { Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';

/** By which a patient and what is theirs are found with a scanner: a sheet of labels, or a card. */
export function Labels() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/labels' });
  const { what, first } = useSearch({ from: '/signed-in-people/patients/$patientId/labels' });
  const go = useNavigate({ from: '/patients/$patientId/labels' });
  const patient = usePatient(patientId);
  const isCard = what === 'card';
  const from = Math.min(Math.max(first ?? 1, 1), labelsMax);
  const show = (words: { what?: 'card'; first?: number }) =>
    go({ search: (before) => ({ ...before, ...words }), replace: true });
  return (
    <Page title={t`Labels and card`}>
      <div className="unprinted grid gap-4">
        <Choices
          legend={t`What is printed?`}
          isOne
          isRow
          options={[
            { value: 'labels', label: t`a sheet of labels` },
            { value: 'card', label: t`a card` },
          ]}
          chosen={[isCard ? 'card' : 'labels']}
          onChange={([chosen]) => show({ what: chosen === 'card' ? 'card' : undefined })}
        />
        {!isCard && (
          <ChoiceField
            label={t`Begin at which label?`}
            hint={t`The sheet has ${labelsMax} labels of 70 by 37 mm; one that was begun is used up from here on.`}
            value={from}
            onChange={({ target }) => show({ first: Number(target.value) })}
          >
            {Array.from({ length: labelsMax }, (_, nth) => nth + 1).map((nth) => (
              <option key={nth}>{nth}</option>
            ))}
          </ChoiceField>
        )}
        <p className="text-sm text-quiet">
          <Trans>Print it in its own size, at 100 %, without margins.</Trans>
        </p>
      </div>
      <Remote of={patient} label={t`the details`}>
        {(found) => (
          <>
            <div>
              <Button look="main" onClick={() => print()}>
                <Trans>Print</Trans>
              </Button>
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the screen is scrolled by keys as well. */}
            <section tabIndex={0} aria-label={t`The sheet`} className="overflow-x-auto">
              {isCard ? <PatientCard patient={found} /> : <LabelSheet patient={found} first={from} />}
            </section>
          </>
        )}
      </Remote>
    </Page>
  );
}
