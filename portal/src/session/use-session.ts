import { useSyncExternalStore } from 'react';
import type { Person } from './person.ts';
import { session } from './session.ts';

export const useSession = () => useSyncExternalStore(session.subscribe, session.current);

/** Who is signed in. Only below the frame, which shows its pages to nobody else. */
export function usePerson(): Person {
  const state = useSession();
  if (!('person' in state)) throw new Error('a page for signed-in people is shown to nobody');
  return state.person;
}
