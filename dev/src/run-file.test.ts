import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workTree } from '../cache.mjs';
import { readRunFile } from './run-file.ts';
import { temporaryFolder } from './testing.ts';

const app = (name: string, ports: number[], more = '') => `
  - appID: ${name}
    appDirPath: ../services/${name}
    appPort: ${ports[0]}
    daprHTTPPort: ${ports[1]}
    daprGRPCPort: ${ports[2]}
    daprInternalGRPCPort: ${ports[3]}
    metricsPort: ${ports[4]}
    command: [node, dist/main.js]
${more}`;

function runFile(content: string): string {
  const file = join(temporaryFolder(), 'dapr.yaml');
  writeFileSync(file, content);
  return file;
}

const head = 'version: 1\ncommon:\n  configFilePath: ./configuration.yaml\n  env: { A: common, B: common }\napps:';

describe('the run file', () => {
  it('of this repository names every process of the design with folders that exist', () => {
    const { apps, resources } = readRunFile();
    expect(apps.map(({ name, ports }) => [name, ports.app])).toEqual(
      expect.arrayContaining([
        ['registry', 8761],
        ['gateway', 8080],
        ['patient', 9091],
        ['practitioner', 9092],
        ['appointment', 9093],
        ['auth', 9094],
        ['record', 9096],
      ]),
    );
    expect(apps.find(({ name }) => name === 'patient')?.folder).toBe(join(workTree, 'services/patient'));
    expect(resources).toContain(join(workTree, 'components'));
  });

  it('gives sidecar ports that end as the port of their process', () => {
    for (const { ports } of readRunFile().apps) {
      const ending = ports.app % 100;
      expect(Object.values(ports).map((port) => port % 100)).toEqual([ending, ending, ending, ending, ending]);
    }
  });

  it("lets a process's own environment win over the common one", () => {
    const file = runFile(`${head}${app('one', [1, 2, 3, 4, 5], '    env: { B: own }')}`);
    expect(readRunFile(file).apps[0]?.env).toEqual({ A: 'common', B: 'own' });
  });

  it('is refused with everything that is wrong in one message', () => {
    const file = runFile(`version: 2\napps:${app('one', [1, 2, 3, 4, 5])}${app('one', [1, 7, 8, 9, 70_000])}`);
    expect(() => readRunFile(file)).toThrow(
      /version must be 1; one has no valid metricsPort; appID "one" stands there twice; port 1 is given to .* and .*; common.configFilePath is missing/,
    );
  });

  it('is refused when it is empty', () => {
    expect(() => readRunFile(runFile(''))).toThrow(/apps is empty/);
  });
});
