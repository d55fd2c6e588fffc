import { useSyncExternalStore } from 'react';

/** Whether somebody may be looking at this tab. */
export const useIsShown = (): boolean => useSyncExternalStore(subscribe, () => document.visibilityState !== 'hidden');

function subscribe(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}
