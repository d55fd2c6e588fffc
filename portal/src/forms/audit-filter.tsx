import { Trans, useLingui } from '@lingui/react/macro';
import { useId, useState } from 'react';
import type { AuditSearch } from '../api/audit.ts';
import { useServiceNames } from '../api/system.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';

export const nothingAsked: AuditSearch = { service: '', subject: '', actor: '', action: '', from: '', until: '' };

interface Props {
  /** E-mail addresses by the ids of users. */
  emails: ReadonlyMap<string, string>;
  onSearch: (search: AuditSearch) => void;
  isBusy: boolean;
}

type Field = keyof AuditSearch;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Narrows the audit trail down: whose data, who, what, where and when. Users are found by their address as well as by their id. */
export function AuditFilter({ emails, onSearch, isBusy }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(nothingAsked);
  const [isTried, setTried] = useState(false);
  const services = useServiceNames();
  const [users, actions] = [useId(), useId()];
  const idOf = (word: string): string => {
    const address = word.trim().toLowerCase();
    return [...emails].find(([, email]) => email.toLowerCase() === address)?.[0] ?? word.trim();
  };
  const [subject, isWrongWay] = [
    idOf(typed.subject),
    typed.from !== '' && typed.until !== '' && typed.until < typed.from,
  ];
  const isNobody = subject !== '' && !uuid.test(subject);
  const field = (name: Field, label: string, more: Partial<Parameters<typeof TextField>[0]> = {}) => (
    <TextField
      label={label}
      value={typed[name]}
      maxLength={200}
      autoComplete="off"
      onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
      {...more}
    />
  );
  return (
    <form
      className="grid gap-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isNobody && !isWrongWay) onSearch({ ...typed, subject, actor: idOf(typed.actor) });
      }}
    >
      <div className="grid items-end gap-3 tablet:grid-cols-2 desk:grid-cols-3">
        {field('subject', t`Whose data (id or address)`, {
          list: users,
          problem: isTried && isNobody ? t`Give an id, or the address of somebody who signs in.` : undefined,
        })}
        {field('actor', t`Who (id or address)`, { list: users })}
        {field('action', t`What was done`, { list: actions, placeholder: 'GET /api/patients/:id' })}
        {field('from', t`From day`, { type: 'date' })}
        {field('until', t`Until day`, {
          type: 'date',
          problem: isTried && isWrongWay ? t`Give a day that is not before the first.` : undefined,
        })}
        <ChoiceField
          label={t`In the trail of`}
          value={typed.service}
          onChange={(event) => setTyped({ ...typed, service: event.target.value })}
        >
          <option value="">{t`all services`}</option>
          {services.data?.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </ChoiceField>
      </div>
      <datalist id={users}>
        {[...new Set(emails.values())].map((email) => (
          <option key={email} value={email} />
        ))}
      </datalist>
      <datalist id={actions}>
        {usual.map((action) => (
          <option key={action} value={action} />
        ))}
      </datalist>
      <div>
        <Button type="submit" look="main" isBusy={isBusy}>
          <Trans>Search</Trans>
        </Button>
      </div>
    </form>
  );
}

/** What is searched for most, as the trails name it. */
const usual = [
  'GET /api/records/:patientId',
  'POST /api/records/:patientId/emergency-access',
  'GET /api/patients/:id',
  'PATCH /api/patients/:id',
  'POST /api/patients/search',
  'POST /api/patients/:id/merge',
  'POST /api/patients/:id/erase',
  'GET /api/appointments',
  'PATCH /api/auth/users/:id',
  'DELETE /api/auth/users/:id/sessions',
];
