import type { Dispatcher } from 'undici';

/**
 * Reads the body of an answer that is JSON.
 * @throws when it is longer than `bytesMax`, or not JSON.
 */
export async function readJson(body: Dispatcher.ResponseData['body'], bytesMax: number): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`);
  }
  return JSON.parse(Buffer.concat(parts).toString());
}

/** Lets go of an answer that nobody wants to read. */
export function drop(body: Dispatcher.ResponseData['body']): void {
  // Ending it early is an error to the stream, and an error that nobody listens to ends the process.
  body.on('error', () => {}).destroy();
}
