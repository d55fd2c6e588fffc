import type { Plugin, Rolldown } from 'vite';

/** Bytes, as they are written, below which what a few pages share is no file of its own. */
const leastBytes = 24_000;

interface Beginnings {
  /** What runs first, while the browser still fetches the rest. */
  first: string;
  /** What shows pages. */
  main: string;
  /** With what another page of ours begins: it loads nothing of all this but what it shares. */
  apart: string;
}

/**
 * Makes few files of what belongs together: what every page needs is one, however many pages share parts of it, and small parts that
 * pages share are put with others. A telephone waits longer for a file than for its bytes, and asks for six at once.
 */
export function fewFiles({ first, main, apart }: Beginnings): Plugin {
  const its = { first: new Set<string>(), main: new Set<string>(), apart: new Set<string>() };
  return {
    name: 'cabinet:few-files',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          output: {
            // Else what pages share is named after all of them.
            chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
            codeSplitting: {
              groups: [
                { name: 'kept', test: (id) => its.apart.has(id) && its.main.has(id), priority: 4 },
                { name: 'begin', test: (id) => its.first.has(id), priority: 3 },
                { name: 'portal', test: (id) => its.main.has(id), priority: 2 },
                {
                  name: 'shared',
                  test: (id) => !its.apart.has(id) && !id.endsWith('.css'),
                  minShareCount: 2,
                  entriesAware: true,
                  entriesAwareMergeThreshold: leastBytes,
                  priority: 1,
                },
              ],
            },
          },
        },
      },
    }),
    buildEnd() {
      its.first = loadedWith(this, first);
      its.main = loadedWith(this, main);
      its.apart = loadedWith(this, apart);
    },
  };
}

/** A module and all that is loaded at once with it. */
function loadedWith(graph: Pick<Rolldown.PluginContext, 'getModuleInfo'>, module: string): Set<string> {
  const seen = new Set<string>();
  const look = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const each of graph.getModuleInfo(id)?.importedIds ?? []) look(each);
  };
  look(module);
  return seen;
}
