import type { authApi } from '@cabinet/contracts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, people, practitioners, since } from '../people.ts';

type Delegation = authApi.components['schemas']['DelegationResponse'];

const emailOf = (id: string): string => people.find((each) => each.id === id)?.email ?? '';
const secretary = idOf('user secretary');

const given = new Map<string, Delegation>();
const give = (
  practitionerId: string,
  terms: Pick<Delegation, 'delegateId' | 'as' | 'scopes' | 'until'>,
): Delegation => {
  const { delegateId } = terms;
  const id = idOf(`delegation ${given.size} ${practitionerId}`);
  const one = {
    id,
    practitionerId,
    delegateEmail: emailOf(delegateId),
    from: since,
    givenAt: since,
    givenBy: secretary,
  };
  given.set(id, { ...one, ...terms });
  return given.get(id) as Delegation;
};
give(practitioners[0]?.id as string, { delegateId: secretary, as: 'secretary', scopes: ['agenda', 'letters'] });
give(practitioners[1]?.id as string, { delegateId: secretary, as: 'secretary', scopes: ['agenda'] });

let rule: authApi.components['schemas']['DelegationRuleResponse'] = { secretariesWorkFor: 'all', version: 1 };
const ruleVersions: authApi.components['schemas']['DelegationRuleVersionResponse'][] = [rule];

/** Who works for whom. */
export const delegationAnswers: Handler[] = [
  on('get', '/api/auth/delegations', ({ who }) => ({
    body: {
      items: [...given.values()].filter(
        ({ practitionerId, delegateId }) =>
          who.roles.includes('admin') ||
          [practitionerId, delegateId].some((id) => id === who.practitionerId || id === who.id),
      ),
    },
  })),
  on('get', '/api/auth/delegates', ({ who }) => ({
    body: {
      items: people
        .filter(
          ({ id, roles }) => id !== who.id && roles.some((role) => role === 'secretary' || role === 'practitioner'),
        )
        .map(({ id, email, roles }) => ({ id, email, roles })),
    },
  })),
  on('post', '/api/auth/delegations', ({ body, who }) => {
    const isTwice = [...given.values()].some(
      (each) => each.practitionerId === who.practitionerId && each.delegateId === body.delegateId,
    );
    if (isTwice) throw new Refused(409, 'AUTH.ALREADY_DELEGATED', 'They work for you already');
    return { status: 201, body: give(who.practitionerId as string, body) };
  }),
  on('delete', '/api/auth/delegations/{id}', ({ path }) => {
    if (!given.delete(path.id as string)) throw notFound('AUTH.NO_SUCH_DELEGATION');
    return { status: 204, body: undefined };
  }),
  on('get', '/api/auth/delegation-rule', () => ({ body: rule })),
  on('get', '/api/auth/delegation-rule/versions', () => ({ body: { items: ruleVersions } })),
  on('put', '/api/auth/delegation-rule', ({ body, version, who }) => {
    if (version() !== rule.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    rule = { ...body, version: rule.version + 1 };
    ruleVersions.unshift({ ...rule, changedAt: new Date().toISOString(), changedBy: who.id });
    return { body: rule };
  }),
];
