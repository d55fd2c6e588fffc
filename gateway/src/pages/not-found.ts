import { DomainError } from '@cabinet/kit/errors';
import { currentContext } from '@cabinet/kit/http/request-context';
import { html } from '@cabinet/kit/pages/html';
import { page, sendPage } from '@cabinet/kit/pages/page';
import type { ErrorRequestHandler } from 'express';
import { frameFor } from './frame.js';
import type { PageParts } from './page-parts.js';

/** Shows a page to people whose browser came to an address with nothing there; programs get the problem body. */
export const notFoundPage =
  (parts: PageParts): ErrorRequestHandler =>
  (thrown, req, res, next) => {
    const isNotFound = thrown instanceof DomainError && thrown.kind === 'not-found';
    const isPage = ['GET', 'HEAD'].includes(req.method) && req.accepts(['json', 'html']) === 'html';
    if (!isNotFound || !isPage) return next(thrown);
    const content = html`<p class="lead">${thrown.message}.</p>
<p><a href="/">To the entrance</a></p>
<p class="note">When asking for help, quote the request: <code>${currentContext()?.requestId}</code>.</p>`;
    res.vary('Accept');
    sendPage(res, page({ frame: frameFor(req, parts), path: '', title: 'Not found', content }), {}, 404);
  };
