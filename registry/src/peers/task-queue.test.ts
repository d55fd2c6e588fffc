import { describe, expect, it } from 'vitest';
import type { Action } from './task.js';
import { TaskQueue } from './task-queue.js';

const task = (action: Action, instanceId = 'a', expiresAt?: number) => ({
  action,
  key: { app: 'PATIENT', instanceId },
  expiresAt,
});
const actions = (queue: TaskQueue, now = 0) => queue.take(100, now).map(({ action }) => action);

function queueOf(...tasks: ReturnType<typeof task>[]) {
  const queue = new TaskQueue();
  for (const each of tasks) queue.add(each);
  return queue;
}

describe('what a peer has yet to hear', () => {
  it('holds one task of a kind for each instance, however long the peer is away', () => {
    const queue = new TaskQueue();
    for (let n = 0; n < 1000; n += 1) {
      queue.add(task('Heartbeat'));
      queue.add(task('Register'));
      queue.add(task(n % 2 ? 'StatusUpdate' : 'DeleteStatusOverride'));
    }
    expect(queue.size).toBe(3);
    expect(actions(queue)).toEqual(['Heartbeat', 'Register', 'StatusUpdate']);
    expect(queue.size).toBe(0);
  });

  it('is no more than that an instance left, when it did, and nothing of that when it came back', () => {
    expect(actions(queueOf(task('Register'), task('Heartbeat'), task('Cancel')))).toEqual(['Cancel']);
    expect(actions(queueOf(task('Cancel'), task('Register')))).toEqual(['Register']);
  });

  it('leaves out what the peer knows by itself by then', () => {
    const queue = queueOf(task('Heartbeat', 'a', 10), task('Heartbeat', 'b', 20), task('Register', 'c'));
    expect(queue.take(100, 15).map(({ key }) => key.instanceId)).toEqual(['b', 'c']);
  });

  it('is taken in batches, oldest first, and put back when it could not be sent', () => {
    const queue = queueOf(task('Register', 'a'), task('Register', 'b'), task('Register', 'c'));
    const batch = queue.take(2, 0);
    expect(batch.map(({ key }) => key.instanceId)).toEqual(['a', 'b']);
    queue.add(task('Cancel', 'a'));
    queue.putBack(batch);
    expect(queue.size).toBe(3);
    expect(actions(queue)).toEqual(['Register', 'Cancel', 'Register']);
  });

  it('is forgotten for an instance whose lease ran out', () => {
    const queue = queueOf(task('Register', 'a'), task('Register', 'b'));
    queue.forget(task('Register', 'a'));
    expect(queue.size).toBe(1);
  });
});
