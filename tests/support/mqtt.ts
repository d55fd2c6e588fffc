import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** As much of MQTT 3.1.1 as a device needs: it signs in, sends with QoS 1, and may try to read. */
export class MqttClient implements Disposable {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  readonly #waiting = new Map<string, (packet: Buffer) => void>();
  #nextId = 1;
  /** What came for what it subscribed to. */
  readonly messages: string[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (part: Buffer) => this.#take(part));
    socket.on('error', () => undefined);
  }

  /** @throws when the broker refuses, with its code: 5 for a wrong password */
  static async connect(port: number, as: { id?: string; user?: string; password?: string } = {}): Promise<MqttClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new MqttClient(socket);
    const { id = '', user, password } = as;
    const flags = 0x02 | (user === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
    const words = [id, ...(user === undefined ? [] : [user]), ...(password === undefined ? [] : [password])];
    const answer = client.#answer('connack');
    client.#send(0x10, [text('MQTT'), Buffer.from([4, flags, 0, 60]), ...words.map(text)]);
    const code = (await answer)[1];
    if (code !== 0) {
      socket.destroy();
      throw new Error(`refused: ${code}`);
    }
    return client;
  }

  /** Resolves when the broker has it. */
  async publish(topic: string, payload: string): Promise<void> {
    const id = this.#nextId++;
    const answer = this.#answer(`ack ${id}`);
    this.#send(0x32, [text(topic), number(id), Buffer.from(payload)]);
    await answer;
  }

  /** @returns the granted quality of service; 128 when it was refused */
  async subscribe(topic: string): Promise<number | undefined> {
    const id = this.#nextId++;
    const answer = this.#answer(`ack ${id}`);
    this.#send(0x82, [number(id), text(topic), Buffer.from([1])]);
    return (await answer)[2];
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #answer(name: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(name, resolve);
      this.#socket.once('close', () => reject(new Error('the broker closed the connection')));
    });
  }

  #send(first: number, parts: Buffer[]): void {
    const body = Buffer.concat(parts);
    const length: number[] = [];
    for (let rest = body.length; length.length === 0 || rest > 0; rest >>= 7)
      length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    this.#socket.write(Buffer.concat([Buffer.from([first, ...length]), body]));
  }

  #take(part: Buffer): void {
    this.#received = Buffer.concat([this.#received, part]);
    for (;;) {
      let [length, at] = [0, 1];
      for (let shift = 0; ; shift += 7, at += 1) {
        const byte = this.#received[at];
        if (byte === undefined) return;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      at += 1;
      if (this.#received.length < at + length) return;
      const kind = (this.#received[0] ?? 0) >> 4;
      const packet = this.#received.subarray(at, at + length);
      this.#received = this.#received.subarray(at + length);
      if (kind === 3) this.messages.push(packet.toString('utf8'));
      const name = kind === 2 ? 'connack' : `ack ${kind === 4 || kind === 9 ? packet.readUInt16BE(0) : 0}`;
      this.#waiting.get(name)?.(packet);
      this.#waiting.delete(name);
    }
  }
}

const number = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const text = (value: string): Buffer => Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)]);
