import { createLogger } from '@cabinet/kit/observe/log';
import { expect, it, onTestFinished } from 'vitest';
import { ManualTime } from '../../test/manual-time.js';
import { Registry } from '../domain/registry.js';
import { Peers } from './peers.js';

const address = (n: number) => `http://127.0.0.1:${n}/eureka/`;

it('a new list of peers adds, takes away, and keeps what those that stay have yet to hear', () => {
  const time = new ManualTime();
  const log = createLogger('test', 'silent');
  const peers = new Peers({ registry: new Registry(time), time, log, timeoutMs: 100 });
  onTestFinished(() => peers.stop());
  peers.update([address(1), address(2)]);
  peers.tell({ action: 'Register', key: { app: 'PATIENT', instanceId: 'a' } });
  peers.update([address(2), address(3)]);
  expect(peers.states().map(({ url, pending }) => [url, pending])).toEqual([
    [address(2), 1],
    [address(3), 0],
  ]);
  peers.noteSelf(address(3));
  peers.update([address(2), address(3)]);
  expect(peers.urls).toEqual([address(2)]);
});
