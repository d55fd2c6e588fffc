export interface StreamEvent {
  type: string;
  data: string;
}

const eventCharactersMax = 32 * 1024 * 1024;

/**
 * Reads Server-Sent Events from chunks of text (WHATWG HTML, section 9.2.6). Comments keep the stream alive and are not told.
 * @throws when one event is so long that it can only be a mistake.
 */
export class EventStreamReader {
  private rest = '';
  private type = '';
  private data: string[] = [];
  private heldCharacters = 0;

  constructor(private readonly tell: (event: StreamEvent) => void) {}

  take(text: string): void {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.takeLine(line);
    if (this.heldCharacters + this.rest.length > eventCharactersMax)
      throw new Error('an event of the stream is too long');
  }

  private takeLine(line: string): void {
    if (line === '') {
      this.finishEvent();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.type = value;
    if (field === 'data') {
      this.data.push(value);
      this.heldCharacters += value.length;
    }
  }

  private finishEvent(): void {
    const event = { type: this.type || 'message', data: this.data.join('\n') };
    const hasData = this.data.length > 0;
    this.type = '';
    this.data = [];
    this.heldCharacters = 0;
    if (hasData) this.tell(event);
  }
}
