import { expect, it } from 'vitest';
import { whileStopped } from '../src/while-stopped.ts';

/** Notes what is asked of it; `fails` throws. */
function platformOf(names: string[], fails?: 'stopApp' | 'startApp') {
  const asked: string[] = [];
  const act = (what: 'stopApp' | 'startApp') => async (name: string) => {
    asked.push(`${what} ${name}`);
    if (what === fails) throw new Error(`${what} failed`);
  };
  const processes = () => names.map((name) => ({ name, kind: 'app', state: 'ready', port: 1, restarts: 0 }) as const);
  return { asked, platform: { processes, stopApp: act('stopApp'), startApp: act('startApp') } };
}
const broken = () => Promise.reject(new Error('the disk is full'));

it('starts the service again after work that failed, and says why it did', async () => {
  const { asked, platform } = platformOf(['patient']);
  await expect(whileStopped(platform, 'patient', broken)).rejects.toThrow('the disk is full');
  expect(asked).toEqual(['stopApp patient', 'startApp patient']);
});

it('starts it again when it was stopped by half, and then does no work', async () => {
  const { asked, platform } = platformOf(['patient'], 'stopApp');
  await expect(whileStopped(platform, 'patient', broken)).rejects.toThrow('stopApp failed');
  expect(asked).toEqual(['stopApp patient', 'startApp patient']);
});

it('says that the service is stopped, and how to go on', async () => {
  const { platform } = platformOf(['patient'], 'startApp');
  await expect(whileStopped(platform, 'patient', broken)).rejects.toThrow(
    /^the disk is full\npatient does not run again: startApp failed\nnpm run logs -- patient says why; /,
  );
});

it('neither stops nor starts what was not started', async () => {
  const { asked, platform } = platformOf(['registry']);
  await expect(whileStopped(platform, 'patient', broken)).rejects.toThrow('the disk is full');
  expect(asked).toEqual([]);
});
