import { guardiansActUntil, usualAges } from './family.js';
import { channelsOf, type Policy } from './policy.js';
import { channels, type Groups, purposes, type Resource, type Rule, relations } from './vocabulary.js';

/** The table as a page: one table a resource, a row for each role and relation, a column for each action. */
export function pageOf({ resources }: Policy): string {
  const used = new Set(
    Object.values(resources).flatMap(({ actions }) => Object.values(actions).flat().flatMap(channelsOf)),
  );
  return [
    '# Who may see what',
    '',
    'Written by `npm run gen` from [packages/access/src/rules](../packages/access/src/rules/). What no rule lets is denied.',
    'A cell says what is seen of the answer, what may be set, and after `by` in which ways other than one by its id.',
    '',
    ...Object.entries(resources).flatMap(([name, resource]) => sectionOf(name, resource)),
    '## A minor and their guardians',
    '',
    'At an age that the practice sets a section becomes the minor’s own, who says from then on whether their guardians act in it;',
    `as long as it sets none, its ages are \`${usualAges}\`.`,
    '',
    '| guardians act in | until |',
    '| --- | --- |',
    ...Object.entries(guardiansActUntil).map(([section, end]) => `| ${section} | ${ends[end]} |`),
    '',
    '## Words',
    '',
    '| somebody is | when |',
    '| --- | --- |',
    ...Object.entries(relations).map(([relation, meaning]) => `| ${relation} | ${meaning} |`),
    '',
    '| by | means |',
    '| --- | --- |',
    ...Object.entries(channels).flatMap(([channel, meaning]) =>
      used.has(channel as keyof typeof channels) ? [`| ${channel} | ${meaning} |`] : [],
    ),
    '',
    '| purpose | HL7 v3 PurposeOfUse |',
    '| --- | --- |',
    ...Object.entries(purposes).map(([purpose, code]) => `| ${purpose} | ${code} |`),
    '',
  ].join('\n');
}

const ends = { majority: 'majority', age: 'the age of the practice for it, or majority where it has none' };

function sectionOf(name: string, resource: Resource): string[] {
  const { about, properties, actions, notByClients = [], unseenByGuardians = [], hiddenFromGuardians = [] } = resource;
  const { refusedListsUnseenByGuardians } = resource;
  const columns = Object.keys(actions);
  const who = new Set(
    Object.values(actions)
      .flat()
      .flatMap((rule) => rule.who),
  );
  const rows = [...who].map((each) => {
    const cells = columns.map((action) => (actions[action] ?? []).filter((rule) => rule.who.includes(each)));
    const why = new Set(cells.flat().map(({ purpose }) => purpose));
    return `| ${[each.replace(' ', ', '), ...cells.map(cellOf), [...why].join(', ')].join(' | ')} |`;
  });
  return [
    `## ${name}`,
    '',
    `${about.charAt(0).toUpperCase()}${about.slice(1)}.`,
    '',
    `| who | ${columns.join(' | ')} | for |`,
    `| --- |${' --- |'.repeat(columns.length + 1)}`,
    ...rows,
    '',
    ...Object.entries(properties).map(([group, names]) => `- ${group}: ${names.join(', ')}`),
    '',
    ...(notByClients.length > 0 ? [`By no client in somebody's name: ${notByClients.join(', ')}.`, ''] : []),
    ...(unseenByGuardians.length > 0
      ? [`Guardians do not learn that it was seen or changed by: ${unseenByGuardians.join(', ')}.`, '']
      : []),
    ...(refusedListsUnseenByGuardians
      ? ['Guardians do not learn for which practitioner a list was asked for that was refused.', '']
      : []),
    ...(hiddenFromGuardians.length > 0
      ? [`A guardian does not see, in whichever role they come: ${hiddenFromGuardians.join(', ')}.`, '']
      : []),
  ];
}

const cellOf = (rules: Rule[]): string => rules.map(ruleOf).join('; ');

function ruleOf(rule: Rule): string {
  const others = channelsOf(rule).filter((channel) => channel !== 'rest');
  const by = others.length > 0 ? ` by ${channelsOf(rule).join(', ')}` : '';
  return `${groupsOf(rule.sees) || 'nothing'}${rule.sets ? `, sets ${groupsOf(rule.sets)}` : ''}${by}`;
}

const groupsOf = (groups: Groups): string => (groups === 'all' ? 'all' : groups.join(', '));
