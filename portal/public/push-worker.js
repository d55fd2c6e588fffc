// Shows what the practice pushes to this browser: that there is something to read, and no more, for anybody may see the screen. It answers
// for no page (its scope is one at which none stands), and keeps nothing.
addEventListener('install', (event) => event.waitUntil(skipWaiting()));

addEventListener('push', (event) => {
  const { id, title, body, language } = event.data?.json() ?? {};
  event.waitUntil(
    registration.showNotification(title || 'Cabinet', { body, lang: language, tag: id, icon: '/icon.svg' }),
  );
});

addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(showPortal());
});

/** Where it is open already somebody may be in the middle of something: it is shown as it is. */
async function showPortal() {
  const [open] = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  return open ? open.focus() : clients.openWindow('/');
}
