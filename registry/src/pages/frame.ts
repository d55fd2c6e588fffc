import { type Html, html } from '@cabinet/kit/pages/html';
import { page } from '@cabinet/kit/pages/page';
import { moment } from '@cabinet/kit/pages/parts';
import type { Time } from '../time.js';
import { scriptPath } from './script.js';

const frame = {
  process: 'registry',
  pages: [
    { name: 'Instances', path: '/' },
    { name: 'Drift', path: '/drift' },
    { name: 'Events', path: '/lastn' },
  ],
};

const head = html`<script src="${scriptPath}" defer></script>`;

export interface RegistryPage {
  path: string;
  title: string;
  /** Whether all is well. */
  lead?: Html;
  content: Html;
  time: Time;
}

/** One of the registry's pages, with the moment that it shows. */
export function registryPage({ path, title, lead, content, time }: RegistryPage): string {
  const dated = html`${lead}
<p>As of ${moment(time.now())}. <span id="renewal"><a href="${path}">Look again</a></span></p>
${content}`;
  return page({ frame, path, title, content: dated, head });
}
