import type { Plugin } from 'vite';

type Load = (of: { id: string; resolveDependencies?: boolean }) => Promise<Loaded>;

/**
 * Gives the texts of a language in parts: `fr.po?first` has those of the modules that a browser loads whatever page it shows,
 * `fr.po?<area>` those that pages of an area alone say, `fr.po?rest` all others. The first load keeps its size however many pages there
 * are, and a language is still one file. In what is built a text is known by its number and not by a digest, which no compression makes
 * smaller. Where pages are made, without a build, the first part has all.
 * @param entry the module with which everything begins
 * @param source the language that the texts are written in
 * @param areas of each the files of its pages
 */
export function textsInParts(entry: string, source: string, areas: Readonly<Record<string, RegExp>>): Plugin {
  const isPart = new RegExp(`\\.po\\?(?<part>${['first', 'rest', ...Object.keys(areas)].join('|')})$`);
  let isBuild = false;
  let parted: Promise<Map<string, string>> | undefined;
  let numbers: Promise<Map<string, string>> | undefined;
  const numbered = (load: Load) => {
    numbers ??= load({ id: source }).then(
      ({ code }) => new Map(Object.keys(messagesIn(code ?? '')).map((id, nth) => [id, keyOf(nth)])),
    );
    return numbers;
  };
  return {
    name: 'cabinet:texts-in-parts',
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
      parted ??= partsOf(entry, areas, (module) => this.load({ id: module, resolveDependencies: true }));
      const partOf = await parted;
      const its = [...known].map(([text, key]) => ((partOf.get(key) ?? 'rest') === part ? texts[text] : null));
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
  dynamicallyImportedIds: readonly string[];
}

type LoadModule = (id: string) => Promise<Loaded>;

/** In which part each text is, by its number. */
async function partsOf(entry: string, areas: Readonly<Record<string, RegExp>>, load: LoadModule) {
  const parts = new Map<string, string>();
  const always = await saidWith(entry, load);
  for (const page of always.later) {
    const area = Object.keys(areas).find((each) => areas[each]?.test(page)) ?? 'rest';
    const { keys } = await saidWith(page, load);
    for (const key of keys) parts.set(key, (parts.get(key) ?? area) === area ? area : 'rest');
  }
  for (const key of always.keys) parts.set(key, 'first');
  return parts;
}

/** What a module and all of ours that are loaded with it say, and what they load later. */
async function saidWith(module: string, load: LoadModule) {
  const [keys, later, seen] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const look = async (id: string): Promise<void> => {
    if (seen.has(id) || id.includes('node_modules') || !/\.tsx?$/.test(id)) return;
    seen.add(id);
    const { code, importedIds, dynamicallyImportedIds } = await load(id);
    for (const [, key] of (code ?? '').matchAll(/["'](~[\da-z]+)["']/g)) keys.add(key as string);
    for (const each of dynamicallyImportedIds) later.add(each);
    for (const each of importedIds) await look(each);
  };
  await look(module);
  return { keys, later };
}
