/**
 * What every process is started with, so that many fit on one machine; what differs by process stands in its `process.json`
 * (`memory`). The reasons and figures are in docs/decisions/0024-memory-budget.md.
 */
export const memoryBudget = {
  nodeOptions: '--max-semi-space-size=4',
  malloc: {
    MALLOC_ARENA_MAX: '1',
    MALLOC_TRIM_THRESHOLD_: '16384',
    MALLOC_MMAP_THRESHOLD_: '16384',
    MALLOC_TOP_PAD_: '0',
  },
};
