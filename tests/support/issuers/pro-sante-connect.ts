import { type Claims, MockIssuer } from './mock-issuer.ts';

export const pscSecret = 'what Pro Santé Connect knows the practice by';

/** Pro Santé Connect as its documents describe it: discovery at a place of its own, people with their activities in the userinfo. */
export const startProSanteConnect = (now: () => Date): Promise<MockIssuer> =>
  new MockIssuer(
    {
      discoveryPath: '/.well-known/wallet-openid-configuration',
      signedBy: 'RS256',
      scope: 'openid scope_all',
      userinfo: true,
      encrypts: false,
      clientSecret: pscSecret,
      level: 'eidas',
      namesItself: true,
    },
    now,
  ).start();

export interface Place {
  site: string;
  name: string;
}

/** A professional as the userinfo has them. */
export const professional = (number: string, places: Place[], more: Claims = {}): Claims => ({
  sub: `f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:${number}`,
  preferred_username: number,
  SubjectNameID: number,
  family_name: 'MARTIN',
  given_name: 'Camille',
  SubjectRole: ['10^1.2.250.1.213.1.1.5.5'],
  SubjectOrganization: places[0]?.name,
  SubjectRefPro: {
    codeCivilite: 'M',
    exercices: places.map(({ site, name }) => ({
      codeProfession: '10',
      codeSavoirFaire: 'SM54',
      activities: [
        {
          codeModeExercice: 'L',
          codeSecteurDactivite: 'SA07',
          numeroFinessSite: site,
          raisonSocialeSite: name,
        },
      ],
    })),
  },
  otherIds: [{ identifiant: number, origine: 'RPPS', qualite: 1 }],
  ...more,
});
