/** One that was told: where the teller stands by then, what it is, and more of it. */
export interface StreamEvent {
  id: string;
  event: string;
  data: string;
}

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6), one after the other, until their end.
 * @param onSign of life: whatever comes, comments too
 */
export async function* eventsIn(body: ReadableStream<Uint8Array>, onSign: () => void): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      onSign();
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = { id: '', event: 'message', data: '', ...fieldsOf(block) };
        if (event.id) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

const fieldsOf = (block: string): Partial<StreamEvent> =>
  Object.fromEntries(
    block
      .split('\n')
      .filter((line) => !line.startsWith(':'))
      .map((line) => line.split(/: ?(.*)/s).slice(0, 2)),
  );
