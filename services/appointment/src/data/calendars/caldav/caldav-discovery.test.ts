import { describe, expect, it } from 'vitest';
import { CalDavDiscovery } from './caldav-discovery.js';
import type { DavClient, Question } from './dav-client.js';
import { readMultiStatus } from './dav-xml.js';

/** A server whose principal is where the test says, and who was asked there. */
function leadingTo(href: string) {
  const asked: string[] = [];
  const client = {
    async ask(_: unknown, { url }: Question) {
      asked.push(url.href);
      return { status: 207, body: principalAt(href) };
    },
    async multiStatusOf({ body }: { body: string }) {
      return readMultiStatus(body);
    },
  };
  return { asked, discovery: new CalDavDiscovery(client as unknown as DavClient) };
}

const principalAt = (href: string) =>
  `<multistatus xmlns="DAV:"><response><href>/</href><propstat><status>HTTP/1.1 200 OK</status><prop>
     <current-user-principal><href>${href}</href></current-user-principal></prop></propstat></response></multistatus>`;

const password = { kind: 'caldav' as const, username: 'bernard', password: 'secret' };

describe('where a server leads with somebody’s password', () => {
  it.each([
    ['another host of the same owner', 'https://caldav.cloud.example.com/', 'https://p42.cloud.example.com/home/'],
    ['another host of an owner below a suffix', 'https://dav.practice.co.uk/', 'https://p1.practice.co.uk/'],
    ['another port of the same owner', 'https://dav.example.com/', 'https://dav.example.com:8443/'],
  ])('is followed to %s', async (_, url, href) => {
    const { asked, discovery } = leadingTo(href);
    await expect(discovery.find({ ...password, url })).rejects.toMatchObject({ code: 'CALENDAR.UNREADABLE' });
    expect(asked).toContain(href);
  });

  it.each([
    ['another of a country', 'https://practice.co.uk/', 'https://other.co.uk/'],
    ['another of a government', 'https://agenda.gouv.fr/', 'https://other.gouv.fr/'],
    ['another who is hosted alike', 'https://practice.github.io/', 'https://other.github.io/'],
    ['who hosts it', 'https://practice.github.io/', 'https://github.io/'],
    ['a name that only looks alike', 'https://dav.example.com/', 'https://dav.example.com.example.net/'],
    ['an address without a name', 'https://192.0.2.1/', 'https://192.0.2.2/'],
    ['no TLS', 'https://dav.example.com/', 'http://dav.example.com/'],
  ])('is not followed to %s', async (_, url, href) => {
    const { asked, discovery } = leadingTo(href);
    await expect(discovery.find({ ...password, url })).rejects.toMatchObject({ code: 'CALENDAR.REDIRECTED' });
    expect(asked).toEqual([url]);
  });
});
