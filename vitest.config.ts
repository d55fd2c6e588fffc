import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { lingui } from '@lingui/vite-plugin';
import { configDefaults, defineConfig } from 'vitest/config';
import { linguiMacros } from './portal/vite-macros.ts';

// No condition that a test waits for depends on the machine's speed; time-outs end what would never end.
const unhurried = { poll: { timeout: 110_000 } };

const keycloak = 'services/auth/test/keycloak/*.test.ts';

/** Where each kind of test lives; all run against what is built, so build first (`npm test` does). */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Tests wait for databases and sidecars more than they compute: on two cores one worker would leave one of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'rules',
          expect: unhurried,
          include: [
            '{packages,services}/*/src/**/*.test.ts',
            '{gateway,registry,dev,tools,operations}/src/**/*.test.ts',
            'portal/mock/*.test.ts',
            'tests/{architecture,contract}/**/*.test.ts',
            'analytics/test/same-*.test.ts',
          ],
        },
      },
      {
        // Components and rules of the portal, in the likeness of a browser; real ones are in tests/e2e.
        plugins: [linguiMacros(), lingui({ cwd: join(import.meta.dirname, 'portal') })],
        root: join(import.meta.dirname, 'portal'),
        test: {
          name: 'portal',
          expect: unhurried,
          environment: 'happy-dom',
          include: ['src/**/*.test.{ts,tsx}'],
        },
      },
      {
        test: {
          name: 'services',
          expect: unhurried,
          include: [
            '{packages,services}/*/test/**/*.test.ts',
            '{gateway,registry,dev,operations}/test/**/*.test.ts',
            'portal/browser/*.test.ts',
            'analytics/test/stream.test.ts',
          ],
          exclude: [...configDefaults.exclude, keycloak],
          globalSetup: ['tests/support/servers.setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Not among those of `npm test`: `npm run test:images`.
        test: {
          name: 'images',
          expect: unhurried,
          include: ['tests/images/**/*.test.ts'],
          globalSetup: ['tests/support/images.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Not among those of `npm test`: `npm run test:compose`.
        test: {
          name: 'compose',
          expect: unhurried,
          include: ['tests/compose/**/*.test.ts'],
          globalSetup: ['tests/support/compose.setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        // Not among those of `npm test`: `npm run test:k8s`.
        test: {
          name: 'k8s',
          expect: unhurried,
          include: ['tests/k8s/**/*.test.ts'],
          globalSetup: ['tests/support/k8s.setup.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        // Not among those of `npm test`, for the time that Keycloak takes to start: `npm run test:keycloak`.
        test: {
          name: 'keycloak',
          expect: unhurried,
          include: [keycloak],
          globalSetup: ['tests/support/servers.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 660_000,
        },
      },
      {
        // Not among those of `npm test`, for what is fetched for it: `npm run test:browsers`.
        test: {
          name: 'browsers',
          expect: unhurried,
          include: ['tests/browsers/**/*.test.ts'],
          globalSetup: ['tests/support/platform.setup.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 300_000,
        },
      },
      {
        // Not among those of `npm test`, for the time it takes: `npm run test:rolling`.
        test: {
          name: 'rolling',
          expect: unhurried,
          include: ['tests/rolling/**/*.test.ts'],
          globalSetup: ['tests/support/platform.setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Not among those of `npm test`, which has a short form of it: `npm run test:kill -- --kills 30 --seed 7`.
        test: {
          name: 'kill',
          expect: unhurried,
          include: ['tests/kill/**/*.test.ts'],
          globalSetup: ['tests/support/platform.setup.ts'],
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'system',
          expect: unhurried,
          include: ['tests/{e2e,kill,resilience,interop,observability,operations}/**/*.test.ts'],
          globalSetup: ['tests/support/platform.setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
