import { basename } from 'node:path';
import type { Express, Response } from 'express';
import { filesPath, fileUrl, sendFile } from '../pages/files.js';
import { html, type Part } from '../pages/html.js';
import { type Frame, type Link, linkTo, page, sendPage, withScripts } from '../pages/page.js';

/** A service's API at `/docs`, and the document itself at `/openapi.json`. */
export function serveDocs(app: Express, title: string, openapi: object): void {
  app.get('/openapi.json', (_req, res) => {
    res.json(openapi);
  });
  servePageFiles(app);
  const frame = { process: title, pages: [{ name: 'API', path: docsPath }] };
  app.get('/docs', (_req, res) => {
    const intro = html`What ${title} answers when it is called at this address.`;
    sendDocs(res, { frame, title: `API of ${title}`, intro, document: '/openapi.json', remembers: true });
  });
}

/** Answers with what pages load: style and icon, and Swagger UI for those of documentation. */
export function servePageFiles(app: Express): void {
  app.get(`${filesPath}:name`, (req, res, next) => {
    if (!sendFile(res, req.params.name)) next();
  });
  app.get([swaggerStyle, swaggerScript], async (req, res) => {
    // Loaded when somebody first looks: most instances never show their documentation.
    const { default: folder } = await import('swagger-ui-dist/absolute-path.js');
    res.sendFile(basename(req.path), { root: folder() });
  });
}

const docsPath = '/docs';
const [swaggerStyle, swaggerScript] = [`${docsPath}/swagger-ui.css`, `${docsPath}/swagger-ui-bundle.js`];

export interface Docs {
  frame: Frame;
  title: string;
  intro: Part;
  /** Where the OpenAPI document is that is shown. */
  document: string;
  /** Other pages like this one. */
  others?: readonly Link[];
  /** The path of this one among them. */
  path?: string;
  /** Whether a token that is entered stays in the browser. */
  remembers?: boolean;
}

/** Answers with a page on which an API can be read and tried. */
export function sendDocs(res: Response, docs: Docs): void {
  const { frame, title, intro, document, others = [], path = docsPath, remembers = false } = docs;
  const choice = html`<nav aria-label="APIs" class="choice"><ul>${others.map((link) => html`<li>${linkTo(link, path)}</li>`)}</ul></nav>`;
  const content = html`<p class="lead">${intro}</p>
${others.length > 0 ? choice : undefined}
<p>For programs: <a href="${document}">the OpenAPI document</a>.</p>
<noscript><p>To show it here, this page needs JavaScript.</p></noscript>
<h2>Operations</h2>
<div id="api" data-document="${document}" data-remembers="${String(remembers)}"></div>
<script src="${swaggerScript}"></script>
<script src="${fileUrl('docs.js')}"></script>`;
  const head = html`<link rel="stylesheet" href="${swaggerStyle}">
<link rel="stylesheet" href="${fileUrl('docs.css')}">`;
  const shown = { frame, path: docsPath, title, content, head };
  // Swagger UI's signs are images within its style sheet.
  sendPage(res, page(shown), { ...withScripts, 'img-src': "'self' data:" });
}
