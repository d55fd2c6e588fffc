import { useRef } from 'react';

/**
 * Gives what somebody means to send a key (`Idempotency-Key`): sent twice, by a second click or after no answer came, it
 * happens once. Something else to send is another intent, with a key of its own.
 */
export function useIntent(): (body: unknown) => { 'Idempotency-Key': string } {
  const last = useRef<{ text: string; key: string }>(undefined);
  return (body) => {
    const text = JSON.stringify(body) ?? '';
    if (last.current?.text !== text) last.current = { text, key: crypto.randomUUID() };
    return { 'Idempotency-Key': last.current.key };
  };
}
