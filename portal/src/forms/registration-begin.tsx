import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { openApi, told } from '../api/client.ts';
import { useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';

const nothing = { givenNames: '', familyName: '', birthDate: '', email: '', phone: '' };

/** Somebody says who they are; a code is mailed to them, whoever they are. Nothing is kept of it at this computer. */
export function RegistrationBegin({ onSent }: { onSent: () => void }) {
  const { t } = useLingui();
  const [values, setValues] = useState(nothing);
  const [isTried, setTried] = useState(false);
  useLeaveQuestion(Object.values(values).some(Boolean));
  const sending = useMutation({
    mutationFn: () => {
      const { givenNames, phone, ...rest } = values;
      const body = {
        ...rest,
        givenNames: givenNames.trim().split(/\s+/),
        ...(phone.trim() && { phone: phone.trim() }),
      };
      return told(openApi.POST('/api/auth/registrations', { body }));
    },
    onSuccess: onSent,
  });
  const problemAt = useFieldProblems(sending.error);
  const isMissing = (name: keyof typeof nothing) => name !== 'phone' && values[name].trim() === '';
  const isFit = !(Object.keys(nothing) as (keyof typeof nothing)[]).some(isMissing);
  const field = (name: keyof typeof nothing, label: string, more: { type?: string; autoComplete: string }) => (
    <TextField
      {...more}
      label={label}
      isNeeded={name !== 'phone'}
      maxLength={name === 'phone' ? 40 : 200}
      value={values[name]}
      problem={problemAt(name) ?? (isTried && isMissing(name) ? t`This is needed.` : undefined)}
      onChange={(event) => setValues({ ...values, [name]: event.target.value })}
    />
  );
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isFit && !sending.isPending) sending.mutate();
      }}
    >
      {field('givenNames', t`Given names`, { autoComplete: 'given-name' })}
      {field('familyName', t`Family name`, { autoComplete: 'family-name' })}
      {field('birthDate', t`Born`, { type: 'date', autoComplete: 'bday' })}
      {field('email', t`E-mail address`, { type: 'email', autoComplete: 'email' })}
      {field('phone', t`Telephone, if you like`, { type: 'tel', autoComplete: 'tel' })}
      {sending.error && <Failure error={sending.error} />}
      <div>
        <Button type="submit" look="main" isBusy={sending.isPending}>
          <Trans>Send me a code</Trans>
        </Button>
      </div>
    </form>
  );
}
