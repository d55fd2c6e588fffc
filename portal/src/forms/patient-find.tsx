import { Trans, useLingui } from '@lingui/react/macro';
import { type Ref, useDeferredValue, useEffect, useRef, useState } from 'react';
import { nameOfPatient, usePatientSearch } from '../api/patients.ts';
import type { Patient } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Remote } from '../ui/remote.tsx';
import { patientOfCard } from '../words/cards.ts';

interface Props {
  words: string;
  onWords: (words: string) => void;
  onChoose: (patient: Patient) => void;
  /** Takes in somebody who is not known. */
  onNew?: () => void;
  /** Where it is not what a page or dialog begins with: that it can be gone to. */
  field?: Ref<HTMLInputElement>;
  /** Keys that lead to the field. */
  shortcut?: string;
}

/**
 * Finds a patient by part of any name, a birth date, a telephone number or a card that is scanned. Enter takes who alone fits; where
 * several do it leads to the first of them, and arrows to the others.
 */
export function PatientFind({ words, onWords, onChoose, onNew, field, shortcut }: Props) {
  const { i18n, t } = useLingui();
  const asked = useDeferredValue(words);
  const found = usePatientSearch(asked);
  const list = useRef<HTMLUListElement>(null);
  // A scanner presses Enter before anybody can answer, and so do those who type quickly.
  const [entered, setEntered] = useState<string>();
  // Only an answer to what stands there, so that nobody is taken whom the words do not name.
  const answer = asked === words && !found.isFetching ? found.data : undefined;
  useEffect(() => {
    if (entered === undefined) return;
    if (entered !== words) return setEntered(undefined);
    if (!answer) return;
    setEntered(undefined);
    const [first, ...others] = answer.items;
    if (!first) return;
    if (others.length === 0 && !answer.nextCursor) onChoose(first);
    else list.current?.querySelector('button')?.focus();
  }, [entered, words, answer, onChoose]);
  const step = (by: number) => {
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    all[all.indexOf(document.activeElement as HTMLButtonElement) + by]?.focus();
  };
  const begins = field ? { ref: field } : { autoFocus: true, 'data-first': true };
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
        {...begins}
        label={t`Patient`}
        hint={
          <>
            <Trans>Part of a name, a birth date (14.8.1955), a telephone number, or a card that is scanned</Trans>
            {shortcut && (
              <>
                {' · '}
                <kbd className="rounded border border-edge px-1 text-xs">{shortcut}</kbd>
              </>
            )}
          </>
        }
        aria-keyshortcuts={shortcut}
        value={words}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (words.trim().length >= 2) setEntered(words);
        }}
      />
      {asked.trim().length >= 2 && (
        <Remote
          of={found}
          label={t`patients`}
          isNone={({ items }) => items.length === 0}
          none={patientOfCard(asked) ? <Trans>This card is of nobody here.</Trans> : <Trans>Nobody fits that.</Trans>}
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
      {onNew && asked.trim().length >= 2 && !patientOfCard(asked) && (
        <div>
          <Button size="desk" onClick={onNew}>
            <Trans>Take in a new patient</Trans>
          </Button>
        </div>
      )}
    </search>
  );
}
