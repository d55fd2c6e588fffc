import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { type RadicaleServer, startRadicale } from '../../../tests/support/radicale.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';
import { startWebServer, type WebServer } from './web-server.ts';

let radicale: RadicaleServer;
let practice: Practice;
let secretary: Caller;
const practitionerId = randomUUID();

beforeAll(async () => {
  radicale = await startRadicale();
  practice = await startPractice('2026-11-20T10:00:00Z', { settings: { CALENDAR_PRIVATE_HOSTS: ['127.0.0.1'] } });
  secretary = await practice.as({ roles: ['secretary'] });
  await radicale.makeCalendar('work');
  await makeCollection(
    'rota',
    '<C:comp name="VEVENT"/><C:comp name="VTODO"/>',
    '<D:displayname>Gardes &amp; week-ends</D:displayname>',
  );
  await makeCollection('tasks', '<C:comp name="VTODO"/>');
});
afterAll(async () => {
  await practice?.stop();
  await radicale?.stop();
});

const makeCollection = (name: string, kinds: string, more = '') =>
  radicale.ask(
    'MKCALENDAR',
    `/${radicale.username}/${name}/`,
    `<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>${more}
       <C:supported-calendar-component-set>${kinds}</C:supported-calendar-component-set>
     </D:prop></D:set></C:mkcalendar>`,
    { 'content-type': 'application/xml' },
  );

const find = (url: string, more: object = {}, as = secretary) => {
  const { username, password } = radicale;
  return as('POST', '/api/calendars/discovery', { practitionerId, url, username, password, ...more });
};
const fieldsOf = ({ status, body }: Awaited<ReturnType<typeof find>>) => [
  status,
  ...(body.fields ?? []).map(({ path, code }: { path: string; code: string }) => `${path} ${code}`),
];

describe('the calendars on a CalDAV server', () => {
  it.each([
    ['the server', () => radicale.url],
    ['whoever signs in', () => `${radicale.url}/${radicale.username}/`],
    ['a page that is not there', () => `${radicale.url}/nothing/of/the/kind`],
  ])('are found from the address of %s: those that take events, by their names', async (_, url) => {
    const { status, body } = await find(url());
    expect(status).toBe(200);
    const at = (name: string) => `${radicale.url}/${radicale.username}/${name}/`;
    expect(body.items.toSorted((a: { url: string }, b: { url: string }) => (a.url < b.url ? -1 : 1))).toEqual([
      { url: at('rota'), name: 'Gardes & week-ends', isWritable: true },
      { url: at('work'), name: expect.any(String), isWritable: true },
    ]);
  });

  it('are one, from the address of one', async () => {
    const url = `${radicale.url}/${radicale.username}/work`;
    expect((await find(url)).body.items).toEqual([{ url: `${url}/`, name: expect.any(String), isWritable: true }]);
  });

  it('can be connected as they are found, and are not before', async () => {
    const who = await buildPractitioner(practice);
    const [{ url }] = (await find(radicale.url)).body.items;
    const calendars = async () =>
      (await secretary('GET', `/api/calendars?practitionerId=${who.practitionerId}`)).body.items.length;
    expect(await calendars()).toBe(0);
    const { username, password } = radicale;
    const wanted = { practitionerId: who.practitionerId, kind: 'caldav', name: 'Work', url, username, password };
    const { status, body } = await secretary('POST', '/api/calendars', wanted);
    expect([status, body.state, await calendars()]).toEqual([201, 'fresh', 1]);
  });

  it('are not told to a wrong password', async () => {
    expect(fieldsOf(await find(radicale.url, { password: 'guessed' }))).toEqual([
      422,
      'password CALENDAR.ACCESS_REFUSED',
    ]);
  });

  it('are asked for by those who may keep them only', async () => {
    const patient = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const other = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    expect((await find(radicale.url, {}, patient)).status).toBe(403);
    expect((await find(radicale.url, {}, other)).status).toBe(403);
  });
});

describe('an address that leads to no calendars is refused', () => {
  it('on a private network', async () => {
    expect(fieldsOf(await find('https://10.0.0.1/'))).toEqual([422, 'url CALENDAR.ADDRESS_REFUSED']);
  });

  it.each(['http://cloud.example/', 'http://10.0.0.1/', 'http://127.0.0.1.example/', 'http://localhost/'])(
    'without TLS, whose networks would see the password: %s',
    async (url) => {
      expect(fieldsOf(await find(url))).toEqual([422, 'url CALENDAR.NOT_ENCRYPTED']);
    },
  );

  it.each([
    'javascript:alert(1)',
    'mailto:a@clinic.example',
    'data:text/calendar,x',
    'urn:uuid:1',
    'blob:https://a.example/1',
  ])('that is none of the web: %s', async (url) => {
    const { practitionerId } = await buildPractitioner(practice);
    expect(fieldsOf(await find(url))).toEqual([422, 'url CALENDAR.ADDRESS_REFUSED']);
    const { username, password } = radicale;
    const wanted = { practitionerId, kind: 'caldav', name: 'Work', url, username, password };
    expect(fieldsOf(await secretary('POST', '/api/calendars', wanted))).toEqual([422, 'url CALENDAR.ADDRESS_REFUSED']);
  });

  it('where nobody listens', async () => {
    expect(fieldsOf(await find('http://127.0.0.1:9/'))).toEqual([422, 'url CALENDAR.UNREACHABLE']);
  });

  it('of a web server that knows nothing of calendars', async () => {
    const web = await serverThat((_, response) => response.writeHead(405).end());
    expect(fieldsOf(await find(web.url))).toEqual([422, 'url CALENDAR.UNREADABLE']);
    expect(web.asked.map(({ path }) => path)).toEqual(['/', '/.well-known/caldav', '/']);
  });

  it('of a server that answers nonsense', async () => {
    const web = await serverThat((_, response) => response.writeHead(207).end('<multistatus'));
    expect(fieldsOf(await find(web.url))).toEqual([422, 'url CALENDAR.UNREADABLE']);
  });

  it('of a server that leads round in circles', async () => {
    const web = await serverThat((_, response) => response.writeHead(207).end(leadingTo('/again/')));
    expect(fieldsOf(await find(web.url))).toEqual([422, 'url CALENDAR.UNREADABLE']);
  });

  it('of a server that leads to another one, which does not see the password', async () => {
    const elsewhere = await serverThat((_, response) => response.writeHead(207).end(leadingTo('/home/')));
    const web = await serverThat((_, response) => response.writeHead(207).end(leadingTo(`${elsewhere.url}/home/`)));
    expect(fieldsOf(await find(web.url))).toEqual([422, 'url CALENDAR.REDIRECTED']);
    expect(elsewhere.asked).toEqual([]);
  });
});

async function serverThat(answer: WebServer['answer']): Promise<WebServer> {
  const web = await startWebServer(answer);
  onTestFinished(() => web.stop());
  return web;
}

const leadingTo = (href: string) =>
  `<multistatus xmlns="DAV:"><response><href>/</href><propstat><status>HTTP/1.1 200 OK</status><prop>
     <current-user-principal><href>${href}</href></current-user-principal></prop></propstat></response></multistatus>`;
