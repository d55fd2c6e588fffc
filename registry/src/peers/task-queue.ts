import { toAppName } from '../domain/instance.js';
import type { Task } from './task.js';

/**
 * What one peer has yet to hear, oldest first. Of each kind an instance has one task at most, its latest, so that the queue
 * of a peer that is away stays as small as the registry.
 */
export class TaskQueue {
  private readonly instances = new Map<string, Map<string, Task>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(task: Task): void {
    const name = nameOf(task);
    // Whoever leaves has nothing else to tell, and whoever comes has not left.
    if (task.action === 'Cancel') this.forget(task);
    const tasks = this.instances.get(name) ?? new Map<string, Task>();
    if (task.action === 'Register') this.remove(tasks, 'Cancel');
    const kind = kindOf(task);
    this.remove(tasks, kind);
    tasks.set(kind, task);
    this.count += 1;
    this.instances.set(name, tasks);
  }

  /** Puts back what could not be sent, unless something newer of its kind has come. */
  putBack(batch: Task[]): void {
    for (const task of batch) {
      const tasks = this.instances.get(nameOf(task));
      const isOutdated = tasks?.has(kindOf(task)) || tasks?.has(task.action === 'Cancel' ? 'Register' : 'Cancel');
      if (!isOutdated) this.add(task);
    }
  }

  /** Takes the oldest tasks out, without those that have expired. */
  take(countMax: number, now: number): Task[] {
    const batch: Task[] = [];
    for (const [name, tasks] of this.instances) {
      for (const [kind, task] of tasks) {
        if (batch.length === countMax) return batch;
        this.remove(tasks, kind);
        if (task.expiresAt === undefined || task.expiresAt >= now) batch.push(task);
      }
      this.instances.delete(name);
    }
    return batch;
  }

  /** Drops all that was to be told of an instance. */
  forget(task: Pick<Task, 'key'>): void {
    const name = nameOf(task);
    this.count -= this.instances.get(name)?.size ?? 0;
    this.instances.delete(name);
  }

  private remove(tasks: Map<string, Task>, kind: string): void {
    if (tasks.delete(kind)) this.count -= 1;
  }
}

const nameOf = ({ key }: Pick<Task, 'key'>): string => JSON.stringify([toAppName(key.app), key.instanceId]);

// An override and its removal undo one another.
const kindOf = ({ action }: Task): string => (action === 'DeleteStatusOverride' ? 'StatusUpdate' : action);
