const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `visit-reason` as `VisitReason`. */
export const pascalCase = (name: string): string => name.split('-').map(capitalised).join('');

/** `visit-reason` as `visitReason`. */
export const camelCase = (name: string): string => name.split('-').reduce((all, word) => all + capitalised(word));

/** `visit-reason` as `visit-reasons`, `allergy` as `allergies`. */
export function pluralOf(name: string): string {
  if (/[^aeiou]y$/.test(name)) return name.replace(/y$/, 'ies');
  return /(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** The name of templates in every form: `some-thing`, `SomeThings`, `someThing`, `some_thing`, `SOME_THING`, `some things`. */
const placeholder = /(some|Some|SOME)(?:([-_ ])(thing|Thing|THING)|(Thing))(s?)/g;

/** A text of a template with another name in the place of its own, each time in the same form. */
export const named = (name: string, text: string): string =>
  (/^[aeiou]/.test(name) ? text.replaceAll(/\ba(?= some thing)/g, 'an') : text).replaceAll(
    placeholder,
    (_, first: string, between = '', next: string, joined: string, s: string) =>
      (s ? pluralOf(name) : name)
        .split('-')
        .map((word, nth) => inCaseOf(nth === 0 ? first : (next ?? joined), word))
        .join(between),
  );

function inCaseOf(sample: string, word: string): string {
  if (sample === sample.toUpperCase()) return word.toUpperCase();
  return sample === capitalised(sample) ? capitalised(word) : word;
}
