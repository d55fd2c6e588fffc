/** Aborts at the first signal that asks this process to end; further ones change nothing. */
export function stopSignals(): { signal: AbortSignal; whenAborted: Promise<void>; abort(): void } {
  const controller = new AbortController();
  const whenAborted = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  return { signal: controller.signal, whenAborted, abort: () => controller.abort() };
}
