import { createServer } from 'node:http';

// Runs as a process of its own and stands for a service: as cheap as a service on Node can be, so that the proxies are measured.

const small = Buffer.from(
  JSON.stringify({
    id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
    familyName: 'Moreau',
    givenNames: ['Camille', 'Anne'],
    birthDate: '1980-05-17',
    telecom: [{ system: 'phone', value: '+33 1 00 00 00 00' }],
    address: { line: ['1 rue du Moulin'], postalCode: '75011', city: 'Paris', country: 'FR' },
  }),
);
const large = Buffer.alloc(1024 * 1024, 'x');

const server = createServer({ keepAliveTimeout: 600_000 }, (req, res) => {
  const answer = req.url === '/api/patients/import' ? large : small;
  const finish = () =>
    res.writeHead(200, ['Content-Type', 'application/json', 'Content-Length', String(answer.length)]).end(answer);
  if (req.method === 'GET') finish();
  else req.resume().on('end', finish);
});
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
