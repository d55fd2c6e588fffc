/** Where the page that shows the copy is kept, as `public/outage-worker.js` finds it. */
const place = 'cabinet.outage';
const page = '/outage.html';

/** Has the browser keep the page that shows the copy, and the worker that answers with it while nobody else does. */
export async function keepOutagePage(): Promise<void> {
  const answer = await fetch(page, { cache: 'no-cache' });
  if (!answer.ok) throw new TypeError(`the page for outages is not there (${answer.status})`);
  const files = [...(await answer.clone().text()).matchAll(/ (?:src|href)="(\/[^"]+)"/g)].map(([, file]) => file ?? '');
  const cache = await caches.open(place);
  await cache.addAll(files);
  await cache.put(page, answer);
  // Files of the build before.
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== page && !files.includes(pathname)) await cache.delete(url);
  }
  await navigator.serviceWorker?.register('/outage-worker.js');
}
