import { onTestFinished } from 'vitest';

interface FeedEvent {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it expects
  data: any;
}

/** Reads the feed of the registry at `.../eureka/` until the test is over; `next()` waits for the next event, `comments` counts heartbeats. */
export async function readFeed(url: string) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const answer = await fetch(`${url}changes`, { signal: abort.signal });
  const reader = (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  const feed = { type: answer.headers.get('content-type'), comments: 0, next, close: () => abort.abort() };
  let buffered = '';

  async function next(): Promise<FeedEvent | undefined> {
    for (;;) {
      const end = buffered.indexOf('\n\n');
      if (end >= 0) {
        const block = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        if (!block.startsWith(':')) return toEvent(block);
        feed.comments += 1;
        if (feed.comments > 2) return undefined;
      } else {
        const { done, value } = await reader.read();
        if (done) return undefined;
        buffered += value;
      }
    }
  }
  return feed;
}

function toEvent(block: string): FeedEvent {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
  return { event: fields.event, data: JSON.parse(fields.data) };
}
