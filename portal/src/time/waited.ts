import { useEffect, useState } from 'react';
import type { Appointment } from '../api/types.ts';
import * as practice from './server-clock.ts';

type Visit = Pick<Appointment, 'status' | 'arrivedAt'>;

/** Since when somebody waits (ms since 1970); undefined for who does not, or of whom that is not known. */
export const waitsSince = ({ status, arrivedAt }: Visit): number | undefined =>
  status === 'arrived' && arrivedAt !== undefined ? Date.parse(arrivedAt) : undefined;

/** Whole minutes that somebody has waited by now, kept up to date; undefined as of `waitsSince`. */
export function useMinutesWaited(visit: Visit): number | undefined {
  const since = waitsSince(visit);
  const [now, setNow] = useState(() => practice.now());
  useEffect(() => {
    if (since === undefined) return;
    setNow(practice.now());
    const timer = setInterval(() => setNow(practice.now()), 15_000);
    return () => clearInterval(timer);
  }, [since]);
  return since === undefined ? undefined : Math.max(0, Math.floor((now - since) / 60_000));
}
