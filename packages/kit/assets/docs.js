// Swagger UI on the page of an API's documentation. It runs in the browser.
const place = document.getElementById('api');
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();

// Kept until the page is left.
let token;

/** Remembers the access token of a sign-in made on the page. */
function noteSignIn(answer) {
  const path = new URL(answer.url, location.href).pathname;
  if (answer.ok && (path === '/api/auth/login' || path === '/api/auth/refresh')) token = answer.obj?.accessToken;
  if (answer.ok && path === '/api/auth/logout') token = undefined;
  return answer;
}

/** Sends that token along, unless another one was entered under "Authorize". */
function signIn(request) {
  if (token && !request.headers.Authorization) request.headers.Authorization = `Bearer ${token}`;
  return request;
}

const nothing = () => null;

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  // The validator is another's, and would be sent the address of this page.
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: place.dataset.remembers === 'true',
  requestInterceptor: signIn,
  responseInterceptor: noteSignIn,
  // The page says itself what is documented here, and its own server is the only one.
  plugins: [() => ({ wrapComponents: { InfoContainer: () => nothing, ServersContainer: () => nothing } })],
});
