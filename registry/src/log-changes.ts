import type { Logger } from '@cabinet/kit/observe/log';
import type { Registry } from './domain/registry.js';

/** One line for each instance that came, left, was lost or changed. */
export function logChanges(registry: Registry, log: Logger): void {
  registry.subscribe(({ reason, registration: { instance } }) => {
    const level = reason === 'expired' ? 'warn' : 'info';
    log[level]({ app: instance.app, instance: instance.instanceId, status: instance.status }, reason);
  });
}
