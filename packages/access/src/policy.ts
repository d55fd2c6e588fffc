import { type Role, roles } from '@cabinet/kit/access/principal';
import {
  type Channel,
  type Purpose,
  type Relation,
  type Resource,
  type Resources,
  type Rule,
  relations,
} from './vocabulary.js';

/** What the table says to one question. */
export interface Decision {
  readonly allowed: boolean;
  /** In which relation, and for what: of the first rule in the table that allows it. */
  readonly relation?: Relation;
  readonly purpose?: Purpose;
  /** Properties that are left out of an answer. */
  readonly hidden: readonly string[];
  /** Properties that may be changed. */
  readonly sets: ReadonlySet<string>;
}

/** What is asked for, as an operation says in `x-access`. */
export interface Asked {
  resource: string;
  action: string;
  channel: Channel;
}

/** The access table, compiled once: what it does not allow is denied. */
export class Policy {
  private readonly questions = new Map<string, Map<string, Map<string, Question>>>();

  /** @throws Error for a rule that names what is not there */
  constructor(readonly resources: Resources) {
    for (const [name, resource] of Object.entries(resources)) {
      const actions = new Map<string, Map<string, Question>>();
      this.questions.set(name, actions);
      const unknown = resource.notByClients?.find((action) => !resource.actions[action]);
      if (unknown) throw new Error(`${name}: no action ${unknown}`);
      for (const [action, rules] of Object.entries(resource.actions)) {
        const channels = new Set(rules.flatMap(channelsOf));
        const byChannel = [...channels].map((channel): [string, Question] => {
          const asked = { resource: name, action, channel };
          return [channel, new Question(asked, resource, rulesOn(rules, channel))];
        });
        actions.set(action, new Map(byChannel));
      }
    }
  }

  /** Undefined: the table knows nothing of it. */
  find({ resource, action, channel }: Asked): Question | undefined {
    return this.questions.get(resource)?.get(action)?.get(channel);
  }

  /** @throws Error for what the table does not know */
  question(resource: string, action: string, channel: Channel): Question {
    const found = this.find({ resource, action, channel });
    if (!found) throw new Error(`the access table does not know: ${resource} ${action} ${channel}`);
    return found;
  }

  all(): Question[] {
    return [...this.questions.values()].flatMap((actions) =>
      [...actions.values()].flatMap((each) => [...each.values()]),
    );
  }
}

export const channelsOf = ({ on = ['rest'] }: Rule): readonly Channel[] => on;

const rulesOn = (rules: readonly Rule[], channel: Channel): Rule[] =>
  rules.filter((rule) => channelsOf(rule).includes(channel));

/** Each role and each relation is a bit, so that a question is asked by a number and the answer to it kept. */
const bitsOf = <T extends string>(names: readonly T[]): Record<T, number> =>
  Object.fromEntries(names.map((name, nth) => [name, 1 << nth])) as Record<T, number>;
const roleBits = bitsOf(roles);
const relationBits = bitsOf(Object.keys(relations) as Relation[]);
const relationsMax = Object.keys(relations).length;

const none: ReadonlySet<string> = new Set();

/** One action on one resource by one channel. */
export class Question {
  /** Who may have a rule that lets them; all others are refused at the door. */
  readonly roles: readonly Role[];
  /** True of what everybody does themselves: no client does it in their name. */
  readonly notByClients: boolean;
  private readonly answers = new Map<number, Decision>();
  private readonly lines: { role: number; relation: Relation; rule: Rule }[];

  constructor(
    readonly asked: Asked,
    readonly resource: Resource,
    readonly rules: readonly Rule[],
  ) {
    this.lines = rules.flatMap((rule) =>
      rule.who.map((who) => {
        const [role, relation] = who.split(' ') as [Role, Relation];
        return { role: roleBits[role], relation, rule };
      }),
    );
    this.notByClients = resource.notByClients?.includes(asked.action) ?? false;
    this.roles = roles.filter((role) => this.lines.some((line) => line.role === roleBits[role]));
    for (const { sees, sets = [] } of rules) {
      for (const group of [sees, sets].flatMap((groups) => (groups === 'all' ? [] : groups))) {
        if (!resource.properties[group]) throw new Error(`${asked.resource} ${asked.action}: no group ${group}`);
      }
    }
  }

  /** True when guardians do not learn that somebody with these roles asked for it. */
  isUnseenByGuardians(actorRoles: readonly Role[]): boolean {
    return this.resource.unseenByGuardians?.some((role) => actorRoles.includes(role)) ?? false;
  }

  /** True when guardians do not learn which practitioner it was for, where it is refused. */
  get isRefusalUnseenByGuardians(): boolean {
    return this.asked.channel === 'list' && this.resource.refusedListsUnseenByGuardians === true;
  }

  /** @param to what the actor is to the object; that the role is enough need not be said */
  decide(actorRoles: readonly Role[], to: readonly Relation[]): Decision {
    let key = 0;
    for (const role of actorRoles) key |= roleBits[role] << relationsMax;
    for (const relation of to) key |= relationBits[relation];
    let decision = this.answers.get(key);
    if (!decision) {
      decision = this.work(key);
      this.answers.set(key, decision);
    }
    return decision;
  }

  private work(key: number): Decision {
    const its = this.lines.filter(
      ({ role, relation }) => key & (role << relationsMax) && (relation === 'any' || key & relationBits[relation]),
    );
    const [first] = its;
    if (!first) return { allowed: false, hidden: propertiesOf(this.resource, 'all'), sets: none };
    const hidden =
      key & relationBits.guardian ? propertiesOf(this.resource, this.resource.hiddenFromGuardians ?? []) : [];
    const seen = new Set(its.flatMap(({ rule }) => propertiesOf(this.resource, rule.sees)));
    for (const property of hidden) seen.delete(property);
    return {
      allowed: true,
      relation: first.relation,
      purpose: first.rule.purpose,
      hidden: propertiesOf(this.resource, 'all').filter((property) => !seen.has(property)),
      sets: new Set(its.flatMap(({ rule }) => propertiesOf(this.resource, rule.sets ?? []))),
    };
  }
}

/** The properties of these groups. */
export const propertiesOf = ({ properties }: Resource, groups: Rule['sees']): string[] =>
  (groups === 'all' ? Object.keys(properties) : groups).flatMap((group) => properties[group] ?? []);

/** Leaves out of what was made for an answer what is not to be seen of it. */
export function withoutHidden<T extends object>(made: T, hidden: readonly string[]): T {
  for (const property of hidden) {
    if (property in made) (made as Record<string, unknown>)[property] = undefined;
  }
  return made;
}
