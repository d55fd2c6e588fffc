import { inject } from 'vitest';
import { Home } from '../../dev/src/home.ts';
import { Platform } from '../../dev/src/platform.ts';
import type {} from './platform.setup.ts';

/** The platform that runs for all system tests: its addresses, databases, and a hand on each process. */
export function platform(): Platform {
  const running = Platform.running(new Home(inject('platformHome')));
  if (!running) throw new Error('the platform of the tests does not run any more');
  return running;
}
