import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { streamFolder } from '../../dev/src/stream.ts';
import type { Candidate, Input, Rule } from '../../services/alert/src/domain/engine/evaluate.js';
import { Episodes, type ReplayedEpisode } from '../../services/alert/src/domain/engine/replay.js';

/** The rules of an engine over what comes of one patient. */
export interface Run {
  rule: Rule;
  patientId: string;
  /** From when on the patient is watched, in milliseconds. */
  from: number;
  zone: string;
  inputs: readonly Input[];
}

/** The engine in Python, without Spark around it: one line goes in for each run, one comes out. */
export class PythonEngine implements AsyncDisposable {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private said = '';

  constructor() {
    this.child = spawn('python3', ['-m', 'cabinet_stream.replay'], {
      cwd: streamFolder,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr?.on('data', (text) => {
      this.said += text;
    });
    if (!this.child.stdout) throw new Error('no output of the engine');
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** @returns what was found at each input */
  async find({ from, inputs, rule, patientId, zone }: Run): Promise<Candidate[][]> {
    const given = inputs.map((input) =>
      input.kind === 'tick' ? { tick: new Date(input.at).toISOString() } : { reading: input.reading },
    );
    const line = { rule, patientId, zone, from: new Date(from).toISOString(), inputs: given };
    this.child.stdin?.write(`${JSON.stringify(line)}\n`);
    const answer = await this.answers.next();
    if (answer.done) throw new Error(`the engine in Python has ended: ${this.said}`);
    return JSON.parse(answer.value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    await ended;
  }
}

/** The episodes that are there in the end. */
export function episodesOf(patientId: string, candidates: readonly Candidate[]): ReplayedEpisode[] {
  const episodes = new Episodes(patientId);
  episodes.take(candidates);
  return episodes.list();
}
