import type { AddressInfo } from 'node:net';
import { noSuchRoute } from '@cabinet/kit/http/no-such-route';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesByResource } from './routes-by-resource.js';

const answering =
  (route: string): RequestHandler =>
  (req, res) =>
    void res.json({ route, params: req.params, path: req.route.path, baseUrl: req.baseUrl });

describe('routes by resource', () => {
  const app = express();
  app.use(
    routesByResource((routes) => {
      routes.get('/api/patients/search', answering('search'));
      routes.get('/api/patients/:id', (req, _res, next) => (req.params.id === 'nobody' ? next() : next('router')));
      routes.get('/api/patients/:id', answering('second of two'));
      routes.put('/api/visits/:id/notes/:noteId', answering('note'));
    }),
  );
  app.use(noSuchRoute);
  const exit: ErrorRequestHandler = (error, req, res, _next) =>
    void res.status(error.kind === 'not-found' ? 404 : 405).json({ path: req.path, allow: res.get('allow') });
  app.use(exit);
  const server = app.listen(0, '127.0.0.1');
  let at = '';

  beforeAll(() => {
    at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(at + path, { method });
    const text = await response.text();
    const allow = response.headers.get('allow');
    return { status: response.status, body: text ? JSON.parse(text) : undefined, ...(allow && { allow }) };
  };

  it('answers as routes of the application do, with their parameters and their whole path', async () => {
    expect(await ask('/api/visits/7/notes/8', 'PUT')).toEqual({
      status: 200,
      body: { route: 'note', params: { id: '7', noteId: '8' }, path: '/api/visits/:id/notes/:noteId', baseUrl: '' },
    });
  });

  it.each([['/API/Patients/SEARCH'], ['/api/patients/search/'], ['/api/patients/search?name=a']])(
    'finds %s as Express does',
    async (path) => {
      expect((await ask(path)).body).toMatchObject({ route: 'search' });
      expect((await ask(path, 'HEAD')).status).toBe(200);
    },
  );

  it('goes on from one route of a resource to its next, and to what comes after all of them', async () => {
    expect((await ask('/api/patients/nobody')).body).toMatchObject({ route: 'second of two' });
    expect(await ask('/api/patients/somebody')).toEqual({ status: 404, body: { path: '/api/patients/somebody' } });
  });

  it.each([
    ['GET', '/api/unknown'],
    ['GET', '/api'],
    ['GET', '/'],
    ['GET', '//api/patients/search'],
    ['GET', '/api/%70atients/search'],
  ])('leaves %s %s to others', async (method, path) => {
    expect((await ask(path, method)).status).toBe(404);
  });

  it('says which methods there are, where there are others', async () => {
    expect(await ask('/api/visits/7/notes/8', 'DELETE')).toEqual({
      status: 405,
      body: { path: '/api/visits/7/notes/8', allow: 'OPTIONS, PUT' },
      allow: 'OPTIONS, PUT',
    });
    expect(await ask('/api/patients/search', 'OPTIONS')).toEqual({
      status: 204,
      body: undefined,
      allow: 'GET, HEAD, OPTIONS',
    });
  });

  it('takes no route whose resource could be any', () => {
    expect(() => routesByResource((routes) => routes.get('/api/:anything', answering('anything')))).toThrow(
      '/api/:anything has a parameter where its resource stands',
    );
  });
});
