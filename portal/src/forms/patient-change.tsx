import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from '../api/client.ts';
import { contactOf, withContact } from '../api/contacts.ts';
import { nameOfPatient, patientKey } from '../api/patients.ts';
import { problemOf } from '../api/problem.ts';
import type { Patient } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';

interface Values {
  phone: string;
  email: string;
  line: string;
  postalCode: string;
  city: string;
}

const valuesOf = (patient: Patient): Values => ({
  phone: contactOf(patient.telecom, 'phone'),
  email: contactOf(patient.telecom, 'email'),
  line: patient.address?.line.join(', ') ?? '',
  postalCode: patient.address?.postalCode ?? '',
  city: patient.address?.city ?? '',
});

/** Changes how a patient is reached. Somebody else’s change in between is shown beside what was typed, not overwritten. */
export function PatientChange({ patient }: { patient: Patient }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const stored = valuesOf(patient);
  const draft = useDraft<Values>(`patient-change/${patient.id}`, stored);
  const { values } = draft;
  useLeaveQuestion(draft.isDirty);
  const telecom = withContact(withContact(patient.telecom, 'phone', values.phone), 'email', values.email);
  const saving = useMutation({
    mutationFn: () => {
      const line = values.line
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean);
      const hasAddress = [values.line, values.postalCode, values.city].some((each) => each.trim() !== '');
      const address = { ...patient.address, line, postalCode: values.postalCode.trim(), city: values.city.trim() };
      return told(
        api.PATCH('/api/patients/{id}', {
          params: { path: { id: patient.id }, header: ifMatch(patient) },
          body: { telecom, ...(hasAddress && { address }) },
        }),
      );
    },
    onSuccess: (saved) => {
      draft.clear();
      client.setQueryData(patientKey(patient.id), saved);
    },
    onError: (error) => {
      if (problemOf(error)?.status === 412) void client.invalidateQueries({ queryKey: patientKey(patient.id) });
    },
  });
  const problemAt = useFieldProblems(saving.error);
  /** Where what is sent has the first of a kind. */
  const contactAt = (system: 'phone' | 'email') => `telecom[${telecom.findIndex((each) => each.system === system)}]`;
  const differs = (Object.keys(stored) as (keyof Values)[]).filter((each) => values[each] !== stored[each]);
  const labels: Record<keyof Values, string> = {
    phone: t`Telephone`,
    email: t`E-mail address`,
    line: t`Street and number`,
    postalCode: t`Postal code`,
    city: t`Town`,
  };
  const field = (name: keyof Values, autoComplete: string, ...paths: string[]) => (
    <TextField
      label={labels[name]}
      value={values[name]}
      autoComplete={autoComplete}
      maxLength={254}
      problem={problemAt(...paths)}
      onChange={(event) => draft.set({ [name]: event.target.value })}
    />
  );
  return (
    <>
      <Card>
        <dl className="grid gap-x-6 gap-y-1 tablet:grid-cols-[9rem_1fr] [&_dt]:text-quiet">
          <dt>
            <Trans>Name</Trans>
          </dt>
          <dd>{[...patient.givenNames, patient.familyName].join(' ') || nameOfPatient(patient)}</dd>
          <dt>
            <Trans>Born</Trans>
          </dt>
          <dd>{dateInWords(patient.birthDate, i18n.locale)}</dd>
        </dl>
        <p className="mt-3 text-sm text-quiet">
          <Trans>If this is not right, bring a document to the practice.</Trans>
        </p>
      </Card>
      {draft.isDirty && differs.length > 0 && !saving.isPending && (
        <Notice title={t`Not saved yet`}>
          <ul className="list-disc pl-5">
            {differs.map((each) => (
              <li key={each}>
                <Trans>
                  {labels[each]}: “{stored[each] || '–'}” is stored, “{values[each] || '–'}” is what you typed
                </Trans>
              </li>
            ))}
          </ul>
          <div>
            <Button size="desk" onClick={draft.clear}>
              <Trans>Take back what I typed</Trans>
            </Button>
          </div>
        </Notice>
      )}
      {saving.isSuccess && !draft.isDirty && <Notice look="good" role="status" title={t`Saved`} />}
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!saving.isPending) saving.mutate();
        }}
      >
        {saving.error && <Failure error={saving.error} isSaidAtFields />}
        {field('phone', 'tel', contactAt('phone'))}
        {field('email', 'email', contactAt('email'))}
        {field('line', 'street-address', 'address.line')}
        <div className="grid gap-4 tablet:grid-cols-[10rem_1fr]">
          {field('postalCode', 'postal-code', 'address.postalCode')}
          {field('city', 'address-level2', 'address.city')}
        </div>
        <div>
          <Button type="submit" look="main" isBusy={saving.isPending}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </>
  );
}
