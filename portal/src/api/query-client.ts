import { QueryClient } from '@tanstack/react-query';
import { isPassing } from './problem.ts';

/** Seconds in which what was read counts as current. */
const freshSeconds = 10;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: freshSeconds * 1_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: (failures) => 500 * 2 ** failures,
      // A browser without a network is told so by what fails, not by an endless wait.
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
