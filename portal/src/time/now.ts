import { useEffect, useState } from 'react';
import { now } from './server-clock.ts';

/** What time it is, anew every quarter of a minute (ms since 1970). */
export function useNow(): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return time;
}
