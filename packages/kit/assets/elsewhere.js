// The page that an issuer sends the browser to, after somebody has signed in there. It runs in the browser.
const find = (id) => document.getElementById(id);
const forms = { activity: find('activity'), code: find('second') };
const here = location.pathname;

/** @throws the problem that the API tells */
async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw told;
  return told;
}

function show(problem) {
  const isKnown = typeof problem.title === 'string';
  find('problem').textContent = isKnown
    ? [problem.title, problem.detail].filter(Boolean).join('. ')
    : 'That did not work.';
}

const said = {};

function ask({ asks, activities, continueAt }) {
  if (!asks) return location.replace(continueAt);
  find('activities').replaceChildren(
    ...(activities ?? []).map(({ id, siteName, site }) => new Option(siteName ?? site ?? id, id)),
  );
  for (const [name, form] of Object.entries(forms)) form.hidden = name !== asks;
  forms[asks].querySelector('select, input').focus();
}

async function tell(path, body) {
  find('problem').textContent = '';
  try {
    ask(await post(path, body));
  } catch (problem) {
    show(problem);
  }
}

for (const form of Object.values(forms)) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    Object.assign(said, Object.fromEntries(new FormData(form)));
    tell(here.replace(/callback$/, 'answers'), said);
  });
}

const answer = location.search;
// Nobody finds it in the history, and it is not shown twice.
history.replaceState(null, '', here);
tell(here, { answer });
