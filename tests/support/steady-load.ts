import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { caller, until } from './http.ts';

/** A request that was not answered as it had to be. */
export interface Failure {
  what: string;
  during: string;
  status: number | string;
}

/** Whom the load acts as, by Authorization, and on what. */
export interface LoadedPractice {
  office: () => string;
  doctor: () => string;
  /** Free slots of practitioners, each for a patient of its own. */
  bookings: { practitionerId: string; appointmentTypeId: string; patientId: string; slots: string[] }[];
  /** Of a patient whose record the doctor may read. */
  record: string;
  patient: { email: string; password: string };
}

/** How often each caller begins anew, however fast it is answered: so a load stays below every limit on any machine. */
export interface Pace {
  everyMs: number;
  /** A sign-in costs as much as a hundred other requests, and few are allowed. */
  signInEveryMs: number;
}

/** Below the limits of a gateway as it comes: 50 requests a second of a user, a sign-in a second from an address. */
export const unhurried: Pace = { everyMs: 250, signInEveryMs: 3_000 };

/** Callers that never pause for long. What they do needs every process, neighbours and the broker's way included. */
export class SteadyLoad {
  readonly failures: Failure[] = [];
  readonly slowest = { ms: 0, what: '' };
  answered = 0;
  during = 'the start';
  isOver = false;
  private readonly underWay = new Set<number>();
  private readonly running: Promise<unknown>[] = [];
  private readonly nextGateway: (n: number) => string;

  private readonly pace: Pace;

  /** @param nextGateway the address that the n-th request goes to */
  constructor(nextGateway: (n: number) => string, pace: Pace) {
    this.nextGateway = nextGateway;
    this.pace = pace;
  }

  start(practice: LoadedPractice): void {
    const { everyMs, signInEveryMs } = this.pace;
    const signIn = () => this.expect(200, 'POST', '/api/auth/login', '', practice.patient);
    for (const work of this.worksOf(practice)) this.running.push(this.goOn(work, everyMs));
    this.running.push(this.goOn(signIn, signInEveryMs));
  }

  private async goOn(work: () => Promise<unknown>, everyMs: number): Promise<void> {
    while (!this.isOver) {
      const began = performance.now();
      await work();
      const restMs = began + everyMs - performance.now();
      // Short rests, so that the end of the load is not waited for.
      for (let left = restMs; left > 0 && !this.isOver; left -= 100) await delay(Math.min(left, 100));
    }
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  /** Resolves when everything that is under way now has been answered. */
  async turnover(): Promise<void> {
    const now = performance.now();
    await until(() => [...this.underWay].every((began) => began > now));
  }

  private worksOf({ office, doctor, bookings, record }: LoadedPractice): (() => Promise<unknown>)[] {
    let next = 0;
    const bookAndCancel =
      ({ slots, ...who }: LoadedPractice['bookings'][number]) =>
      async () => {
        const body = { ...who, start: slots[next++ % slots.length] };
        const booked = await this.expect(201, 'POST', '/api/appointments', office(), body);
        if (booked?.id)
          await this.expect(200, 'POST', `/api/appointments/${booked.id}/cancel`, office(), { reason: 'load' });
      };
    return [
      ...bookings.map(bookAndCancel),
      () => this.expect(200, 'GET', `/api/patients/${bookings[0]?.patientId}`, office()),
      () => this.expect(200, 'GET', '/api/practitioners?limit=5', office()),
      () => this.expect(200, 'GET', `/api/records/${record}`, doctor()),
      () => this.expect(200, 'GET', '/api/auth/me', office()),
    ];
  }

  /** Sends a request and counts it as a failure unless it is answered with this status; resolves to the answer's body. */
  private async expect(status: number, method: string, path: string, authorization: string, body?: object) {
    const what = `${method} ${path.replace(/[0-9a-f-]{36}/g, ':id').replace(/\?.*/, '')}`;
    const { during } = this;
    const began = performance.now();
    this.underWay.add(began);
    try {
      const headers: Record<string, string> = method === 'POST' ? { 'if-match': '"v1"' } : {};
      const answer = await caller(this.nextGateway(this.answered), authorization)(method, path, body, headers);
      if (answer.status !== status)
        this.failures.push({ what, during, status: `${answer.status} ${answer.body?.code}` });
      const ms = performance.now() - began;
      if (ms > this.slowest.ms) Object.assign(this.slowest, { ms, what: `${what} during ${during}` });
      return answer.body;
    } catch (error) {
      this.failures.push({ what, during, status: String((error as Error).cause ?? error) });
      return undefined;
    } finally {
      this.underWay.delete(began);
      this.answered += 1;
    }
  }
}
