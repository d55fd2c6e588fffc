export const scriptPath = '/pages/live.js';

/**
 * Renews the open page when something happens, and now and then for the times on it, until its reader stops that; without
 * it the page is as it was loaded. Whoever reads with a keyboard stays where they are.
 */
export const script = `
const stop = document.createElement('button');
stop.type = 'button';
stop.id = 'stop';
let isStopped = false;
let isHeard = false;

const tell = () => {
  const place = document.getElementById('renewal');
  stop.textContent = isStopped ? 'Renew it again' : 'Stop renewing';
  const said = isStopped ? 'It is not renewed. ' : isHeard ? 'It is renewed when something happens. ' : 'The registry is not heard now. ';
  place.replaceChildren(said, stop);
};

const renew = async () => {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  const focused = document.activeElement;
  const regions = [...document.querySelectorAll('main .table')];
  const scrolled = new Map(regions.map((region) => [region.ariaLabel, region.scrollLeft]));
  document.querySelector('main').replaceWith(next);
  tell();
  for (const region of next.querySelectorAll('.table')) {
    region.scrollLeft = scrolled.get(region.ariaLabel) ?? 0;
    if (focused?.className === 'table' && focused.ariaLabel === region.ariaLabel) region.focus({ preventScroll: true });
  }
  if (focused === stop) stop.focus({ preventScroll: true });
};

const renewWhenSeen = () => document.hidden || isStopped || renew().catch(() => {});
const events = new EventSource('/live');
events.onmessage = renewWhenSeen;
events.onopen = () => {
  isHeard = true;
  tell();
  renewWhenSeen();
};
events.onerror = () => {
  isHeard = false;
  tell();
};
stop.onclick = () => {
  isStopped = !isStopped;
  tell();
  stop.focus();
  renewWhenSeen();
};
`;
