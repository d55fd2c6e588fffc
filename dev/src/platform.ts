import { setTimeout as delay } from 'node:timers/promises';
import { sendCommand } from './control.ts';
import { Home } from './home.ts';
import { databaseUrl, identitiesIn, portalAddress, tokens } from './plan.ts';
import { Problem } from './problem.ts';
import { isAlive, type ProcessIdentity, signal } from './process-identity.ts';
import type { AppPorts } from './run-file.ts';
import { type KafkaLogin, kafkaLogin } from './servers/kafka.ts';
import { postgresAdminUrl } from './servers/postgres.ts';
import { sidecarName } from './sidecar.ts';
import { type PlatformState, type ProcessRecord, runningState } from './state.ts';
import { until } from './wait.ts';

/** Processes of the run file that are not services: the one lists them, the other leads to them. */
const notServices = ['registry', 'gateway'];

/** A platform that runs: where everything is, and a hand on each process. For people's verbs, tests and benchmarks. */
export class Platform {
  readonly home: Home;
  readonly #supervisor: ProcessIdentity;
  readonly #ports: PlatformState['ports'];

  private constructor(home: Home, state: PlatformState) {
    this.home = home;
    this.#supervisor = state.supervisor;
    this.#ports = state.ports;
  }

  /** The platform that runs in this home, or undefined. */
  static running(home: Home = new Home()): Platform | undefined {
    const state = runningState(home);
    return state && new Platform(home, state);
  }

  get isRunning(): boolean {
    return isAlive(this.#supervisor);
  }

  /** Whether everything was brought up (and not whether all of it is well at this moment). */
  get isReady(): boolean {
    return runningState(this.home)?.phase === 'running';
  }

  get supervisorPid(): number {
    return this.#supervisor.pid;
  }

  hasDatabase(app: string): boolean {
    return databaseUrl(app, this.home, this.#ports) !== undefined;
  }

  get services(): string[] {
    return Object.keys(this.#ports.apps).filter((name) => !notServices.includes(name));
  }

  /** What proves whose sidecar one is, and where it is shown for a certificate. */
  get identities(): { folder: string; sentryPort: number } {
    return { folder: identitiesIn(this.home), sentryPort: this.#ports.servers.sentry };
  }

  /** Where other sidecars find the one of this process. */
  internalPort(app: string): number {
    return this.#portsOf(app).daprInternal;
  }

  url(app: string): string {
    return `http://127.0.0.1:${this.#portsOf(app).app}`;
  }

  /** Where people sign in with a browser. */
  get portalAddress(): string {
    return portalAddress(this.#portsOf('gateway').app);
  }

  sidecarUrl(app: string): string {
    return `http://127.0.0.1:${this.#portsOf(app).daprHttp}`;
  }

  /** What an app sends to its sidecar, in the header dapr-api-token. */
  daprApiToken(app: string): string {
    return tokens(this.home, app).DAPR_API_TOKEN;
  }

  /** What a sidecar sends to its app, in the same header. */
  appApiToken(app: string): string {
    return tokens(this.home, app).APP_API_TOKEN;
  }

  /** Where the broker is, and whom it lets in. */
  get kafka(): KafkaLogin {
    return kafkaLogin(this.home, this.#ports.servers.kafka);
  }

  /** Where Prometheus answers, when it was asked for. */
  get prometheusUrl(): string | undefined {
    const { observers } = this.#ports;
    return observers && `http://127.0.0.1:${observers.prometheus}`;
  }

  /** Where the mails of this platform are looked at; undefined for one that sends none. */
  get mailUrl(): string | undefined {
    const { servers, apps } = this.#ports;
    return apps.notification && `http://127.0.0.1:${servers.mailpitPage}`;
  }

  /** An app's database, entered with the app's own role. */
  databaseUrl(app: string): string {
    const url = databaseUrl(app, this.home, this.#ports);
    if (!url) throw new Error(`${app} has no database`);
    return url;
  }

  /** An app's PostgreSQL database, entered as superuser. */
  adminDatabaseUrl(app: string): string {
    return postgresAdminUrl(this.home, this.#ports.servers.postgres, app);
  }

  processes(): ProcessRecord[] {
    return runningState(this.home)?.processes ?? [];
  }

  process(name: string): ProcessRecord {
    const found = this.processes().find((each) => each.name === name);
    if (!found) throw new Problem(`no process "${name}" runs.`);
    return found;
  }

  /** Sends a signal to a process; the supervisor starts it again when that ended it. */
  kill(name: string, how: NodeJS.Signals = 'SIGKILL'): void {
    const { identity } = this.process(name);
    if (!identity || !signal(identity, how)) throw new Problem(`${name} does not run.`);
  }

  /** Stops a process and keeps it down until `startProcess`. */
  async stopProcess(name: string): Promise<void> {
    await sendCommand(this.home, 'stop', name);
  }

  /** Starts a stopped process; resolves when it is ready. */
  async startProcess(name: string): Promise<void> {
    await sendCommand(this.home, 'start', name);
  }

  /** Stops, or starts, a process together with its sidecar. */
  async stopApp(name: string): Promise<void> {
    await this.stopProcess(name);
    await this.stopProcess(sidecarName(name));
  }

  async startApp(name: string): Promise<void> {
    // Each waits for the other: a process reads its secrets through its sidecar, which is ready when its process is.
    await Promise.all([this.startProcess(name), this.startProcess(sidecarName(name))]);
  }

  /** Resolves when the process runs anew, with another pid than `formerPid`, and is ready. */
  async whenRestarted(name: string, formerPid: number | undefined, timeoutMs = 60_000): Promise<void> {
    await until(async () => {
      const { state, identity } = this.process(name);
      if (state !== 'ready' || identity?.pid === formerPid) throw new Error(`${name} is ${state}`);
    }, AbortSignal.timeout(timeoutMs));
  }

  /** Stops the whole platform; resolves when nothing of it runs any more. */
  async down(): Promise<void> {
    signal(this.#supervisor, 'SIGTERM');
    while (isAlive(this.#supervisor)) await delay(50);
  }

  #portsOf(app: string): AppPorts {
    const ports = this.#ports.apps[app];
    if (!ports) throw new Problem(`the run file has no process "${app}".`);
    return ports;
  }
}
