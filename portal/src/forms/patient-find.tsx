import { Trans, useLingui } from '@lingui/react/macro';
import { useDeferredValue, useRef } from 'react';
import { nameOfPatient, usePatientSearch } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';
import { TextField } from '../ui/field.tsx';
import { Remote } from '../ui/remote.tsx';

interface Props {
  words: string;
  onWords: (words: string) => void;
  onChoose: (patient: Patient) => void;
}

/** Finds a patient by part of any name, a birth date or a telephone number. Enter takes the first, arrows lead to the others. */
export function PatientFind({ words, onWords, onChoose }: Props) {
  const { i18n, t } = useLingui();
  const asked = useDeferredValue(words);
  const found = usePatientSearch(asked);
  const list = useRef<HTMLUListElement>(null);
  const buttons = () => [...(list.current?.querySelectorAll('button') ?? [])];
  const step = (by: number) => {
    const all = buttons();
    all[all.indexOf(document.activeElement as HTMLButtonElement) + by]?.focus();
  };
  return (
    <search
      aria-label={t`Find a patient`}
      className="grid gap-3"
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        step(event.key === 'ArrowDown' ? 1 : -1);
      }}
    >
      <TextField
        label={t`Patient`}
        hint={t`Part of a name, a birth date (14.8.1955) or a telephone number`}
        value={words}
        maxLength={200}
        autoComplete="off"
        autoFocus
        data-first
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => {
          const first = found.data?.items[0];
          // Only when the answer is to what stands there, so that nobody is taken whom the words do not name.
          if (event.key !== 'Enter' || !first || asked !== words || found.isFetching) return;
          event.preventDefault();
          onChoose(first);
        }}
      />
      {asked.trim().length >= 2 && (
        <Remote
          of={found}
          label={t`patients`}
          isNone={({ items }) => items.length === 0}
          none={<Trans>Nobody fits that.</Trans>}
        >
          {({ items, nextCursor }) => (
            <>
              <ul ref={list} className="grid max-h-72 gap-1 overflow-y-auto">
                {items.map((each) => (
                  <li key={each.id}>
                    <button
                      type="button"
                      onClick={() => onChoose(each)}
                      className="flex w-full cursor-pointer flex-wrap justify-between gap-x-4 rounded-field border border-line bg-surface px-3 py-2 text-left hover:border-accent"
                    >
                      <span className="font-semibold">
                        {nameOfPatient(each)}
                        {each.birthName && each.birthName !== each.familyName && (
                          <span className="font-normal"> ({each.birthName})</span>
                        )}
                      </span>
                      <span className="text-quiet">{dateInWords(each.birthDate, i18n.locale, 'medium')}</span>
                    </button>
                  </li>
                ))}
              </ul>
              {nextCursor && (
                <p className="text-sm text-quiet">
                  <Trans>There are more: type more of the name, or the birth date.</Trans>
                </p>
              )}
            </>
          )}
        </Remote>
      )}
    </search>
  );
}
