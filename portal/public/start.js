// While the practice is upgraded, a page may ask for files that are gone or not there yet. It is loaded anew once; if that
// does not help, its user is told what to do: as is whoever's browser keeps nothing, or cannot run the page at all. This stands
// under a name that never changes, so that it is never missing itself.
const place = 'cabinet.loaded-anew';
/** Whoever's page was loaded anew so shortly ago is not helped by it. */
const recentMs = 60_000;
let isLeaving = false;

const words = {
  en: {
    again: 'Load again',
    lacks: 'This page could not be loaded whole. The practice may just be getting a newer version of it.',
    keepsNothing:
      'Your browser does not let this page keep anything, so nobody can sign in here. In its settings, allow cookies and data of this site, then load the page again. They hold your sign-in and what you have typed; nobody follows you by them.',
    failed:
      'This page has failed. Load it again. If that does not help, use a newer browser, or telephone the practice.',
  },
  fr: {
    again: 'Recharger',
    lacks: 'Cette page n’a pas pu être chargée en entier. Une nouvelle version est peut-être en cours d’installation.',
    keepsNothing:
      'Votre navigateur ne permet pas à cette page de conserver quoi que ce soit : personne ne peut donc s’y connecter. Dans ses réglages, autorisez les cookies et les données de ce site, puis rechargez la page. Ils contiennent votre connexion et ce que vous avez saisi ; personne ne vous suit par ce moyen.',
    failed:
      'Cette page a rencontré un problème. Rechargez-la. Si cela n’aide pas, utilisez un navigateur plus récent ou téléphonez au cabinet.',
  },
};

if (!keepsSomething()) {
  document.documentElement.dataset.cannot = 'keep';
  addEventListener('DOMContentLoaded', () => tell('keepsNothing'));
}

// A script or a style of the page itself; or what one of them does before there is a page.
addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLScriptElement || target instanceof HTMLLinkElement) loadAnew();
    else if (target === window && isBeginning() && !isLeaving) tell('failed');
  },
  true,
);
// A part of it, such as its language. Once it has begun, what fails says so in its place.
addEventListener('vite:preloadError', loadAnew);
addEventListener('cabinet:failed', () => tell('failed'));

/** Where cookies are blocked, so is everything else that a page could keep; some browsers say so by throwing. */
function keepsSomething() {
  try {
    localStorage.getItem(place);
    sessionStorage.setItem(`${place}.tried`, '');
    sessionStorage.removeItem(`${place}.tried`);
    return navigator.cookieEnabled;
  } catch {
    return false;
  }
}

function isBeginning() {
  return document.getElementById('portal')?.hasAttribute('aria-busy') ?? false;
}

function loadAnew() {
  if (isLeaving || !isBeginning() || 'cannot' in document.documentElement.dataset) return;
  const now = Date.now();
  if (now - Number(sessionStorage.getItem(place)) > recentMs) {
    sessionStorage.setItem(place, String(now));
    // Whatever else is missing, or fails for that, is of no account any more.
    isLeaving = true;
    location.reload();
    return;
  }
  tell('lacks');
}

function tell(what) {
  const portal = document.getElementById('portal');
  if (!portal) return;
  const language = navigator.language.startsWith('fr') ? 'fr' : 'en';
  document.documentElement.lang = language;
  const text = document.createElement('p');
  text.setAttribute('role', 'alert');
  text.textContent = words[language][what];
  const button = document.createElement('button');
  button.textContent = words[language].again;
  button.addEventListener('click', () => location.reload());
  const shown = document.createElement('main');
  shown.append(text, button);
  portal.removeAttribute('aria-busy');
  portal.replaceChildren(shown);
}
