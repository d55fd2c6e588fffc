import type { Frame } from '@cabinet/kit/pages/page';
import type { Request } from 'express';
import { isReader } from './health.js';
import type { PageParts } from './page-parts.js';

const open = [
  { name: 'Entrance', path: '/' },
  { name: 'API', path: '/docs' },
];

/** What the gateway's pages have alike; those for operators are named to operators alone. */
export const frameFor = (req: Request, parts: PageParts): Frame => ({
  process: 'gateway',
  pages: isReader(req, parts) ? [...open, { name: 'Status', path: '/status' }] : open,
});
