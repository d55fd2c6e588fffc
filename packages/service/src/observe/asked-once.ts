/** Whoever takes longer is away, as far as metrics go: the rest of them must not wait for it. */
const readMsMax = 2_000;

interface Answer<T> {
  values: T;
  seconds: number;
}

/**
 * Asks a database for what metrics tell: all that are asked for at once share one question, and one that hangs is not asked
 * a second time meanwhile.
 * @returns undefined instead of an answer that does not come within two seconds, or is an error
 */
export function askedOnce<T>(read: () => Promise<T>): () => Promise<Answer<T> | undefined> {
  let running: Promise<Answer<T>> | undefined;
  let shared: Promise<Answer<T> | undefined> | undefined;
  const ask = async (): Promise<Answer<T>> => {
    const began = performance.now();
    const values = await read();
    return { values, seconds: (performance.now() - began) / 1000 };
  };
  const answer = () => {
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    shared ??= inTime(answer()).finally(() => {
      shared = undefined;
    });
    return shared;
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), readMsMax);
  });
  const given = answer.catch(() => undefined);
  return Promise.race([given, tooLate]).finally(() => clearTimeout(timer));
}
