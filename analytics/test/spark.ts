import type { ChildProcess } from 'node:child_process';
import { type StreamOptions, startStream } from '../../dev/src/stream.ts';

/** The job on this machine. */
export class SparkJob {
  private readonly child: ChildProcess;
  private said = '';
  private readonly ended: Promise<number | null>;

  constructor(options: StreamOptions) {
    this.child = startStream({ ...options, stdio: 'pipe' });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text) => {
        this.said = `${this.said}${text}`.slice(-20_000);
      });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }

  /** What it wrote, its last 20,000 characters. */
  get output(): string {
    return this.said;
  }

  /** @throws Error with what it wrote, when it ends otherwise than well */
  async end(): Promise<void> {
    const code = await this.ended;
    if (code !== 0) throw new Error(`the job ended with ${code}: ${this.said}`);
  }

  /** As by a machine that goes dark: nothing of it is left, and nothing is put in order. */
  async kill(): Promise<void> {
    if (this.child.pid && this.child.exitCode === null) process.kill(-this.child.pid, 'SIGKILL');
    await this.ended;
  }
}
