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

  private readonly pauseMs: number;

  /**
   * @param nextGateway the address that the n-th request goes to
   * @param pauseMs between two requests of one caller: a load that is steady, not as heavy as can be
   */
  constructor(nextGateway: (n: number) => string, pauseMs = 20) {
    this.nextGateway = nextGateway;
    this.pauseMs = pauseMs;
  }

  start(practice: LoadedPractice): void {
    for (const work of this.worksOf(practice)) {
      this.running.push(
        (async () => {
          while (!this.isOver) {
            await work();
            await delay(this.pauseMs);
          }
        })(),
      );
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

  private worksOf({ office, doctor, bookings, record, patient }: LoadedPractice): (() => Promise<unknown>)[] {
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
      async () => {
        await this.expect(200, 'POST', '/api/auth/login', '', patient);
        // A sign-in costs as much as a hundred other requests, so one comes with every thirty of them.
        const next = this.answered + 30;
        await until(() => this.isOver || this.answered >= next);
      },
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
