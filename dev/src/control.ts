import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Home } from './home.ts';
import { messageOf, Problem } from './problem.ts';

/** What a running supervisor does on request. */
export type Command = 'start' | 'stop';

/** The longest path of a socket that all systems take. */
const socketPathMax = 100;

function socketOf(home: Home): string {
  const socket = home.run('control.sock');
  if (socket.length <= socketPathMax) return socket;
  return join(tmpdir(), `cabinet-${createHash('sha256').update(home.folder).digest('hex').slice(0, 16)}.sock`);
}

/** Listens for commands about single processes, on a socket in the platform's folder, which only its owner enters. */
export function listenForCommands(home: Home, act: (command: Command, name: string) => Promise<void>): Promise<Server> {
  const socket = socketOf(home);
  rmSync(socket, { force: true });
  const server = createServer(async (incoming, answer) => {
    const [, command, name] = (incoming.url ?? '').split('/');
    try {
      if (command !== 'start' && command !== 'stop') throw new Problem(`there is no command "${command}".`);
      await act(command, decodeURIComponent(name ?? ''));
      answer.writeHead(204).end();
    } catch (error) {
      answer.writeHead(500).end(messageOf(error));
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => resolve(server));
  });
}

export function sendCommand(home: Home, command: Command, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const path = `/${command}/${encodeURIComponent(name)}`;
    const call = request({ socketPath: socketOf(home), path, method: 'POST' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => (answer.statusCode === 204 ? resolve() : reject(new Problem(text))));
    });
    call.on('error', reject);
    call.end();
  });
}
