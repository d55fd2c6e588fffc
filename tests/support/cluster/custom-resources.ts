import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Kinds that the overlay `production` uses and Kubernetes does not have, as their makers publish them. */
const definitions = [
  {
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    file: 'config/crds/bases/external-secrets.io_externalsecrets.yaml',
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    file: 'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml',
  },
];

/** The definitions of these kinds, fetched as Go modules. */
export function customResourceDefinitions(): string {
  return definitions
    .map(({ module, file }) => {
      const args = ['mod', 'download', '-json', module];
      const { Dir } = JSON.parse(execFileSync('go', args, { cwd: tmpdir(), encoding: 'utf8' }));
      return readFileSync(join(Dir, file), 'utf8');
    })
    .join('---\n');
}
