export const styles = `
:root { color-scheme: light dark; --line: #8886; --quiet: #777; --good: #1a7f37; --bad: #cf222e }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 80rem; padding: 1rem }
nav a { margin-right: 1rem }
h2 { margin: 1.5rem 0 .25rem }
p { margin: .25rem 0 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line) }
th { white-space: nowrap }
td { overflow-wrap: break-word }
.UP, .healthy { color: var(--good) }
.DOWN, .OUT_OF_SERVICE, .unhealthy, .silent, .drift { color: var(--bad) }
.quiet, .absent { color: var(--quiet) }
.alarm { border: 2px solid var(--bad); border-radius: .4rem; padding: .5rem .75rem; margin: .75rem 0 }
@media (max-width: 45rem) {
  thead { display: none }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line) }
  td { display: grid; grid-template-columns: 8rem 1fr; border: 0; padding: .1rem 0; overflow-wrap: anywhere }
  td::before { content: attr(data-label); color: var(--quiet) }
}
`;

/** Renews the open page when something happens, and now and then for the times on it; without it the page is as it was loaded. */
export const script = `
const renew = async () => {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  document.querySelector('main').replaceWith(next);
};
const events = new EventSource('/live');
events.onmessage = () => document.hidden || renew().catch(() => {});
`;
