import { useEffect, useRef } from 'react';

/**
 * Alt, Shift and a letter, wherever on the page the focus is: keys that nobody presses in writing (WCAG 2.1.4). Not while something is
 * to be answered over the page.
 * @param letter as the key is named (`KeyboardEvent.code`), whatever it writes there with Alt: `KeyN`
 */
export function useShortcut(letter: `Key${string}`, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.code !== letter || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
      if (event.repeat || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, [letter]);
}
