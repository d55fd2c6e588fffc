import { describe, expect, it } from 'vitest';
import { EventStreamReader, type StreamEvent } from './event-stream.js';

function read(...chunks: string[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const reader = new EventStreamReader((event) => events.push(event));
  for (const chunk of chunks) reader.take(chunk);
  return events;
}

describe('EventStreamReader', () => {
  const stream =
    'id: 1\nevent: snapshot\ndata: {"a":1}\n\n: heartbeat\n\nevent: change\r\ndata: x\r\ndata:y\r\n\r\ndata: z\r\r';
  const events = [
    { type: 'snapshot', data: '{"a":1}' },
    { type: 'change', data: 'x\ny' },
    { type: 'message', data: 'z' },
  ];

  it('tells each event once, however the text is cut', () => {
    expect(read(stream, ':\n')).toEqual(events);
    expect(read(...stream, ':\n')).toEqual(events);
    for (let at = 1; at < stream.length; at++) {
      expect(read(stream.slice(0, at), stream.slice(at), ':\n')).toEqual(events);
    }
  });

  it('does not tell an event that has not ended', () => {
    expect(read('event: change\ndata: x\n')).toEqual([]);
  });

  it('gives up on an event without end', () => {
    const part = `data: ${'x'.repeat(1024 * 1024)}\n`;
    expect(() => read(...Array.from({ length: 40 }, () => part))).toThrow('too long');
  });
});
