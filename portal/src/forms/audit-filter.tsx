import { Trans, useLingui } from '@lingui/react/macro';
import { useId, useState } from 'react';
import type { AuditSearch } from '../api/audit.ts';
import { useServiceNames } from '../api/system.ts';
import type { KnownPerson } from '../api/users.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { isId, personCalled, questionOf } from '../words/audit-question.ts';
import { usualDeeds } from '../words/deeds.ts';

export const nothingAsked: AuditSearch = { service: '', subject: '', actor: '', action: '', from: '', until: '' };

interface Props {
  people: readonly KnownPerson[];
  /** @param typed the same in the words of who asked */
  onSearch: (search: AuditSearch, typed: AuditSearch) => void;
  isBusy: boolean;
}

type Field = keyof AuditSearch;

/** Narrows the audit trail down: whose data, who, what, where and when. People are found by their address as well as by their ids. */
export function AuditFilter({ people, onSearch, isBusy }: Props) {
  const { i18n, t } = useLingui();
  const [typed, setTyped] = useState(nothingAsked);
  const [isTried, setTried] = useState(false);
  const services = useServiceNames();
  const [users, actions] = [useId(), useId()];
  const isWrongWay = typed.from !== '' && typed.until !== '' && typed.until < typed.from;
  const isKnown = (word: string) => word.trim() === '' || isId(word) || personCalled(people, word) !== undefined;
  const isNobody = !isKnown(typed.subject);
  // What is no address may be the name of a service.
  const isNoActor = typed.actor.includes('@') && !isKnown(typed.actor);
  const unknown = t`Give an id, or the address of somebody who signs in.`;
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
        if (!isNobody && !isNoActor && !isWrongWay) onSearch(questionOf(typed, people, i18n), typed);
      }}
    >
      <div className="grid items-end gap-3 tablet:grid-cols-2 desk:grid-cols-3">
        {field('subject', t`Whose data (id or address)`, {
          list: users,
          problem: isTried && isNobody ? unknown : undefined,
        })}
        {field('actor', t`Who (id or address)`, {
          list: users,
          problem: isTried && isNoActor ? unknown : undefined,
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
        {[...new Set(people.map(({ email }) => email))].map((email) => (
          <option key={email} value={email} />
        ))}
      </datalist>
      <datalist id={actions}>
        {Object.entries(usualDeeds).map(([action, says]) => (
          <option key={action} value={i18n._(says)} />
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
