import { expect, it } from 'vitest';
import { claimsOf } from './oidc.ts';
import { personOf } from './person.ts';

/** A token that says this, signed by nobody. */
const tokenOf = (claims: object) =>
  `e30.${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')}.`;

const of = (claims: object) =>
  personOf({ accessToken: tokenOf({ sub: 'u', sid: 's', ...claims }), idToken: tokenOf({ email: 'zoë@example.org' }) });

it('reads what a token says in any letters', () => {
  expect(claimsOf(tokenOf({ name: 'Zoë שלום ÿ?>' }))).toEqual({ name: 'Zoë שלום ÿ?>' });
});

it('knows roles that it has pages for, for whom somebody acts, who works for every practitioner, and who must enrol', () => {
  const acts_for = [{ patient: 'p2', as: 'guardian', sections: ['appointments'], until: 1_900_000_000 }];
  expect(of({ roles: ['patient', 'admin', 'cleaner'], patientId: 'p1', acts_for })).toEqual({
    id: 'u',
    sessionId: 's',
    email: 'zoë@example.org',
    roles: ['patient', 'admin'],
    patientId: 'p1',
    practitionerId: undefined,
    actsFor: [{ patientId: 'p2', as: 'guardian', sections: ['appointments'] }],
    worksForAll: false,
    mustEnrol: false,
  });
  const delegated = [{ practitioner: 'all', as: 'secretary', scopes: ['agenda'] }];
  expect(of({ roles: ['secretary'], delegated })).toMatchObject({ worksForAll: true });
  expect(of({ roles: ['practitioner'], delegated })).toMatchObject({ worksForAll: false });
  expect(of({ roles: ['secretary'], delegated: [{ ...delegated[0], practitioner: 'd1' }] })).toMatchObject({
    worksForAll: false,
  });
  expect(of({ roles: ['enrolling'] })).toMatchObject({ roles: [], mustEnrol: true, actsFor: [] });
});
