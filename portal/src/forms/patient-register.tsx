import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import { usePatient } from '../api/patients.ts';
import type { Patient, PatientMatch, PatientRequest } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { PatientMatches } from '../ui/patient-matches.tsx';
import { genderNames } from '../words/genders.ts';
import { questionOf } from '../words/patient-question.ts';

type Gender = PatientRequest['gender'];

const nothing = {
  ...{ familyName: '', givenNames: '', birthName: '', birthDate: '', phone: '', email: '' },
  gender: 'unknown' as Gender,
};
type Field = Exclude<keyof typeof nothing, 'gender'>;

const needed: readonly Field[] = ['familyName', 'givenNames', 'birthDate'];

function requestOf({ givenNames, phone, email, birthName, ...rest }: typeof nothing): PatientRequest {
  const telecom = [
    ...(phone.trim() ? [{ system: 'phone' as const, value: phone.trim() }] : []),
    ...(email.trim() ? [{ system: 'email' as const, value: email.trim() }] : []),
  ];
  const names = {
    givenNames: givenNames.trim().split(/\s+/),
    ...(birthName.trim() && { birthName: birthName.trim() }),
  };
  return { ...rest, familyName: rest.familyName.trim(), ...names, telecom };
}

/** What can be told of somebody from what was typed to find them: a number or a date, or else a name. */
function begunBy(words: string): typeof nothing {
  const { q = '', birthDate = '', phone = '' } = questionOf(words);
  return { ...nothing, familyName: q, birthDate, phone };
}

/** Who of those that are known may be meant, by name and birth date. */
async function likeThem({ familyName, givenNames, birthDate }: PatientRequest): Promise<PatientMatch[]> {
  const { items } = await told(api.POST('/api/patients/matches', { body: { familyName, givenNames, birthDate } }));
  return items.filter(({ agreement }) => agreement.birthDate === 'same' && agreement.familyName !== 'different');
}

interface Props {
  /** What was typed to find them. */
  words?: string;
  /** Goes on with them, be they new or known after all; without it their page for booking does. */
  onTaken?: (patient: Patient) => void;
}

/** Takes in somebody whom the practice does not know, after a look at who it may already know as them. */
export function PatientRegister({ words = '', onTaken }: Props) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const intent = useIntent();
  const begun = useMemo(() => begunBy(words), [words]);
  const { values, set, clear, isDirty } = useDraft('patient-register', begun);
  useLeaveQuestion(isDirty);
  const taking = useMutation({
    /** @returns who they may be, or the new patient */
    mutationFn: async (isAnother: boolean) => {
      const body = requestOf(values);
      const alike = isAnother ? [] : await likeThem(body);
      if (alike.length > 0) return { alike };
      const patient = await intent(body, (header) => told(api.POST('/api/patients', { body, params: { header } })));
      return { alike, patient };
    },
    onSuccess: ({ patient }) => {
      if (patient) clear();
    },
  });
  const take = (isAnother: boolean) => {
    if (taking.isPending) return;
    taking.mutate(isAnother, {
      onSuccess: ({ patient }) => {
        if (!patient) return;
        if (onTaken) onTaken(patient);
        else void go({ to: '/patients/$patientId/book', params: { patientId: patient.id }, search: {} });
      },
    });
  };
  const problemAt = useFieldProblems(taking.error);
  const alike = taking.data?.alike ?? [];
  const field = (name: Field, label: string, more: { type?: string; hint?: string } = {}, ...paths: string[]) => (
    <TextField
      {...more}
      label={label}
      required={needed.includes(name)}
      maxLength={name === 'givenNames' ? 400 : 254}
      autoComplete="off"
      value={values[name]}
      problem={problemAt(name, ...paths)}
      onChange={(event) => {
        set({ [name]: event.target.value });
        taking.reset();
      }}
    />
  );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        take(false);
      }}
    >
      <div className="grid gap-4 tablet:grid-cols-2">
        {field('familyName', t`Family name`)}
        {field('givenNames', t`Given names`, { hint: t`All of them, in the order of the civil record` })}
        {field('birthName', t`Name at birth`, { hint: t`Where it is another` })}
        {field('birthDate', t`Born`, { type: 'date' })}
        <ChoiceField
          label={t`Sex`}
          value={values.gender}
          onChange={(event) => set({ gender: event.target.value as Gender })}
        >
          {Object.entries(genderNames).map(([code, words]) => (
            <option key={code} value={code}>
              {i18n._(words)}
            </option>
          ))}
        </ChoiceField>
        {field('phone', t`Telephone`, { type: 'tel' }, 'telecom')}
        {field('email', t`E-mail address`, { type: 'email' })}
      </div>
      {taking.error && <Failure error={taking.error} />}
      {alike.length > 0 && (
        <Notice look="warn" role="alert" title={t`Are they here already?`}>
          <PatientMatches
            matches={alike}
            beside={({ patientId }) =>
              onTaken ? (
                <KnownAfterAll patientId={patientId} onTaken={onTaken} />
              ) : (
                <Link to="/patients/$patientId/appointments" params={{ patientId }}>
                  <Trans>It is this one</Trans>
                </Link>
              )
            }
          />
          <div>
            <Button size="desk" isBusy={taking.isPending} onClick={() => take(true)}>
              <Trans>They are somebody else: take them in</Trans>
            </Button>
          </div>
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" isBusy={taking.isPending}>
          <Trans>Take in</Trans>
        </Button>
        {isDirty && (
          <Button look="quiet" onClick={clear}>
            <Trans>Take back what I typed</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}

function KnownAfterAll({ patientId, onTaken }: { patientId: string; onTaken: (patient: Patient) => void }) {
  const { data } = usePatient(patientId);
  return (
    <Button size="desk" disabled={!data} onClick={() => data && onTaken(data)}>
      <Trans>It is this one</Trans>
    </Button>
  );
}
