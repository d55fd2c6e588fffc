// Answers in the place of the practice while that cannot be reached, with the page that shows the copy of the agendas which this desk
// has kept (src/outage). It stands in browsers in which such a copy was taken. What it answers with, the portal has put into the browser's
// cache; all else goes by as if it were not there, and what was asked of the API it never sees.
const place = 'cabinet.outage';
const page = '/outage.html';
/** Milliseconds after which a practice that does not answer counts as one that cannot be reached. */
const patienceMs = 20_000;

addEventListener('install', (event) => event.waitUntil(skipWaiting()));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(pathname === page ? keptOr(request, page) : practiceOr(request));
  else if (pathname.startsWith('/assets/') || pathname === '/icon.svg') event.respondWith(keptOr(request, pathname));
});

const kept = (path) => caches.match(path, { cacheName: place, ignoreVary: true });

const keptOr = async (request, path) => (await kept(path)) ?? fetch(request);

async function practiceOr(request) {
  let timer;
  const silence = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new TypeError('no answer')), patienceMs);
  });
  try {
    const answer = await Promise.race([fetch(request), silence]);
    return answer.status < 500 ? answer : ((await kept(page)) ?? answer);
  } catch (error) {
    const shown = await kept(page);
    if (shown) return shown;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
