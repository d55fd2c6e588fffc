import { join } from 'node:path';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Home } from '../../dev/src/home.ts';
import { ManagedProcess } from '../../dev/src/managed-process.ts';
import { freePort } from '../../dev/src/ports.ts';
import { homeMarker } from '../../dev/src/process-identity.ts';
import { Progress } from '../../dev/src/progress.ts';
import { prometheus } from '../../dev/src/servers/prometheus.ts';
import { readState } from '../../dev/src/state.ts';
import { caller } from './http.ts';
import { platform } from './platform.ts';

export interface Series {
  labels: Record<string, string>;
  value: number;
}

export interface Rule {
  name: string;
  health: string;
  lastError?: string;
}

export interface PrometheusStand {
  promtool: string;
  ask(query: string): Promise<Series[]>;
  rules(): Promise<Rule[]>;
  /** Of all labels of all series but the addresses of what was looked at, and the bounds of histograms. */
  labelValues(): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * A real Prometheus that looks at the platform of the tests, fetched when this machine has none; where it cannot be had,
 * the error says what to install.
 */
export async function startPrometheus(everySeconds: number): Promise<PrometheusStand> {
  const { prometheus: programs } = await bringArtifacts(new Progress(() => undefined), ['prometheus']);
  const state = readState(platform().home);
  if (!state) throw new Error('the platform left no state to read');
  const home = new Home(join(platform().home.folder, 'observed'));
  home.create();
  const port = await freePort();
  const spec = prometheus({ home, ports: state.ports, port, programs, everySeconds });
  const running = new ManagedProcess(spec, home.log('prometheus'), { [homeMarker]: home.folder });
  void running.launch();
  await running.whenReady();

  const api = caller(`http://127.0.0.1:${port}/api/v1`);
  const get = async (path: string, search: Record<string, string> = {}) => {
    const { status, body } = await api('GET', `${path}?${new URLSearchParams(search)}`);
    if (status !== 200) throw new Error(`Prometheus answers ${status}: ${body.error}`);
    return body.data;
  };
  return {
    stop: () => running.stop(),
    promtool: join(programs, 'promtool'),
    async ask(query) {
      const { result } = await get('/query', { query });
      return result.map(({ metric, value }: { metric: Record<string, string>; value: [number, string] }) => ({
        labels: metric,
        value: Number(value[1]),
      }));
    },
    async rules() {
      const { groups } = await get('/rules');
      return groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
    },
    async labelValues() {
      const names: string[] = await get('/labels');
      const own = names.filter((name) => !['instance', 'le'].includes(name));
      return (await Promise.all(own.map((name) => get(`/label/${name}/values`)))).flat();
    },
  };
}
