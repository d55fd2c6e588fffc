import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { startRegistry } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { ManualTime } from './manual-time.js';
import { complete, getJson, register } from './start.js';

/** A way to a port that can be cut, as a network can. */
class Link {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(readonly port: number) {}

  static async to(target: number): Promise<Link> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const link = new Link(portOf(server));
    server.on('connection', (socket) => link.join(socket, target));
    onTestFinished(() => {
      link.cut();
      server.close();
    });
    return link;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  private join(socket: Socket, target: number): void {
    if (this.isCut) return void socket.destroy();
    const onward = connect(target, '127.0.0.1');
    for (const end of [socket, onward]) {
      this.sockets.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        this.sockets.delete(end);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  }
}

const portOf = (server: Server): number => {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
};

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A registry of a cluster; may be stopped and started again. */
export class Node {
  links: Link[] = [];
  private running?: { stop(): Promise<void> };

  constructor(
    readonly port: number,
    private readonly time: ManualTime,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    // Its own address too: every registry of a cluster can have the same list.
    const ports = [this.port, ...this.links.map(({ port }) => port)];
    const PEER_URLS = ports.map((port) => `http://127.0.0.1:${port}/eureka/`).join();
    const settings = { APP_PORT: String(this.port), CABINET_MODE: 'demonstration', LOG_LEVEL: 'silent', PEER_URLS };
    const config = readConfig({ ...settings, ...env });
    this.running = await startRegistry(config, { time: this.time });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  cutOff(isCut: boolean): void {
    for (const link of this.links) isCut ? link.cut() : link.mend();
  }

  /** Who is there as this registry tells it, a line an instance; undefined while it does not tell. */
  async view(): Promise<string[] | undefined> {
    const list = await getJson(this.url, '/apps').catch(() => undefined);
    if (!list) return undefined;
    // biome-ignore lint/suspicious/noExplicitAny: the answer of the protocol
    const instances = list.applications.application.flatMap((each: any) => each.instance);
    return instances
      .map(
        (i: Record<string, unknown>) =>
          `${i.app} ${i.instanceId} ${i.status} ${i.overriddenStatus} ${JSON.stringify(i.metadata)}`,
      )
      .sort();
  }
}

/** Registries that are peers of one another, not yet started, each way between two of them a link. */
export async function buildCluster(size: number): Promise<{ time: ManualTime; nodes: Node[] }> {
  const time = new ManualTime();
  const nodes: Node[] = [];
  for (let n = 0; n < size; n += 1) nodes.push(new Node(await freePort(), time));
  for (const node of nodes) {
    node.links = await Promise.all(nodes.filter((other) => other !== node).map(({ port }) => Link.to(port)));
    onTestFinished(() => node.stop());
  }
  return { time, nodes };
}

/** Instances that register at one registry, renew every five seconds and register again when asked, as clients do. */
export class Clients {
  private readonly ids = new Set<string>();
  private readonly end: () => void;

  constructor(
    private node: Node,
    time: ManualTime,
  ) {
    this.end = time.every(5_000, () => this.renew());
    onTestFinished(() => this.end());
  }

  async join(count: number, prefix: string): Promise<void> {
    const ids = Array.from({ length: count }, (_, n) => `${prefix}${n}`);
    for (const id of ids) this.ids.add(id);
    await Promise.all(ids.map((id) => this.register(id)));
  }

  async leave(id: string): Promise<void> {
    this.ids.delete(id);
    await fetch(this.addressOf(id), { method: 'DELETE' });
  }

  addressOf(id: string): string {
    return `${this.node.url}/eureka/apps/PATIENT/${id}`;
  }

  private renew(): void {
    for (const id of this.ids) {
      fetch(`${this.addressOf(id)}?lastDirtyTimestamp=1000`, { method: 'PUT' })
        .then((answer) => (answer.status === 404 && this.ids.has(id) ? this.register(id) : undefined))
        .catch(() => {});
    }
  }

  private async register(instanceId: string): Promise<void> {
    await register(this.node.url, { ...complete, instanceId, lastDirtyTimestamp: '1000' });
  }
}

/** Lets time pass until all tell the same, and this many instances. @returns after how many milliseconds */
export function untilAlike(time: ManualTime, nodes: Node[], count: number): Promise<number> {
  return time.passUntil(async () => {
    const views = await Promise.all(nodes.map((node) => node.view()));
    return views.every((view) => view?.length === count && view.join() === views[0]?.join());
  });
}
