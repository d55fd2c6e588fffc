import { type Clock, systemClock } from '@cabinet/kit/clock';

/** What the time is and when something is due: all that the registry does by itself hangs on it, so tests move it by hand. */
export interface Time extends Clock {
  /** @returns how to end it. */
  every(milliseconds: number, run: () => void): () => void;
  /** @returns how to call it off. */
  after(milliseconds: number, run: () => void): () => void;
}

/** Its timers keep no process alive. */
export const realTime: Time = {
  ...systemClock,
  every(milliseconds, run) {
    const timer = setInterval(run, milliseconds).unref();
    return () => clearInterval(timer);
  },
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
