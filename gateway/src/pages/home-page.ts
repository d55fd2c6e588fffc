import { type Html, html, type Part } from '@cabinet/kit/pages/html';
import { page, sendPage } from '@cabinet/kit/pages/page';
import type { RequestHandler } from 'express';
import { frameFor } from './frame.js';
import { isReader } from './health.js';
import type { PageParts } from './page-parts.js';

/** What is shown at `/` where no portal is installed: what this is, and where to go. */
export const homePage =
  (parts: PageParts): RequestHandler =>
  (req, res) => {
    const content = html`<p class="lead">An open platform for medical practices: patients, practitioners, appointments and
records, each kept by a service of its own. This is the one entrance to them all.</p>
${places([
  ['/docs', 'API documentation', 'Every operation of the services that run here, to read and to try out.'],
  ['/openapi.json', 'The whole API as one document', 'OpenAPI 3, for programs that make clients or tests of it.'],
])}
<p>The portal, in which patients and the practice’s own people work, is not installed at this address.</p>
<h2>For those who operate it</h2>
${isReader(req, parts) ? operatorPlaces(parts) : html`<p>How its services fare is shown to operators only, from where they may read it.</p>${places([ready])}`}`;
    sendPage(res, page({ frame: frameFor(req, parts), path: '/', title: 'Cabinet', content }));
  };

type Place = [path: string, name: string, what: Part];

const ready: Place = ['/health/ready', 'Readiness', 'Whether this gateway can do its work, in one word, for programs.'];

function operatorPlaces({ registry }: PageParts): Html {
  const { url } = registry();
  const at = url && new URL('/', url).href;
  return places([
    ['/status', 'Status', 'Whether all is well, and if not, which service and why.'],
    ...(at
      ? [[at, 'Registry', html`Which processes are there, and what came and went: <code>${at}</code>`] as Place]
      : []),
    ready,
    ['/metrics', 'Metrics', 'The figures of this gateway, for Prometheus.'],
  ]);
}

const places = (all: Place[]): Html =>
  html`<ul class="places">
${all.map(([path, name, what]) => html`<li><a href="${path}">${name}</a><p>${what}</p></li>\n`)}</ul>`;
