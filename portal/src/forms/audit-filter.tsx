import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import type { AuditSearch } from '../api/audit.ts';
import { useServiceNames } from '../api/system.ts';
import { findByAddress, isId, useUsersFound } from '../api/users.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { isAddress, personCalled, questionOf } from '../words/audit-question.ts';
import { usualDeeds } from '../words/deeds.ts';

export const nothingAsked: AuditSearch = { service: '', subject: '', actor: '', action: '', from: '', until: '' };

interface Props {
  /** @param typed the same in the words of who asked */
  onSearch: (search: AuditSearch, typed: AuditSearch) => void;
  isBusy: boolean;
}

type Field = keyof AuditSearch;

/** Narrows the audit trail down: whose data, who, what, where and when. People are found by their address as well as by their ids. */
export function AuditFilter({ onSearch, isBusy }: Props) {
  const { i18n, t } = useLingui();
  const [typed, setTyped] = useState(nothingAsked);
  const [isTried, setTried] = useState(false);
  const services = useServiceNames();
  const [users, actions] = [useId(), useId()];
  const isWrongWay = typed.from !== '' && typed.until !== '' && typed.until < typed.from;
  const [lately, setLately] = useState('');
  const suggested = useUsersFound(useDeferredValue(lately));
  const finding = useMutation({
    mutationFn: () => findByAddress([typed.subject, typed.actor].map((word) => word.trim()).filter(isAddress)),
    onSuccess(people) {
      const isKnown = (word: string) => personCalled(people, word) !== undefined;
      const [subject, actor] = [typed.subject.trim(), typed.actor.trim()];
      const next = {
        subject: subject !== '' && !isId(subject) && !isKnown(subject),
        // What is no address may be the name of a service.
        actor: isAddress(actor) && !isKnown(actor),
      };
      setNobody(next);
      if (!next.subject && !next.actor && !isWrongWay) onSearch(questionOf(typed, people, i18n), typed);
    },
  });
  const [nobody, setNobody] = useState({ subject: false, actor: false });
  const unknown = t`Give an id, or the address of somebody who signs in.`;
  const field = (name: Field, label: string, more: Partial<Parameters<typeof TextField>[0]> = {}) => (
    <TextField
      label={label}
      value={typed[name]}
      maxLength={200}
      autoComplete="off"
      onChange={({ target: { value } }) => {
        setTyped({ ...typed, [name]: value });
        if (name === 'subject' || name === 'actor') setLately(value.trim());
      }}
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
        finding.mutate();
      }}
    >
      <div className="grid items-end gap-3 tablet:grid-cols-2 desk:grid-cols-3">
        {field('subject', t`Whose data (id or address)`, {
          list: users,
          problem: nobody.subject ? unknown : undefined,
        })}
        {field('actor', t`Who (id or address)`, {
          list: users,
          problem: nobody.actor ? unknown : undefined,
        })}
        {field('action', t`What was done`, { list: actions, placeholder: t`patients merge` })}
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
        {suggested.data?.map(({ id, email }) => (
          <option key={id} value={email} />
        ))}
      </datalist>
      <datalist id={actions}>
        {Object.entries(usualDeeds).map(([action, says]) => (
          <option key={action} value={i18n._(says)} />
        ))}
      </datalist>
      {finding.error && <Failure error={finding.error} />}
      <div>
        <Button type="submit" look="main" isBusy={isBusy || finding.isPending}>
          <Trans>Search</Trans>
        </Button>
      </div>
    </form>
  );
}
