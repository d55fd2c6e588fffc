import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs docker; returns what it printed. @throws with docker's own words. */
export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }).trim();
}

/** Runs a container to its end; returns its exit code and all that it wrote. */
export async function runToEnd(image: string): Promise<{ code: number; output: string }> {
  const answer = await promisify(execFile)('docker', ['run', '--rm', '--network', 'none', image]).catch(
    (error) => error,
  );
  return { code: answer.code ?? 0, output: `${answer.stdout}${answer.stderr}` };
}

/**
 * A container that may do as little as one in the cluster: no root, nothing to write to but /tmp, no capability. It is on
 * this machine's network, where the databases of the tests listen for nobody else.
 */
export function startContainer(image: string, env: Record<string, string>): AsyncDisposable & { id: string } {
  const confined = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const id = docker('run', '--detach', '--network', 'host', ...confined, ...variables, image);
  return {
    id,
    async [Symbol.asyncDispose]() {
      docker('rm', '--force', id);
    },
  };
}
