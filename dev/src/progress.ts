import { messageOf } from './problem.ts';

/** What a step tells while it runs; plain data, so that it can travel from the background supervisor to a terminal. */
export type ProgressEvent =
  | { type: 'begin'; step: string }
  | { type: 'note'; step: string; text: string }
  | { type: 'done'; step: string; ms: number; detail?: string }
  | { type: 'failed'; step: string; ms: number; reason: string }
  | { type: 'say'; text: string };

export type Listener = (event: ProgressEvent) => void;

/** Runs steps and tells a listener how they go. */
export class Progress {
  readonly #listener: Listener;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  say(text: string): void {
    this.#listener({ type: 'say', text });
  }

  /** `work` may note what it is at; a text that it resolves to is shown as the outcome. */
  async step(step: string, work: (note: (text: string) => void) => Promise<unknown>): Promise<void> {
    const began = performance.now();
    const elapsed = () => Math.round(performance.now() - began);
    this.#listener({ type: 'begin', step });
    try {
      const said = await work((text) => this.#listener({ type: 'note', step, text }));
      const detail = typeof said === 'string' ? said : undefined;
      this.#listener({ type: 'done', step, ms: elapsed(), detail });
    } catch (error) {
      this.#listener({ type: 'failed', step, ms: elapsed(), reason: messageOf(error) });
      throw error;
    }
  }
}

export function seconds(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

interface Running {
  step: string;
  began: number;
  note: string;
  toldAt: number;
}

const quietMs = 2_000;
const beatMs = 10_000;
const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/**
 * Shows progress: on a terminal the running steps stand in one line that moves, elsewhere a step that takes longer than
 * two seconds says so, and again every ten.
 */
export class ProgressDisplay {
  readonly #out: NodeJS.WriteStream;
  readonly #moving: boolean;
  readonly #running = new Map<string, Running>();
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#moving = out.isTTY === true && !process.env.CI;
  }

  readonly show: Listener = (event) => {
    if (event.type === 'say') return this.#line(event.text);
    if (event.type === 'begin') {
      const now = performance.now();
      this.#running.set(event.step, { step: event.step, began: now, note: '', toldAt: now });
      this.#timer ??= setInterval(() => this.#beat(), this.#moving ? 120 : 500).unref();
    } else if (event.type === 'note') {
      const running = this.#running.get(event.step);
      if (running) running.note = event.text;
    } else {
      this.#running.delete(event.step);
      this.#line(outcome(event));
    }
    if (this.#running.size === 0) this.stop();
  };

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#moving) this.#out.write('\r\x1b[K');
  }

  #beat(): void {
    const now = performance.now();
    if (this.#moving) {
      this.#frame = (this.#frame + 1) % spinner.length;
      const names = [...this.#running.values()].map((each) => describe(each, now));
      const width = (this.#out.columns ?? 80) - 3;
      this.#out.write(`\r\x1b[K${spinner[this.#frame]} ${names.join(' · ').slice(0, width)}`);
      return;
    }
    for (const running of this.#running.values()) {
      const due = running.toldAt === running.began ? quietMs : beatMs;
      if (now - running.toldAt < due) continue;
      running.toldAt = now;
      this.#out.write(`  … ${describe(running, now)}\n`);
    }
  }

  #line(text: string): void {
    this.#out.write(`${this.#moving ? '\r\x1b[K' : ''}${text}\n`);
  }
}

function describe(running: Running, now: number): string {
  return `${running.step}${running.note ? `: ${running.note}` : ''}, ${Math.round((now - running.began) / 1000)} s`;
}

export function outcome(event: Extract<ProgressEvent, { type: 'done' | 'failed' }>): string {
  if (event.type === 'failed') return `  ✗ ${event.step}: ${event.reason.split('\n', 1)[0]}`;
  return `  ✓ ${event.step}${event.detail ? `: ${event.detail}` : ''} (${seconds(event.ms)})`;
}
