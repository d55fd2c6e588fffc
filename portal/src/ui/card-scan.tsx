import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { beginsCard, patientOfCard } from '../words/cards.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';

/**
 * Hears what a scanner types of a patient’s card, and Enter, while nobody is typing into a field. Whatever else is typed does nothing.
 */
export function useCardScan(onPatient: (patientId: string) => void): void {
  const latest = useRef(onPatient);
  useEffect(() => {
    latest.current = onPatient;
  });
  useEffect(() => {
    let typed = '';
    const hear = (event: KeyboardEvent) => {
      const isField = event.target instanceof HTMLElement && /INPUT|TEXTAREA|SELECT/.test(event.target.tagName);
      if (isField || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (event.key === 'Enter') {
        const patientId = patientOfCard(typed);
        typed = '';
        if (!patientId) return;
        // Else the button that has the focus would be pressed as well.
        event.preventDefault();
        event.stopPropagation();
        latest.current(patientId);
      } else if (event.key.length === 1) {
        typed = [typed + event.key, event.key].find(beginsCard) ?? '';
      }
    };
    addEventListener('keydown', hear, { capture: true });
    return () => removeEventListener('keydown', hear, { capture: true });
  }, []);
}

/** Where a card can be scanned into, or what stands on it be typed. */
export function CardField({ onPatient }: { onPatient: (patientId: string) => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  return (
    <search>
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const patientId = patientOfCard(typed);
          setTried(true);
          if (patientId) onPatient(patientId);
        }}
      >
        <div className="min-w-48 flex-1">
          <TextField
            label={t`Scan the card of a patient`}
            autoComplete="off"
            maxLength={100}
            value={typed}
            problem={isTried && !patientOfCard(typed) ? t`This is no card of a patient of the practice.` : undefined}
            onChange={(event) => {
              setTyped(event.target.value);
              setTried(false);
            }}
          />
        </div>
        <Button type="submit">
          <Trans>Open the chart</Trans>
        </Button>
      </form>
    </search>
  );
}
