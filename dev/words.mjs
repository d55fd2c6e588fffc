// Whether the words after a verb are ones that it takes: refused in one place, before anything is begun.

/** @typedef {import('./verbs.mjs').Verb} Verb */

/** Names of options that npm has as well, so that its variable may come from somebody's settings. */
const npmsOwn = ['--json', '--tag', '--yes'];

/**
 * What is wrong with the words after a verb, in one line; undefined: nothing.
 * @param {string} name @param {Verb} verb @param {string[]} words @returns {string | undefined}
 */
export function problemWithWords(name, { takes = '', options = {}, passesOn }, words) {
  const say = (/** @type {string} */ what) => `${what}; npm run ${name} -- --help says what it takes.`;
  const takesValue = new Map(Object.keys(options).flatMap(namesOf));
  const swallowed = [...takesValue.keys()].find((option) => isSwallowed(name, option));
  if (swallowed) return `npm keeps ${swallowed} for itself: write npm run ${name} -- ${swallowed}, with -- before it.`;
  if (passesOn) return undefined;
  let others = 0;
  for (let nth = 0; nth < words.length; nth += 1) {
    const [option = '', value] = /** @type {string} */ (words[nth]).split(/=(.*)/s);
    if (!/^-./.test(option)) {
      others += 1;
      if (others > mostOf(takes)) return say(`${name} does not take "${words[nth]}"`);
    } else if (!takesValue.has(option)) return say(`${name} has no option ${option}`);
    else if (takesValue.get(option) && value === undefined) {
      nth += 1;
      if (words[nth] === undefined || words[nth]?.startsWith('--')) return say(`${option} needs a value`);
    } else if (!takesValue.get(option) && value !== undefined) return say(`${option} takes no value`);
  }
  return undefined;
}

/** `-f, --follow` and `--tag TAG` as names, each with whether a value follows. @param {string} option @returns {[string, boolean][]} */
function namesOf(option) {
  return option.split(', ').flatMap((each) => {
    const [name = '', value] = each.split(' ');
    return name.startsWith('-') ? [[name, value !== undefined]] : [];
  });
}

/** How many words there may be besides options: `FOLDER [SERVICE ...]` is any number. @param {string} takes */
const mostOf = (takes) => (takes.includes('...') ? Number.POSITIVE_INFINITY : takes.split(' ').filter(Boolean).length);

/**
 * Without `--` before it, npm takes an option for its own, and tells it in a variable. Of `--only`, which it had itself once, npm 11
 * tells nothing but a warning.
 * @param {string} verb @param {string} option
 */
function isSwallowed(verb, option) {
  if (process.env.npm_lifecycle_event !== verb || npmsOwn.includes(option)) return false;
  const [, not, name = ''] = /^--(no-)?(.+)$/.exec(option) ?? [];
  const told = process.env[`npm_config_${name.replaceAll('-', '_')}`];
  return not ? told === '' : Boolean(told);
}
