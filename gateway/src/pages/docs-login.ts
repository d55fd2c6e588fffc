// These two run in the browser: Swagger UI's page gets them as text, so they may use nothing from around them.

interface DocsWindow {
  cabinetToken?: string;
}

interface DocsAnswer {
  ok: boolean;
  url: string;
  obj?: { accessToken?: string };
}

interface DocsRequest {
  url: string;
  headers: Record<string, string>;
}

/** Remembers the access token of a sign-in made on the page, until the page is left. */
export function signInAfterLogin(answer: DocsAnswer): DocsAnswer {
  const page = globalThis as unknown as DocsWindow;
  const path = new URL(answer.url, 'http://page').pathname;
  if (answer.ok && (path === '/api/auth/login' || path === '/api/auth/refresh'))
    page.cabinetToken = answer.obj?.accessToken;
  if (answer.ok && path === '/api/auth/logout') page.cabinetToken = undefined;
  return answer;
}

/** Sends that token along, unless another one was entered under "Authorize". */
export function keepSignedIn(request: DocsRequest): DocsRequest {
  const page = globalThis as unknown as DocsWindow;
  if (page.cabinetToken && !request.headers.Authorization) {
    request.headers.Authorization = `Bearer ${page.cabinetToken}`;
  }
  return request;
}
