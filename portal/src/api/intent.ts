import { useRef } from 'react';
import { isPassing, problemOf } from './problem.ts';

type Send<T> = (header: { 'Idempotency-Key': string }) => Promise<T>;

/**
 * Sends what somebody means to send with a key (`Idempotency-Key`): sent twice, by a second click or after no answer came, it
 * happens once. Something else to send is another intent, with a key of its own; so is the same once it was answered.
 */
export function useIntent(): <T>(body: unknown, send: Send<T>) => Promise<T> {
  const last = useRef<{ text: string; key: string }>(undefined);
  return async (body, send) => {
    const text = JSON.stringify(body) ?? '';
    const intent = last.current?.text === text ? last.current : { text, key: crypto.randomUUID() };
    last.current = intent;
    const forget = () => {
      if (last.current === intent) last.current = undefined;
    };
    try {
      const answer = await send({ 'Idempotency-Key': intent.key });
      forget();
      return answer;
    } catch (error) {
      if (isAnswered(error)) forget();
      throw error;
    }
  };
}

/** Whether it is known what became of it. */
const isAnswered = (error: unknown): boolean => {
  const problem = problemOf(error);
  return problem !== undefined && !isPassing(error) && problem.status < 500 && problem.code !== 'REQUEST.IN_FLIGHT';
};
