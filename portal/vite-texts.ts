import type { Plugin } from 'vite';

const isPart = /\.po\?(?<part>first|rest)$/;

type Load = (of: { id: string; resolveDependencies?: boolean }) => Promise<Loaded>;

/**
 * Gives the texts of a language in two parts: `fr.po?first` has those of the modules that a browser loads whatever page it
 * shows, `fr.po?rest` all others. The first load keeps its size however many pages there are, and a language is still one
 * file. In what is built a text is known by its number and not by a digest, which no compression makes smaller. Where pages are
 * made, without a build, the first part has all.
 * @param entry the module with which everything begins
 * @param source the language that the texts are written in
 */
export function textsInTwoParts(entry: string, source: string): Plugin {
  let isBuild = false;
  let numbers: Promise<Map<string, string>> | undefined;
  const numbered = (load: Load) => {
    numbers ??= load({ id: source }).then(
      ({ code }) => new Map(Object.keys(messagesIn(code ?? '')).map((id, nth) => [id, keyOf(nth)])),
    );
    return numbers;
  };
  return {
    name: 'cabinet:texts-in-two-parts',
    enforce: 'pre',
    configResolved(config) {
      isBuild = config.command === 'build';
    },
    async transform(code, id) {
      if (!isBuild || id.includes('node_modules') || !/\.tsx?$/.test(id) || !/"[\w+/-]{6}"/.test(code))
        return undefined;
      const known = await numbered((of) => this.load(of));
      const shorter = code.replace(/"([\w+/-]{6})"/g, (text, digest) => {
        const number = known.get(digest);
        return number ? `"${number}"` : text;
      });
      return { code: shorter, map: null };
    },
    async load(id) {
      const part = isPart.exec(id)?.groups?.part;
      if (!part) return undefined;
      const file = id.replace(isPart, '.po');
      if (!isBuild) return part === 'first' ? `export * from '${file}';` : 'export const messages = {};';
      const { code } = await this.load({ id: file });
      const texts = messagesIn(code ?? '');
      const known = await numbered((of) => this.load(of));
      const modules = await codeOf(entry, (module) => this.load({ id: module, resolveDependencies: true }));
      const isFirst = (key: string) => modules.some((each) => each.includes(`"${key}"`) || each.includes(`'${key}'`));
      const its = [...known].map(([text, key]) => (isFirst(key) === (part === 'first') ? texts[text] : null));
      const json = JSON.stringify(JSON.stringify(its));
      return `export const messages = Object.fromEntries(
        JSON.parse(${json}).flatMap((text, nth) => (text === null ? [] : [['${mark}' + nth.toString(36), text]])));`;
    },
  };
}

/** So that no number is taken for another text. */
const mark = '~';

const keyOf = (nth: number): string => mark + nth.toString(36);

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
