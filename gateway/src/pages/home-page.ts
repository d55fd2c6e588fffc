import type { RequestHandler } from 'express';

const page = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Cabinet</title>
  <style>
    body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 12vh auto; padding: 0 1.5rem; color: #1f2933; }
    a { color: #0b6e6e; }
  </style>
</head>
<body>
  <h1>Cabinet</h1>
  <p>An open platform for medical practices. This is the entrance to its services.</p>
  <ul>
    <li><a href="/docs">API documentation of all services</a>, to read and to try out</li>
    <li><a href="/openapi.json">The whole API as one OpenAPI document</a></li>
    <li><a href="/health/ready">Health of the gateway</a></li>
    <li><a href="/status">How its services fare</a>, for those who operate it</li>
  </ul>
</body>
</html>
`;

export const homePage: RequestHandler = (_req, res) => {
  res
    .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
    .type('html')
    .send(page);
};
