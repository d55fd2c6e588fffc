import { useHat } from './hat.ts';
import { usePerson } from './use-session.ts';

/** Whether somebody is shown what was sent to whom: as a secretary who works for every practitioner. */
export function useReadsLedger(): boolean {
  const person = usePerson();
  return useHat(person) === 'secretary' && person.worksForAll;
}
