import { useEffect, useState } from 'react';

/** After so long without a touch or a key, whoever comes to the screen has to sign in again over the page. */
const idleMinutes = 30;
const warnMinutes = 2;

/** What counts as somebody being there. */
const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Watches whether anybody is there. Measured by the clock, not by timers: a laptop that slept has been left as well.
 * @returns the seconds that are left, once the warning is due; and `stay`
 */
export function useIdle(isWatched: boolean, whenOver: () => void): { secondsLeft?: number; stay: () => void } {
  const [seenAt, setSeenAt] = useState(() => Date.now());
  const [now, setNow] = useState(seenAt);
  const left = Math.ceil(idleMinutes * 60 - (now - seenAt) / 1_000);
  const isWarning = left <= warnMinutes * 60;

  useEffect(() => {
    if (!isWatched || isWarning) return;
    const note = () => setSeenAt(Date.now());
    for (const sign of signs) addEventListener(sign, note, { passive: true });
    return () => {
      for (const sign of signs) removeEventListener(sign, note);
    };
  }, [isWatched, isWarning]);

  useEffect(() => {
    if (!isWatched) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isWatched]);

  const isOver = isWatched && left <= 0;
  useEffect(() => {
    if (isOver) whenOver();
  }, [isOver, whenOver]);

  const stay = () => {
    setSeenAt(Date.now());
    setNow(Date.now());
  };
  return { secondsLeft: isWatched && isWarning ? Math.max(0, left) : undefined, stay };
}
