/** Longest wait for a sidecar that may never come: what needs none of it is better served than nothing. */
const patienceMs = 15_000;

/**
 * Tells whether the own sidecar can carry calls, or could once: a sidecar that is lost later takes with it only what goes
 * through it, but an instance that is new must not be sent requests that it cannot pass on.
 */
export function sidecarWasReady(httpPort: number, givesUpAfterMs = patienceMs): () => Promise<boolean> {
  const began = performance.now();
  let isSettled = false;
  return async () => {
    isSettled ||= performance.now() - began > givesUpAfterMs || (await carriesCalls(httpPort));
    return isSettled;
  };
}

// Whether calls can go out; whether any can come in is a question that the sidecar asks of us.
const carriesCalls = (httpPort: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${httpPort}/v1.0/healthz/outbound`, { signal: AbortSignal.timeout(500) }).then(
    (answer) => answer.ok,
    () => false,
  );
