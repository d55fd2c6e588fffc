import { createServer } from 'node:http';
import { type AddressInfo, createServer as createRawServer } from 'node:net';

// Runs as a process of its own and stands for an instance of a service, a good one or one with a fault.

const fault = process.argv[2] ?? 'none';

const raw: Record<string, string> = {
  garbage: 'no HTTP at all\r\n\r\n',
  half: 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"allergies":[',
  flood: `HTTP/1.1 200 OK\r\n${'X-Flood: 0123456789\r\n'.repeat(20_000)}\r\n`,
};

let seen = 0;
const good = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
  seen += 1;
  req.resume().on('end', () => {
    // Long enough that some requests are always under way.
    setTimeout(
      () => res.setHeader('content-type', 'application/json').end(JSON.stringify({ pid: process.pid, seen })),
      2,
    );
  });
});
const faulty = createRawServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => {
    if (fault === 'reset') socket.resetAndDestroy();
    else if (fault !== 'hang') socket.end(raw[fault] ?? '');
  });
});
const server = fault === 'none' ? good : faulty;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
