import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryHome } from '../testing.ts';
import { mosquitto } from './mosquitto.ts';

it('the broker of devices listens on this machine alone: before its listener stands nothing that would open another', () => {
  const home = temporaryHome();
  mosquitto({ home, port: 4711, program: '/usr/sbin/mosquitto' });
  const lines = readFileSync(home.run('mosquitto.conf'), 'utf8').split('\n');
  const settings = lines.filter((line) => line !== '' && !line.startsWith('#'));
  expect(settings[0]).toBe('listener 4711 127.0.0.1');
  expect(settings.filter((line) => line.startsWith('listener'))).toHaveLength(1);
  expect(settings).toContain(`persistence_location ${home.data('mosquitto')}/`);
});
