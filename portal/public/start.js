// While the practice is upgraded, a page may ask for files that are gone or not there yet. It is loaded anew once; if that
// does not help, its user is told what to do. This stands under a name that never changes, so that it is never missing itself.
const place = 'cabinet.loaded-anew';
/** Whoever's page was loaded anew so shortly ago is not helped by it. */
const recentMs = 60_000;

const words = {
  en: ['This page could not be loaded whole. The practice may just be getting a newer version of it.', 'Load again'],
  fr: [
    'Cette page n’a pas pu être chargée en entier. Une nouvelle version est peut-être en cours d’installation.',
    'Recharger',
  ],
};

// A script or a style of the page itself.
addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLScriptElement || target instanceof HTMLLinkElement) loadAnew();
  },
  true,
);
// A part of it, such as its language. Once it has begun, what fails says so in its place.
addEventListener('vite:preloadError', loadAnew);

function loadAnew() {
  const portal = document.getElementById('portal');
  if (!portal?.hasAttribute('aria-busy')) return;
  const now = Date.now();
  if (now - Number(sessionStorage.getItem(place)) > recentMs) {
    sessionStorage.setItem(place, String(now));
    location.reload();
    return;
  }
  const language = navigator.language.startsWith('fr') ? 'fr' : 'en';
  const [what, again] = words[language];
  document.documentElement.lang = language;
  const text = document.createElement('p');
  text.setAttribute('role', 'alert');
  text.textContent = what;
  const button = document.createElement('button');
  button.textContent = again;
  button.addEventListener('click', () => location.reload());
  const shown = document.createElement('main');
  shown.append(text, button);
  portal.removeAttribute('aria-busy');
  portal.replaceChildren(shown);
}
