import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { BadPasskey, PasskeyRefused } from '../domain/errors.js';
import type { Passkey } from '../domain/passkey.js';
import type { Challenge, NewKey, PasskeyCeremonies, ShownKey } from '../domain/ports.js';
import type { User } from '../domain/user.js';
import { type Challenges, challengeMsMax } from './challenges.js';

export type CreateOptions = PublicKeyCredentialCreationOptionsJSON;
export type SignOptions = PublicKeyCredentialRequestOptionsJSON;
export type CreatedKey = RegistrationResponseJSON;
export type SignedChallenge = AuthenticationResponseJSON;

export interface RelyingParty {
  /** The domain that keys are made for. */
  id: string;
  /** Where our own pages come from. */
  origins: string[];
}

// Some 30 MB and a third of a second: only for those who use passkeys.
const library = () => import('@simplewebauthn/server');

const toSignPurpose = 'sign in';
const toCreatePurpose = (userId: string): string => `create ${userId}`;

/** Passkeys by WebAuthn: the device has to have verified its user, and says by itself whose key it is. */
export class WebauthnCeremonies implements PasskeyCeremonies<CreateOptions, CreatedKey, SignOptions, SignedChallenge> {
  constructor(
    private readonly party: RelyingParty,
    private readonly challenges: Challenges,
  ) {}

  async toCreate(user: User, own: Passkey[], now: Date): Promise<CreateOptions> {
    const { generateRegistrationOptions } = await library();
    return generateRegistrationOptions({
      rpName: 'Cabinet',
      rpID: this.party.id,
      userID: new Uint8Array(Buffer.from(user.id)),
      userName: user.email,
      challenge: this.challenges.make(toCreatePurpose(user.id), now),
      timeout: challengeMsMax,
      excludeCredentials: own.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  async created(created: CreatedKey, user: User, now: Date): Promise<NewKey> {
    const { verifyRegistrationResponse } = await library();
    const isOurs = (text: string) => this.challenges.read(text, toCreatePurpose(user.id), now) !== undefined;
    const { registrationInfo: made } = await verifyRegistrationResponse({
      response: created,
      expectedChallenge: isOurs,
      expectedOrigin: this.party.origins,
      expectedRPID: this.party.id,
      requireUserVerification: true,
    }).catch((cause) => {
      throw new PasskeyRefused(cause);
    });
    if (!made) throw new PasskeyRefused();
    const { id, publicKey, counter } = made.credential;
    const synced = made.credentialDeviceType === 'multiDevice';
    const transports = created.response.transports ?? [];
    return { credentialId: id, publicKey, counter, synced, backedUp: made.credentialBackedUp, transports };
  }

  async toSign(now: Date): Promise<SignOptions> {
    const { generateAuthenticationOptions } = await library();
    return generateAuthenticationOptions({
      rpID: this.party.id,
      challenge: this.challenges.make(toSignPurpose, now),
      timeout: challengeMsMax,
      userVerification: 'required',
    });
  }

  async signed(signed: SignedChallenge, passkey: Passkey, now: Date): Promise<ShownKey> {
    const { verifyAuthenticationResponse } = await library();
    let challenge: Challenge | undefined;
    const { verified, authenticationInfo: shown } = await verifyAuthenticationResponse({
      response: signed,
      expectedChallenge: (text) => {
        challenge = this.challenges.read(text, toSignPurpose, now);
        return challenge !== undefined;
      },
      expectedOrigin: this.party.origins,
      expectedRPID: this.party.id,
      // What the counter says is judged in the domain: the library refuses every one that does not grow.
      credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: 0 },
      requireUserVerification: true,
    }).catch((cause) => {
      throw new BadPasskey(cause);
    });
    const { userHandle } = signed.response;
    const isOwners = userHandle === undefined || Buffer.from(userHandle, 'base64url').toString() === passkey.userId;
    if (!verified || !challenge || !isOwners) throw new BadPasskey();
    return { counter: shown.newCounter, backedUp: shown.credentialBackedUp, challenge };
  }
}
