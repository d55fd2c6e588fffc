import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CalendarFailure, type CalendarFailureCode } from '../../../domain/calendars/failures.js';
import type { MultiStatus } from '../caldav/dav-xml.js';
import type { IcsOptions, IcsReading } from './read-ics.js';

/** What is asked of the process that reads, and what it answers. */
interface Readings {
  ics: { question: { texts: string[]; options: IcsOptions }; answer: IcsReading[] };
  multistatus: { question: string; answer: MultiStatus };
}

type Kind = keyof Readings;

export type Question = { [K in Kind]: { kind: K; of: Readings[K]['question'] } }[Kind];

/** What was read, why it cannot be, or what of us failed at it: without a word of what was read. */
export type Answer = { read: Readings[Kind]['answer'] } | { failure: CalendarFailureCode } | { defect: string };

/** One of these bounds ends the process that reads, and nothing else. */
export interface ReadingBounds {
  msMax: number;
  megabytesMax: number;
  /** It is started for the first text, and ends when there was none for so long. */
  idleMs: number;
}

const usualBounds: ReadingBounds = { msMax: 20_000, megabytesMax: 64, idleMs: 15_000 };

// Built also when this file itself is run as it was written.
const program = fileURLToPath(new URL('../../../../dist/data/calendars/ics/reading-process.js', import.meta.url));

/**
 * Reads what strangers wrote in a process of its own, one text after the other. V8 ends a whole process when one allocation
 * goes beyond its heap, whatever a thread was allowed; so what is read there can cost that process, and never the service.
 * It is given no secret: neither the environment, nor files to write, nor further processes.
 */
export class IsolatedReader {
  private readonly bounds: ReadingBounds;
  private last: Promise<unknown> = Promise.resolve();
  private child?: ChildProcess;
  private idle?: NodeJS.Timeout;
  private isStopped = false;

  constructor(bounds: Partial<ReadingBounds> = {}) {
    this.bounds = { ...usualBounds, ...bounds };
  }

  /** @throws CalendarFailure for what is none, or is too much: CALENDAR.READER_ENDED when it ended the process */
  read<K extends Kind>(kind: K, of: Readings[K]['question']): Promise<Readings[K]['answer']> {
    const asked = this.last.then(() => this.ask({ kind, of } as Question));
    this.last = asked.catch(() => undefined);
    return asked;
  }

  /** The process that reads, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Ends what is being read; nothing is read any more. */
  stop(): void {
    this.isStopped = true;
    this.end();
  }

  private end(): void {
    clearTimeout(this.idle);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async ask(question: Question): Promise<never> {
    if (this.isStopped) throw new CalendarFailure('CALENDAR.READER_ENDED');
    clearTimeout(this.idle);
    const child = this.child ?? (await this.start());
    const deadline = setTimeout(() => child.kill('SIGKILL'), this.bounds.msMax);
    try {
      const answer = await answerOf(child, question);
      if ('read' in answer) return answer.read as never;
      if ('failure' in answer) throw new CalendarFailure(answer.failure);
      throw new Error(`what reads calendars failed: ${answer.defect}`);
    } finally {
      clearTimeout(deadline);
      if (!this.isStopped) this.idle = setTimeout(() => this.end(), this.bounds.idleMs);
    }
  }

  private async start(): Promise<ChildProcess> {
    const { megabytesMax, msMax } = this.bounds;
    const child = fork(program, [String(msMax)], {
      env: {},
      execArgv: [
        `--max-old-space-size=${megabytesMax}`,
        '--max-semi-space-size=4',
        '--permission',
        '--allow-fs-read=*',
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child = child;
    const gone = () => {
      if (this.child === child) this.child = undefined;
    };
    child.once('exit', gone).once('error', gone);
    const [begun] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [])]);
    // It never was able to read: that is no calendar's doing.
    if (!begun && !this.isStopped) throw new Error(`what reads calendars did not start (${child.exitCode})`);
    // Where memory runs out for all, it is the one to go; not every system can be told so.
    await writeFile(`/proc/${child.pid}/oom_score_adj`, '1000').catch(() => undefined);
    return child;
  }
}

function answerOf(child: ChildProcess, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      child.off('message', answered);
      reject(new CalendarFailure('CALENDAR.READER_ENDED'));
    };
    const answered = (answer: unknown) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    };
    // Whose end was told before will not be told of it again.
    if (child.exitCode !== null || child.signalCode !== null) return ended();
    child.once('exit', ended).once('message', answered);
    // What cannot be sent to it was not told of its end yet.
    child.send(question, () => undefined);
  });
}
