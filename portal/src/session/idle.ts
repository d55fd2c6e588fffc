import { useEffect, useState } from 'react';
import { noteTouch, secondsLeft } from './touches.ts';

const warnSeconds = 2 * 60;

/** What counts as somebody being there. */
const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Watches whether anybody is there, at this window or another one of the same session. Measured by the clock, not by timers: a
 * laptop that slept has been left as well, and the key that wakes it is no touch.
 * @returns the seconds that are left, once the warning is due; and `stay`
 */
export function useIdle(sessionId: string, whenOver: () => void): { secondsLeft?: number; stay: () => void } {
  const [left, setLeft] = useState(() => secondsLeft(sessionId));
  const isWarning = left <= warnSeconds;

  useEffect(() => {
    const look = () => setLeft(secondsLeft(sessionId));
    const note = () => {
      if (secondsLeft(sessionId) > warnSeconds) noteTouch(sessionId);
      look();
    };
    const timer = setInterval(look, 1_000);
    for (const sign of signs) addEventListener(sign, note, { passive: true });
    return () => {
      clearInterval(timer);
      for (const sign of signs) removeEventListener(sign, note);
    };
  }, [sessionId]);

  const isOver = left <= 0;
  useEffect(() => {
    if (isOver) whenOver();
  }, [isOver, whenOver]);

  const stay = () => {
    // Too late it is no answer to the question: the page may just have woken.
    if (secondsLeft(sessionId) > 0) noteTouch(sessionId);
    setLeft(secondsLeft(sessionId));
  };
  return { secondsLeft: isWarning ? Math.max(0, left) : undefined, stay };
}
