export interface Answer {
  status: number;
  headers: Headers;
  // The tests assert what is in it.
  // biome-ignore lint/suspicious/noExplicitAny: a JSON answer of any shape
  body: any;
}

export type Caller = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
  /** Aborted, it cuts the connection. */
  signal?: AbortSignal,
) => Promise<Answer>;

/** Sends requests with headers of its own, or as one person by their Authorization; a body that is not text goes as JSON. */
export const caller =
  (base: string, sender: string | Record<string, string> = {}): Caller =>
  async (method, path, body, headers = {}, signal = undefined) => {
    const response = await fetch(base + path, {
      method,
      signal,
      headers: {
        ...(typeof sender === 'string' ? { authorization: sender } : sender),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body:
        body === undefined || typeof body === 'string' || body instanceof Uint8Array
          ? (body as RequestInit['body'])
          : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };

/**
 * Waits for a condition, not for a time; fails with what was last thrown after a generous while.
 * @param everyMs longer for what may be asked only so often
 */
export async function until(holds: () => Promise<boolean> | boolean, limitMs = 110_000, everyMs = 20): Promise<void> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  const holdsNow = async () => {
    try {
      return await holds();
    } catch (error) {
      last = error;
      return false;
    }
  };
  while (!(await holdsNow())) {
    if (Date.now() > deadline) throw new Error(`did not come true: ${holds}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Repeats a request for as long as the first one with its Idempotency-Key is running, as its problem advises. */
export async function untilAnswered(send: () => Promise<Answer>): Promise<Answer> {
  let answer: Answer | undefined;
  await until(async () => {
    answer = await send();
    return answer.body.code !== 'REQUEST.IN_FLIGHT';
  });
  return answer as Answer;
}
