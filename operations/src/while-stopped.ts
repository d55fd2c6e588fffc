import type { Platform } from '../../dev/src/platform.ts';
import { messageOf, Problem } from '../../dev/src/problem.ts';

/**
 * Does the work while a service is stopped, if it was started at all; then it runs again, whatever became of the work.
 * @throws what the work throws; Problem when the service did not start again
 */
export async function whileStopped(
  platform: Pick<Platform, 'processes' | 'stopApp' | 'startApp'>,
  service: string,
  work: () => Promise<void>,
): Promise<void> {
  if (!platform.processes().some(({ name }) => name === service)) return work();
  const stopAndWork = async () => {
    await platform.stopApp(service);
    await work();
  };
  const [worked] = await Promise.allSettled([stopAndWork()]);
  try {
    await platform.startApp(service);
  } catch (error) {
    const become = worked.status === 'rejected' ? `${messageOf(worked.reason)}\n` : '';
    throw new Problem(
      `${become}${service} does not run again: ${messageOf(error)}\n` +
        `npm run logs -- ${service} says why; npm run down, then npm run up starts everything anew.`,
    );
  }
  if (worked.status === 'rejected') throw worked.reason;
}
