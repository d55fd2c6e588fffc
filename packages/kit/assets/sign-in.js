// The page on which somebody signs in for a client, or allows what it asks. It runs in the browser.
const find = (id) => document.getElementById(id);
const form = find('sign-in');

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

const goOn = async (answer) => location.replace((await post(location.pathname, { answer })).continueAt);

function show(problem) {
  const isKnown = typeof problem.title === 'string';
  find('problem').textContent = isKnown
    ? [problem.title, problem.detail].filter(Boolean).join('. ')
    : 'That did not work.';
  if (problem.code !== 'AUTH.SECOND_FACTOR_NEEDED' || !form) return;
  find('second').hidden = false;
  find('code').focus();
}

/** While something is asked, nothing else is. */
async function doing(what) {
  const buttons = [...document.querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  find('problem').textContent = '';
  try {
    await what();
  } catch (problem) {
    show(problem);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

async function byPassword() {
  const { email, password, code } = Object.fromEntries(new FormData(form));
  await post('/api/auth/login', { email, password, ...(code && { code }) });
  await goOn('sign-in');
}

async function byPasskey() {
  const { options } = await post('/api/auth/login/passkey/challenge', {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const signed = await navigator.credentials.get({ publicKey });
  await post('/api/auth/login/passkey', { signed: signed.toJSON() });
  await goOn('sign-in');
}

async function byIssuer({ issuer }) {
  const { continueAt } = await post(`/api/auth/login/issuers/${issuer}`, { continueAt: location.pathname });
  location.assign(continueAt);
}

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  doing(byPassword);
});
const passkey = find('passkey');
if (passkey) {
  // Not every browser has passkeys, or reads what is asked of them.
  passkey.hidden = !('parseRequestOptionsFromJSON' in (globalThis.PublicKeyCredential ?? {}));
  passkey.addEventListener('click', () => doing(byPasskey));
}
for (const button of document.querySelectorAll('[data-issuer]')) {
  button.addEventListener('click', () => doing(() => byIssuer(button.dataset)));
}
find('allow')?.addEventListener('click', () => doing(() => goOn('allow')));
find('refuse')?.addEventListener('click', () => doing(() => goOn('refuse')));

function askWho() {
  form.hidden = false;
  find('email').focus();
}

// Whoever is signed in at this browser need not do so again; that nobody is, is no failure.
if (form) {
  post(location.pathname, { answer: 'go-on' }).then(
    ({ continueAt }) => (continueAt ? location.replace(continueAt) : askWho()),
    askWho,
  );
}
