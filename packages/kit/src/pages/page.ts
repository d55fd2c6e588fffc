import type { ServerResponse } from 'node:http';
import { fileUrl } from './files.js';
import { type Html, html } from './html.js';

export interface Link {
  name: string;
  path: string;
}

/** What all pages of a process have alike. */
export interface Frame {
  process: string;
  /** The first is the one that the name of the whole leads to. */
  pages: readonly Link[];
}

export interface Page {
  frame: Frame;
  /** The path among those of the frame's pages. */
  path: string;
  title: string;
  content: Html;
  /** Stands in the page's head as well. */
  head?: Html;
}

/** A whole page around its content. */
export const page = ({ frame, path, title, content, head }: Page): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Cabinet ${frame.process}</title>
<link rel="icon" type="image/svg+xml" href="${fileUrl('icon.svg')}">
<link rel="stylesheet" href="${fileUrl('cabinet.css')}">
${head}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="brand" href="${frame.pages[0]?.path}">${mark}<span>Cabinet</span></a> <span class="process">${frame.process}</span>
<nav aria-label="Pages"><ul>${frame.pages.map((link) => html`<li>${linkTo(link, path)}</li>`)}</ul></nav>
</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${content}
</main>
<footer><p>Cabinet, an open platform for medical practices.</p></footer>
</body>
</html>
`.text;

/** A link that says so when it leads to the page that is shown. */
export const linkTo = ({ name, path }: Link, shown: string): Html =>
  html`<a href="${path}"${path === shown ? current : undefined}>${name}</a>`;

const current = html` aria-current="page"`;

const mark = html`<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><rect x="5" y="3"
width="22" height="26" rx="4" fill="none" stroke="currentColor" stroke-width="2.5"/><path d="M16 3v26M12 14v4M20 14v4"
fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/></svg>`;

/** Where a page may get what of which kind, and send forms to, by the names of the Content Security Policy. */
export type Policy = Record<`${string}-src`, string> & { 'form-action'?: string };

// Nothing but what the process itself serves; no frames, no forms.
const strict = {
  'default-src': "'none'",
  'style-src': "'self'",
  'img-src': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
};

/** For a page whose scripts, which the process itself serves as well, ask it for more. */
export const withScripts: Policy = { 'script-src': "'self'", 'connect-src': "'self'" };

/** With which a page is answered that no cache keeps. */
export function pageHeaders(policy: Policy = {}): Record<string, string> {
  const rules = Object.entries({ ...strict, ...policy }).map(([kind, sources]) => `${kind} ${sources}`);
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': rules.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  };
}

export function sendPage(res: ServerResponse, text: string, policy: Policy = {}, status = 200): void {
  res.writeHead(status, { ...pageHeaders(policy), 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}
