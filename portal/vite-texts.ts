import type { Plugin } from 'vite';

const isPart = /\.po\?(?<part>first|rest)$/;

/**
 * Gives the texts of a language in two parts: `fr.po?first` has those of the modules that a browser loads whatever page it
 * shows, `fr.po?rest` all others. The first load keeps its size however many pages there are, and a language is still one
 * file. Where pages are made, without a build, the first part has all.
 * @param entry the module with which everything begins
 */
export function textsInTwoParts(entry: string): Plugin {
  let isBuild = false;
  return {
    name: 'cabinet:texts-in-two-parts',
    enforce: 'pre',
    configResolved(config) {
      isBuild = config.command === 'build';
    },
    async load(id) {
      const part = isPart.exec(id)?.groups?.part;
      if (!part) return undefined;
      const file = id.replace(isPart, '.po');
      if (!isBuild) return part === 'first' ? `export * from '${file}';` : 'export const messages = {};';
      const { code } = await this.load({ id: file });
      const texts = messagesIn(code ?? '');
      const modules = await codeOf(entry, (module) => this.load({ id: module, resolveDependencies: true }));
      const isFirst = (text: string) =>
        modules.some((each) => each.includes(`"${text}"`) || each.includes(`'${text}'`));
      const its = Object.entries(texts).filter(([text]) => isFirst(text) === (part === 'first'));
      return `export const messages = JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(its)))});`;
    },
  };
}

/** As Lingui compiles a catalog: `export const messages=JSON.parse("...")`. */
function messagesIn(code: string): Record<string, unknown> {
  const written = /JSON\.parse\((?<text>"(?:[^"\\]|\\.)*")\)/.exec(code)?.groups?.text;
  if (!written) throw new Error('Lingui compiles catalogs in another way than this reads');
  return JSON.parse(JSON.parse(written));
}

interface Loaded {
  id: string;
  code: string | null;
  importedIds: readonly string[];
}

/** The code of a module and of all of ours that are loaded with it. */
async function codeOf(entry: string, load: (id: string) => Promise<Loaded>): Promise<string[]> {
  const seen = new Map<string, string>();
  const look = async (id: string): Promise<void> => {
    if (seen.has(id) || id.includes('node_modules') || !/\.tsx?$/.test(id)) return;
    seen.set(id, '');
    const { code, importedIds } = await load(id);
    seen.set(id, code ?? '');
    for (const each of importedIds) await look(each);
  };
  await look(entry);
  return [...seen.values()];
}
