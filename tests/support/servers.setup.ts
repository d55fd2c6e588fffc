import type { TestProject } from 'vitest/node';
import { startTestServers } from '../../dev/src/test-servers.ts';

/** Brings up the real databases once for all tests of the services; `database.ts` hands them out. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await startTestServers();
  project.provide('postgresAdminUrl', servers.postgresAdminUrl);
  project.provide('mongodbUrl', servers.mongodbUrl(''));
  return () => servers.stop();
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgresAdminUrl: string;
    mongodbUrl: string;
  }
}
